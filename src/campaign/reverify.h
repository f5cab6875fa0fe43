// Judges a stored run again, without a model: what would its tasks and attempts be worth under
// other thresholds, another environment or newer code?

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/progress.h"
#include "base/result.h"
#include "campaign/training_rows.h"

namespace sca::campaign {

struct TaskFlip {
  std::string task_id;
  // The gate that says otherwise: the first that failed, now or then; `approved` where it is a
  // person's word that came or is missing.
  std::string gate;
  std::string before;  // "accepted", "waiting", "set_aside at <gate>" or "rejected at <gate>".
  std::string after;
  std::string evidence;  // What that gate finds now.
};

struct TrajectoryFlip {
  std::int64_t id = 0;  // As in the store.
  std::string task_id;
  std::string purpose;
  std::optional<double> before;  // Rewards.
  std::optional<double> after;
  std::string why;
};

struct Reverification {
  int tasks = 0;
  int trajectories = 0;
  int trajectories_skipped = 0;  // Broken by infrastructure, or of a task that is not to be found.
  std::vector<TaskFlip> task_flips;
  std::vector<TrajectoryFlip> trajectory_flips;
  std::size_t rows_before = 0;
  std::size_t rows_after = 0;
  std::vector<TrainingRow> rows_gone;  // Without tokens.
  std::vector<TrainingRow> rows_new;

  bool flips() const { return !task_flips.empty() || !trajectory_flips.empty(); }
  Json ToJson() const;
};

// Every stored task goes through the gates again, in waves as then; every stored attempt's calls
// are made again in a fresh world of its seed, and its answer is verified again. Pilots are judged
// by the new rewards. The run stays as it is, and may be at work. `overrides` as for a recipe.
Result<Reverification> Reverify(const std::filesystem::path& folder,
                                const std::vector<std::string>& overrides, Progress& progress);

}  // namespace sca::campaign
