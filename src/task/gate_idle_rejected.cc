// The gate against verification that accepts doing nothing.

#include <fmt/format.h>

#include "task/evidence.h"
#include "task/gate.h"

namespace sca::task {

Result<Finding> JudgeIdleRejected(Candidate& candidate) {
  const Execution idle = SCA_TRY(candidate.Execute(""));
  const env::VerdictResult& verdict = *idle.verdict;
  // An evaluate that cannot take None rejects it too, if not gracefully.
  const bool rejected =
      verdict.passed.has_value() ? !*verdict.passed : verdict.outcome == sandbox::Outcome::kRaised;
  return Finding{
      .passed = rejected,
      .evidence = fmt::format("After doing nothing evaluate gives {}.", Describe(verdict))};
}

}  // namespace sca::task
