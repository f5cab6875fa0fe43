// The gate against failure cases that show nothing, for they do not run.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"
#include "task/parse.h"
#include "task/refusals.h"

namespace sca::task {

Result<std::string> WhyFailureDoesNotRun(const Candidate& candidate, std::string_view code,
                                         const Execution& execution) {
  if (execution.code.outcome != sandbox::Outcome::kFinished) {
    return Shorten(execution.code.error, kEvidenceBytesMax);
  }
  const bool failed_call = std::any_of(execution.code.calls.begin(), execution.code.calls.end(),
                                       [](const env::ToolCall& call) { return call.failed; });
  if (failed_call && !SCA_TRY(ExpectsRefusals(candidate.environment(), code))) {
    return std::string("one of its tool calls fails");
  }
  if (candidate.wants_answer() && !execution.code.answer_json) {
    return std::string("it leaves no answer (None is none); it must leave a wrong one");
  }
  return std::string();
}

Result<Finding> JudgeFailuresRun(Candidate& candidate) {
  const std::vector<std::string>& cases = candidate.task().failure_cases;
  if (cases.size() < kFailureCasesMin) {
    return Failed(
        fmt::format("The task has {} failure cases that run and end otherwise than the "
                    "solution, but it needs {}.",
                    cases.size(), kFailureCasesMin));
  }
  for (std::size_t index = 0; index < cases.size(); ++index) {
    const Execution* execution = SCA_TRY(candidate.Failure(index));
    const std::string why = SCA_TRY(WhyFailureDoesNotRun(candidate, cases[index], *execution));
    if (!why.empty())
      return Failed(fmt::format("Failure case {} does not run: {}", index + 1, why));
  }
  return Finding{.passed = true, .evidence = fmt::format("All {} run.", cases.size())};
}

}  // namespace sca::task
