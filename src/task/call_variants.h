// Wrong variants of the write calls of a solution: calls left out, made twice, in another order,
// with another argument, by a sibling tool, and calls that nobody asked for.

#pragma once

#include <string>
#include <vector>

#include "domain/code_as_task.h"
#include "domain/tool_spec.h"
#include "task/entities.h"
#include "task/known_tasks.h"
#include "task/mutants.h"

namespace sca::task {

// `looked_at`: the calls of evaluate, which may take any of what they list.
std::vector<Mutant> CallVariants(const CodeAsTask& task, const Trace& solution,
                                 const std::vector<ToolSpec>& tools, const Entities& entities,
                                 const Trace& looked_at);

// Tools that take the same arguments, in name and type: a call of one is a call of the other.
std::vector<std::string> SiblingsOf(const ToolSpec& tool, const std::vector<ToolSpec>& tools);

}  // namespace sca::task
