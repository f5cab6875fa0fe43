#include "task/reward.h"

namespace sca::task {

Reward RewardOf(const env::VerdictResult& verdict) {
  if (verdict.outcome == sandbox::Outcome::kFinished && verdict.passed.has_value()) {
    return *verdict.passed ? Reward{.value = 1.0, .outcome = "passed"}
                           : Reward{.value = 0.0, .outcome = "failed"};
  }
  if (verdict.outcome == sandbox::Outcome::kFinished) {
    return {.value = std::nullopt, .outcome = "no_verdict"};
  }
  return {.value = std::nullopt, .outcome = std::string(sandbox::OutcomeName(verdict.outcome))};
}

}  // namespace sca::task
