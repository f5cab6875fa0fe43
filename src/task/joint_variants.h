// Wrong variants that hang together: what is written and what is answered change alike, or all
// that an answer says is of another thing.

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

// For an answer that names a thing and says something of it, {"room": "R2", "seats": 12}: the same
// of other things, by the solution's own calls.
std::vector<Mutant> AnswersAboutOthers(const CodeAsTask& task, const Trace& solution,
                                       const Entities& entities);

}  // namespace sca::task
