// The gate against solutions that do not run, or that work without the tools.

#include <fmt/format.h>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"

namespace sca::task {

Result<Finding> JudgeSolutionRuns(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  const env::CodeResult& code = solution->code;
  if (code.outcome != sandbox::Outcome::kFinished) {
    return Failed(
        fmt::format("The solution does not run: {}", Shorten(code.error, kEvidenceBytesMax)));
  }
  if (!code.redefined_tools.empty()) {
    return Failed(
        fmt::format("The solution defines {} itself; it must call the function that is "
                    "there.",
                    code.redefined_tools.front()));
  }
  for (const env::ToolCall& call : code.calls) {
    if (call.failed) {
      return Failed(fmt::format("The call {}{} in the solution fails: {}", call.tool,
                                call.arguments_json, Shorten(call.error, kEvidenceBytesMax)));
    }
  }
  if (code.calls.empty()) return Failed("The solution calls none of the functions.");
  if (candidate.wants_answer() && !code.answer_json.has_value()) {
    return Failed("The solution does not set the variable answer.");
  }
  return Finding{.passed = true,
                 .evidence = fmt::format("Calls {}; answer {}.", solution->trace.Shape(),
                                         Shorten(code.answer_json.value_or("none"), 80))};
}

}  // namespace sca::task
