// The stages of an iteration, each resumable: what is in the store is not done again.

#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "campaign/campaign.h"
#include "campaign/run_context.h"

namespace sca::campaign {

// Candidates are written, put through the gates and stored; those that pass wait for the pilot.
Status Challenge(RunContext& run, int iteration);

// A few rollouts of every task that waits decide `solvable` and `not_trivial`: accepted (where the
// recipe asks for approval: waiting for it) or set aside. Tasks set aside in earlier iterations are
// tried again with the newer policy.
Status Pilot(RunContext& run, int iteration);

// The gate `approved`, where the recipe asks for it: takes up what people said of the tasks that
// wait, once there is a word on each of them, in one transaction. The number of tasks on which
// there is none yet; while it is not 0 nothing is taken up, and the run must not go on.
Result<std::size_t> Approve(RunContext& run, int iteration);

// The remaining rollouts of each accepted task of this iteration's pilot.
Status Rollout(RunContext& run, int iteration);

// Rejection fine-tuning on all successes so far into the file `adapter`; stores nothing.
Result<store::TrainingRecord> MakeAdapter(RunContext& run, int iteration,
                                          const std::filesystem::path& adapter);

// The same into the adapter of this iteration, once, and stored.
Status Train(RunContext& run, int iteration);

// Held-out tasks with the policy of `iteration`, stored under `stage`.
Status Evaluate(RunContext& run, const std::string& stage, int iteration);

// All of them, in order, for each iteration: to the end, or to where a person is asked.
Result<Ending> RunToTheEnd(RunContext& run);

}  // namespace sca::campaign
