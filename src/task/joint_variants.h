// Wrong variants that a verification function cannot tell by comparing answer and state: what is
// written and what is answered change alike.

#pragma once

#include <vector>

#include "domain/code_as_task.h"
#include "env/environment.h"
#include "task/entities.h"
#include "task/known_tasks.h"
#include "task/mutants.h"

namespace sca::task {

// For each argument of a write call that is the answer too: other values in both. Texts first that
// stand beside it in a list that the solution was given, for they are the likeliest.
std::vector<Mutant> JointVariants(const CodeAsTask& task, const Trace& solution,
                                  const std::vector<ToolSpec>& tools, const Entities& entities);

}  // namespace sca::task
