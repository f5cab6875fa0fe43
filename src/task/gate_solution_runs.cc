// The gate against solutions that do not run, or that work without the tools.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"
#include "task/refusals.h"

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
  const auto refused = std::find_if(code.calls.begin(), code.calls.end(),
                                    [](const env::ToolCall& call) { return call.failed; });
  if (refused != code.calls.end() &&
      !SCA_TRY(ExpectsRefusals(candidate.environment(), candidate.task().solution))) {
    return Failed(fmt::format(
        "The call {}{} in the solution fails: {} If it is meant to be refused, catch "
        "that with `except ToolError` and act on it.",
        refused->tool, refused->arguments_json, Shorten(refused->error, kEvidenceBytesMax)));
  }
  if (code.calls.empty()) return Failed("The solution calls none of the functions.");
  if (candidate.wants_answer() && !code.answer_json.has_value()) {
    return Failed("The solution leaves no answer: set the variable answer, and not to None.");
  }
  return Finding{.passed = true,
                 .evidence = fmt::format("Calls {}; answer {}.", solution->trace.Shape(),
                                         Shorten(code.answer_json.value_or("none"), 80))};
}

}  // namespace sca::task
