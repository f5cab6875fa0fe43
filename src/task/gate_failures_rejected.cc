// The gate against verification that accepts what the task itself calls a failure.

#include <fmt/format.h>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"

namespace sca::task {
namespace {

bool Rejected(const Execution& execution) {
  return execution.verdict.has_value() && execution.verdict->passed.has_value() &&
         !*execution.verdict->passed;
}

}  // namespace

Result<Finding> JudgeFailuresRejected(Candidate& candidate) {
  const std::vector<std::string>& cases = candidate.task().failure_cases;
  for (std::size_t index = 0; index < cases.size(); ++index) {
    const Execution* execution = SCA_TRY(candidate.Failure(index));
    if (Rejected(*execution)) continue;
    return Failed(
        fmt::format("Failure case {} must be rejected, but with its answer {} evaluate gives {}.",
                    index + 1, Shorten(execution->trace.answer_json, 80),
                    execution->verdict.has_value() ? Describe(*execution->verdict) : "nothing"));
  }
  return Finding{.passed = true, .evidence = fmt::format("All {} are rejected.", cases.size())};
}

}  // namespace sca::task
