// Which trajectories of a run become training rows: a pure choice, so that a test can prove that
// no held-out task is ever among them.

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "domain/recipe.h"
#include "store/store.h"

namespace sca::campaign {

struct TrainingRow {
  std::string task_id;
  bool demonstration = false;  // The task's own verified solution, not a rollout.
  std::vector<int> tokens;
  std::vector<bool> by_agent;      // Loss falls on these tokens only.
  std::int64_t trajectory_id = 0;  // As in the store; 0 for a demonstration.
};

// Turns an accepted task into the tokens of an episode in which its solution was the reply.
using EncodeDemonstration = std::function<Result<TrainingRow>(const CodeAsTask&)>;

// Rejection fine-tuning (paper equation 2 with 0/1 rewards): for each accepted task its distinct
// successful pilot and rollout trajectories that used a tool, at most
// `settings.rows_per_task_max` and in the order in which they were played, then its demonstration
// where `settings.demonstrations`. Only tasks among `candidates` count, whatever else is stored.
Result<std::vector<TrainingRow>> SelectRows(std::span<const store::Candidate> candidates,
                                            std::span<const store::StoredTrajectory> trajectories,
                                            const TrainSettings& settings,
                                            const EncodeDemonstration& encode);

// Why there are no rows, and what to do: nothing that was played can help where people rejected all
// tasks. `folder` is the run's.
Error NothingToTrainOn(std::span<const store::Candidate> candidates, int iteration,
                       const std::filesystem::path& folder);

}  // namespace sca::campaign
