// The gate against verification that changes the state it should only look at, or that would where
// another end lets it.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "task/evidence.h"
#include "task/gate.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

// A write tool that the code calls, whether a run comes by there or not. Empty if there is none.
std::string WriteToolIn(std::string_view code, const std::vector<ToolSpec>& tools) {
  const std::vector<Token> tokens = TokensOf(code);
  for (std::size_t index = 1; index < tokens.size(); ++index) {
    const Token& name = tokens[index - 1];
    const bool called = tokens[index].kind == Token::Kind::kOther && tokens[index].value == "(";
    const bool method = index > 1 && tokens[index - 2].value == ".";
    if (called && !method && name.kind == Token::Kind::kName && IsWriteTool(tools, name.value)) {
      return name.value;
    }
  }
  return {};
}

// Whether evaluate changes the list that it is given, so that a second look sees another; not a
// copy of the same name.
bool ChangesItsAnswer(std::string_view code) {
  constexpr std::array<std::string_view, 7> kChanging = {"pop",    "remove", "clear", "append",
                                                         "insert", "extend", "update"};
  const std::vector<Token> tokens = TokensOf(code);
  const auto is = [&](std::size_t index, std::string_view what) {
    return TokenIs(tokens, index, what);
  };
  std::string answer;  // The name of the parameter.
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    if (is(index, "evaluate") && is(index + 1, "(") && index + 2 < tokens.size() &&
        tokens[index + 2].kind == Token::Kind::kName) {
      answer = tokens[index + 2].value;
    }
    if (is(index, answer) && is(index + 1, "=") && !is(index + 2, "=")) return false;
    if (answer.empty() || !is(index, answer) || !is(index + 1, ".") || !is(index + 3, "("))
      continue;
    if (std::find(kChanging.begin(), kChanging.end(), tokens[index + 2].value) != kChanging.end()) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<Finding> JudgePure(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  if (!solution->verdict.has_value()) return Failed("The solution did not finish.");
  const bool pure = solution->verdict->world_hash_before == solution->verdict->world_hash_after;
  if (!pure) return Failed("evaluate changes the state that it should only look at.");
  const std::string tool =
      WriteToolIn(candidate.task().evaluation_function, candidate.environment().tools());
  if (!tool.empty()) {
    return Failed(
        fmt::format("evaluate calls {}, which writes; here it was refused or not reached, "
                    "but another end may let it. Look with functions that read.",
                    tool));
  }
  if (ChangesItsAnswer(candidate.task().evaluation_function)) {
    return Failed("evaluate changes the answer that it should only look at.");
  }
  return Finding{.passed = true, .evidence = "evaluate leaves the state as it was."};
}

}  // namespace sca::task
