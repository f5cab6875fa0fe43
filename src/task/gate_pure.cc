// The gate against verification that changes the state it should only look at, or that would where
// another end lets it.

#include <fmt/format.h>

#include <string>

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

// True where evaluate leaves a list or dict other than it was, the right one or one that is the
// other way round: a second look would see another answer.
constexpr std::string_view kWatched = R"py(

_judge = evaluate


def evaluate(answer):
    for given in (answer, answer[::-1] if isinstance(answer, list) else None):
        before = repr(given)
        try:
            _judge(given)
        except Exception:
            pass
        if repr(given) != before:
            return True
    return False
)py";

Result<bool> ChangesItsAnswer(Candidate& candidate, const Trace& solution) {
  const auto answer = ParseJson(solution.answer_json);
  if (!answer.ok() || !answer->is_structured()) return false;
  const env::VerdictResult verdict = SCA_TRY(
      candidate.VerifySolution(candidate.task().evaluation_function + std::string(kWatched)));
  return verdict.passed.value_or(false);
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
  if (SCA_TRY(ChangesItsAnswer(candidate, solution->trace))) {
    return Failed("evaluate changes the answer that it should only look at.");
  }
  return Finding{.passed = true, .evidence = "evaluate leaves the state as it was."};
}

}  // namespace sca::task
