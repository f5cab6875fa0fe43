// The gate against verification that rejects its own solution.

#include <fmt/format.h>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"

namespace sca::task {

Result<Finding> JudgeSolutionPasses(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  if (!solution->verdict.has_value()) return Failed("The solution did not finish.");
  const bool passed = solution->verdict->passed.value_or(false);
  return Finding{.passed = passed,
                 .evidence = fmt::format(
                     "After the solution, whose answer is {}, evaluate gives {}.",
                     Shorten(solution->trace.answer_json, 80), Describe(*solution->verdict))};
}

}  // namespace sca::task
