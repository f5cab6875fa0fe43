// What the words of an instruction ask to be computed, where the code plainly computes something
// else: the sum for an average, the nearest for the farthest, hours for minutes.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/code_as_task.h"
#include "env/environment.h"
#include "task/known_tasks.h"

namespace sca::task {

// A sentence; empty where nothing is plain, for there are many ways to compute a thing.
std::optional<std::string> OtherComputation(const CodeAsTask& task, const Trace& solution,
                                            const std::vector<ToolSpec>& tools);

}  // namespace sca::task
