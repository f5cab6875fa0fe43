// Makes a candidate's failure cases say something about its verification function.
//
// The paper asks the challenger for three wrong solutions (section 2.2). A small model's do not run
// or do what the solution does, and then test nothing. Such cases give way to altered copies of the
// solution (mutants.h) that run and end otherwise. A case that runs, ends otherwise and is accepted
// stays, and fails its gate: no verification function gets through that would not have.

#pragma once

#include <cstdint>

#include "domain/code_as_task.h"
#include "env/environment.h"

namespace sca::task {

// How many failure cases of `task` are now altered copies of its solution. A task whose solution
// does not pass is left as it is. An Error means that ours failed.
Result<int> CompleteFailureCases(CodeAsTask& task, const env::Environment& environment,
                                 std::uint64_t seed);

}  // namespace sca::task
