// Tasks through the gates on all cores, and the table of what came of it.

#pragma once

#include <vector>

#include "base/progress.h"
#include "cli/commands.h"
#include "domain/code_as_task.h"
#include "domain/recipe.h"
#include "env/environment.h"
#include "task/judge.h"

namespace sca::cli {

// Where a task comes from: files of the environment are not compared with themselves.
enum class TaskOrigin { kElsewhere, kExamples, kHeldOut };

struct TaskToCheck {
  CodeAsTask task;
  TaskOrigin origin = TaskOrigin::kElsewhere;
};

struct CheckedTask {
  CodeAsTask task;
  task::TaskReport report;
};

// In the order of `tasks`. Known are the environment's own tasks and those that have passed, so
// that the later of two like ones falls.
Result<std::vector<CheckedTask>> CheckTasks(const std::vector<TaskToCheck>& tasks,
                                            const env::Environment& environment,
                                            const GateSettings& settings, Progress& progress);

// A line a task (JSON or not) and, without `json`, a closing sentence. kGateNotMet if one falls.
Exit PrintChecked(const std::vector<CheckedTask>& checked, bool json);

}  // namespace sca::cli
