// From the outcome of a verification to a reward.
//
// Only a verification that finished with exactly True or False is a reward. A verifier that raised
// or ran too long says that the task is bad; trouble of ours says nothing. Neither is reward 0.

#pragma once

#include <optional>
#include <string>

#include "env/episode.h"

namespace sca::task {

struct Reward {
  std::optional<double> value;  // 1.0, 0.0 or none.
  std::string outcome;          // "passed", "failed", or why there is none: "raised", ...
};

Reward RewardOf(const env::VerdictResult& verdict);

}  // namespace sca::task
