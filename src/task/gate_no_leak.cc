// The gate against instructions that say too much: code, or the answer itself.

#include <fmt/format.h>

#include "base/text.h"
#include "task/gate.h"
#include "task/literals.h"

namespace sca::task {

Result<Finding> JudgeNoLeak(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  const CodeAsTask& task = candidate.task();
  const std::vector<ToolSpec>& tools = candidate.environment().tools();
  for (const ToolSpec& tool : tools) {
    if (task.instruction.find(tool.name + "(") != std::string::npos) {
      return Finding{.passed = false,
                     .evidence = fmt::format("The instruction shows code: {}(…).", tool.name)};
    }
  }
  const auto answer = ParseJson(solution->trace.answer_json);
  if (answer.ok() && answer->is_number()) {
    const double value = answer->get<double>();
    const Needs needs = NeedsOf(task, solution->trace, tools);
    if (Contains(NumbersIn(task.instruction), value) && !Contains(needs.numbers, value) &&
        !IsStructural(value)) {
      return Finding{
          .passed = false,
          .evidence = fmt::format("The instruction gives the answer, {:g}, away.", value)};
    }
  }
  if (answer.ok() && answer->is_string() && answer->get<std::string>().size() > 3 &&
      Lowercase(task.instruction).find(Lowercase(answer->get<std::string>())) !=
          std::string::npos) {
    return Finding{.passed = false, .evidence = "The instruction gives the answer away."};
  }
  return Finding{.passed = true, .evidence = "Neither code nor the answer stands in it."};
}

}  // namespace sca::task
