// Makes the recorded calls of an episode again and verifies its recorded answer: no model is needed
// to know what an episode is worth.

#pragma once

#include <string>

#include "domain/code_as_task.h"
#include "domain/trajectory.h"
#include "env/environment.h"
#include "task/reward.h"

namespace sca::task {

struct Replayed {
  Reward reward;
  std::string difference;  // The first call that gives something else now; empty if none does.
};

// In a fresh world of the episode's seed. An Error means that ours failed.
Result<Replayed> Replay(const Trajectory& trajectory, const CodeAsTask& task,
                        const env::Environment& environment);

}  // namespace sca::task
