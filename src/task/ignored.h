// Numbers that an instruction says and its solution makes no use of: then the words ask for
// something else than the code does.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/code_as_task.h"
#include "env/environment.h"
#include "task/entities.h"
#include "task/known_tasks.h"

namespace sca::task {

// "For 4 people", where no 4 is in the code, what it calls with or what calls give, nor follows
// from one of these. Empty if there is none.
std::optional<std::string> IgnoredNumber(const CodeAsTask& task, const Trace& solution,
                                         const std::vector<ToolSpec>& tools,
                                         const Entities& entities);

}  // namespace sca::task
