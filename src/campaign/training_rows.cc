#include "campaign/training_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sca::campaign {
namespace {

bool IsTrainingMaterial(const store::StoredTrajectory& stored) {
  return (stored.purpose == "pilot" || stored.purpose == "rollout") &&
         stored.trajectory.succeeded() && stored.trajectory.tool_calls() > 0;
}

}  // namespace

Result<std::vector<TrainingRow>> SelectRows(std::span<const store::Candidate> candidates,
                                            std::span<const store::StoredTrajectory> trajectories,
                                            const TrainSettings& settings,
                                            const EncodeDemonstration& encode) {
  std::vector<TrainingRow> rows;
  for (const store::Candidate& candidate : candidates) {
    if (candidate.fate != store::CandidateFate::kAccepted || !candidate.task.has_value()) continue;
    const std::string hash = candidate.task->Hash();
    std::set<std::vector<int>> seen;
    for (const store::StoredTrajectory& stored : trajectories) {
      const Trajectory& trajectory = stored.trajectory;
      if (trajectory.task_hash != hash || !IsTrainingMaterial(stored)) continue;
      if (static_cast<int>(seen.size()) >= settings.rows_per_task_max) break;
      if (!seen.insert(trajectory.tokens).second) continue;
      rows.push_back({.task_id = candidate.task->id,
                      .demonstration = false,
                      .tokens = trajectory.tokens,
                      .by_agent = trajectory.by_agent,
                      .trajectory_id = stored.id});
    }
    if (!settings.demonstrations) continue;
    TrainingRow demonstration = SCA_TRY(encode(*candidate.task));
    if (seen.contains(demonstration.tokens)) continue;
    demonstration.task_id = candidate.task->id;
    demonstration.demonstration = true;
    rows.push_back(std::move(demonstration));
  }
  return rows;
}

Error NothingToTrainOn(std::span<const store::Candidate> candidates, int iteration,
                       const std::filesystem::path& folder) {
  const bool any_accepted =
      std::any_of(candidates.begin(), candidates.end(), [](const store::Candidate& candidate) {
        return candidate.fate == store::CandidateFate::kAccepted;
      });
  const auto refused =
      std::count_if(candidates.begin(), candidates.end(), [](const store::Candidate& candidate) {
        const GateVerdict* failure = candidate.verdict.first_failure();
        return failure != nullptr && failure->gate == "approved";
      });
  if (!any_accepted && refused > 0) {
    return {ErrorCode::kFailedPrecondition,
            fmt::format("Iteration {} has nothing to train on: people approved none of the tasks "
                        "and {} fell at their word. It is taken up and stays; begin another run, "
                        "with another seed or more challenge.candidates. `sca report {}` shows "
                        "what they said.",
                        iteration, refused, folder.string())};
  }
  return {ErrorCode::kFailedPrecondition,
          fmt::format("Iteration {} has no successful rollout to train on. Raise "
                      "challenge.candidates or rollout.group_size; `sca report {}` shows which "
                      "gate stopped the tasks.",
                      iteration, folder.string())};
}

}  // namespace sca::campaign
