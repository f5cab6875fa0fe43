// The gate against code that Python does not even compile, and against functions that nobody has,
// evaluate itself among them.

#include <fmt/format.h>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"

namespace sca::task {
namespace {

// Gives what does not hold, or nothing. It binds no name that a task's code could be thought to
// call.
constexpr std::string_view kCheck = "answer = __import__(\"sca\").parts.check({}, {}, globals())";

}  // namespace

Result<Finding> JudgeCompiles(Candidate& candidate) {
  const CodeAsTask& task = candidate.task();
  Json parts = Json::array(
      {{"The evaluation function", task.evaluation_function}, {"The solution", task.solution}});
  for (std::size_t index = 0; index < task.failure_cases.size(); ++index) {
    parts.push_back({fmt::format("Failure case {}", index + 1), task.failure_cases[index]});
  }
  const std::string answer = candidate.wants_answer() ? "True" : "False";
  const env::CodeResult result =
      SCA_TRY(candidate.environment().Look(fmt::format(kCheck, DumpJson(parts), answer)));
  if (result.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, result.error};
  }
  const auto what = ParseJson(result.answer_json.value_or(""));
  if (result.outcome != sandbox::Outcome::kFinished || !what.ok() || !what->is_string()) {
    return Failed(
        fmt::format("The code does not compile: {}", Shorten(result.error, kEvidenceBytesMax)));
  }
  if (const auto said = what->get<std::string>(); !said.empty()) {
    return Failed(Shorten(said, kEvidenceBytesMax));
  }
  return Finding{.passed = true, .evidence = "All parts compile, and call only what there is."};
}

}  // namespace sca::task
