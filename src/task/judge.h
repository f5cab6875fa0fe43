// Puts a candidate task through the gates.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "domain/code_as_task.h"
#include "domain/gate_verdict.h"
#include "domain/recipe.h"
#include "env/environment.h"
#include "task/known_tasks.h"
#include "task/policy.h"

namespace sca::task {

// Of a reply's task the failure cases were completed before (task/failure_cases.h); a task from a
// file must have them all.
enum class TaskSource { kReply, kFile };

struct TaskReport {
  TaskVerdict verdict;
  Trace trace;  // Of the solution, if it ran.
  // Share of wrong variants rejected (gate mutants_rejected); none if it did not come to that.
  std::optional<double> mutant_score;
};

// kInvalidArgument where `settings.off` names what is no gate, or one that cannot be switched off.
Status CheckGatesOff(const GateSettings& settings);

// Runs the gates that need no model and no person, in their order, until one fails; a gate in
// `settings.off` is skipped. `policy` is what settings.policy_file says. Thread-safe for different
// tasks. An Error means that ours failed: no verdict at all.
Result<TaskReport> JudgeTask(const CodeAsTask& task, const env::Environment& environment,
                             const GateSettings& settings, const KnownTasks& known,
                             std::uint64_t seed, const Policy& policy = {},
                             TaskSource source = TaskSource::kReply);

}  // namespace sca::task
