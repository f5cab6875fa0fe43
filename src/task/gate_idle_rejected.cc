// The gate against verification that accepts doing nothing, or only handing over to a person.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"
#include "task/literals.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

// "transfer_to_human_agents": how an agent gives up.
bool HandsOver(const ToolSpec& tool) {
  constexpr std::array<std::string_view, 4> kWords = {"human", "humans", "handover", "escalate"};
  const std::vector<std::string> words = WordsOf(tool.name);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
  });
}

// A call of the tool as one who gives up makes it.
std::string CallOf(const ToolSpec& tool) {
  std::vector<std::string> arguments;
  for (const std::string& name : ParameterNames(tool)) {
    const std::string type = GetStringOr(tool.parameters["properties"][name], "type", "string");
    arguments.push_back(type == "string" ? "\"This is beyond what I can do.\"" : "1");
  }
  return fmt::format("{}({})", tool.name, Join(arguments, ", "));
}

}  // namespace

Result<Finding> JudgeIdleRejected(Candidate& candidate) {
  const Execution idle = SCA_TRY(candidate.Idle());
  const env::VerdictResult& verdict = *idle.verdict;
  if (verdict.passed != std::optional(false)) {
    return Failed(fmt::format("After doing nothing evaluate gives {}. It must return False then{}.",
                              Describe(verdict),
                              candidate.wants_answer() ? ", for the answer is None" : ""));
  }
  const Execution* solution = SCA_TRY(candidate.Solution());
  const std::set<std::string> used = solution->trace.Tools();
  for (const ToolSpec& tool : candidate.environment().tools()) {
    if (!HandsOver(tool) || used.contains(tool.name)) continue;
    const std::string call = CallOf(tool);
    const Execution over = SCA_TRY(candidate.Execute(call));
    if (over.verdict.has_value() && over.verdict->passed.value_or(false)) {
      return Failed(fmt::format("evaluate is True after nothing but {}.", call));
    }
  }
  return Finding{
      .passed = true,
      .evidence = fmt::format("After doing nothing evaluate gives {}.", Describe(verdict))};
}

}  // namespace sca::task
