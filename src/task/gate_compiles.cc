// The gate against code that Python does not even compile.

#include <fmt/format.h>

#include <memory>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"

namespace sca::task {

Result<Finding> JudgeCompiles(Candidate& candidate) {
  const CodeAsTask& task = candidate.task();
  Json parts = Json::array(
      {{"The evaluation function", task.evaluation_function}, {"The solution", task.solution}});
  for (std::size_t index = 0; index < task.failure_cases.size(); ++index) {
    parts.push_back({fmt::format("Failure case {}", index + 1), task.failure_cases[index]});
  }
  // Compiled in a cell, not run; the last name that is printed is the part that does not compile.
  const std::string code = fmt::format(
      "for part in {}:\n    print(part[0])\n    compile(part[1], 'code', 'exec')", DumpJson(parts));
  const env::CodeResult result = SCA_TRY(candidate.shared().Run(code));
  if (result.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, result.error};
  }
  if (result.outcome != sandbox::Outcome::kFinished) {
    const std::vector<std::string_view> begun = SplitLines(Trim(result.output));
    return Failed(fmt::format("{} does not compile: {}", begun.empty() ? "The code" : begun.back(),
                              Shorten(result.error, kEvidenceBytesMax)));
  }
  return Finding{.passed = true, .evidence = "All parts compile."};
}

}  // namespace sca::task
