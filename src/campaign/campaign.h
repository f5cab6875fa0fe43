// The algorithm end to end: challenge, gate, pilot, roll out, train, evaluate, again.
//
// A run lives in a folder of its own: recipe.toml (resolved), run.db, adapters/, logs/run.log,
// metrics.jsonl and report.html. Everything finished is in run.db, so a run that was killed goes on
// from there and ends as it would have (docs/ARCHITECTURE.md sections 7 and 9).

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/progress.h"
#include "domain/recipe.h"
#include "store/records.h"

namespace sca::campaign {

// What a run came to: its end, or tasks on which it needs a person's word (campaign/approvals.h).
enum class Ending { kFinished, kWaits };

// Begins a run in `folder`, which must not hold one yet, and brings it to its end.
Result<Ending> StartRun(const Recipe& recipe, const std::filesystem::path& folder,
                        Progress& progress);

// Goes on with the run in `folder`. A finished run stays as it is, and so does one that waits.
Result<Ending> ResumeRun(const std::filesystem::path& folder, Progress& progress);

// Only the first part: writes and gates candidates of one iteration into `folder`.
Status ChallengeOnly(const Recipe& recipe, const std::filesystem::path& folder, Progress& progress);

// Trains an adapter from all successes that the run in `folder` has stored, with its recipe and
// `overrides`, into the file `adapter`. The run stays as it is. Without overrides a finished run
// gives the adapter of its last iteration again, bit for bit on the same machine.
Result<store::TrainingRecord> TrainAgain(const std::filesystem::path& folder,
                                         const std::vector<std::string>& overrides,
                                         const std::filesystem::path& adapter, Progress& progress);

}  // namespace sca::campaign
