// The gate against verification that changes the state it should only look at.

#include "task/evidence.h"
#include "task/gate.h"

namespace sca::task {

Result<Finding> JudgePure(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  if (!solution->verdict.has_value()) return Failed("The solution did not finish.");
  const bool pure = solution->verdict->world_hash_before == solution->verdict->world_hash_after;
  return Finding{.passed = pure,
                 .evidence = pure ? "evaluate leaves the state as it was."
                                  : "evaluate changes the state that it should only look at."};
}

}  // namespace sca::task
