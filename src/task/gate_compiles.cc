// The gate against code that Python does not even compile, and against functions that nobody has.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

// Compiled in a cell, not run. What is printed last is what does not hold, where one does not.
constexpr std::string_view kCheck = R"(
for part, code, called in PARTS:
    print(part, 'does not compile')
    compile(code, 'code', 'exec')
    print(part, 'calls what is neither a tool nor a function of Python')
    for name in called:
        eval(name)
)";

// Names that the code calls, and that it can have from nowhere but the tools and Python itself: it
// mentions them nowhere else, as an assignment, a parameter or an import would.
std::vector<std::string> CalledNames(std::string_view code) {
  constexpr std::array<std::string_view, 23> kKeywords = {
      "and",    "as",  "assert", "await", "case",   "del",   "elif", "else",
      "except", "for", "from",   "if",    "import", "in",    "is",   "lambda",
      "match",  "not", "or",     "raise", "return", "while", "yield"};
  const std::vector<Token> tokens = TokensOf(code);
  const auto is = [&](std::size_t index, std::string_view what) {
    return index < tokens.size() && tokens[index].kind != Token::Kind::kString &&
           tokens[index].value == what;
  };
  std::set<std::string> called;
  std::set<std::string> had;
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const Token& token = tokens[index];
    if (token.kind != Token::Kind::kName || (index > 0 && is(index - 1, "."))) continue;
    const bool defined = index > 0 && (is(index - 1, "def") || is(index - 1, "class"));
    (is(index + 1, "(") && !defined ? called : had).insert(token.value);
    if (token.value == "import" && is(index + 1, "*")) return {};
  }
  std::vector<std::string> names;
  for (const std::string& name : called) {
    const bool keyword = std::find(kKeywords.begin(), kKeywords.end(), name) != kKeywords.end();
    if (!keyword && !had.contains(name)) names.push_back(name);
  }
  return names;
}

// Whether evaluate cannot do without an answer.
bool WantsAnswer(std::string_view code) {
  const std::vector<Token> tokens = TokensOf(code);
  for (std::size_t index = 0; index + 3 < tokens.size(); ++index) {
    if (tokens[index].value != "evaluate" || tokens[index + 1].value != "(") continue;
    return tokens[index + 2].kind == Token::Kind::kName && tokens[index + 3].value != "=";
  }
  return false;
}

}  // namespace

Result<Finding> JudgeCompiles(Candidate& candidate) {
  const CodeAsTask& task = candidate.task();
  Json parts = Json::array();
  const auto add = [&](std::string name, const std::string& code) {
    parts.push_back({std::move(name), code, CalledNames(code)});
  };
  add("The evaluation function", task.evaluation_function);
  add("The solution", task.solution);
  for (std::size_t index = 0; index < task.failure_cases.size(); ++index) {
    add(fmt::format("Failure case {}", index + 1), task.failure_cases[index]);
  }
  const env::CodeResult result =
      SCA_TRY(candidate.shared().Run(ReplaceAll(std::string(kCheck), "PARTS", DumpJson(parts))));
  if (result.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, result.error};
  }
  if (result.outcome != sandbox::Outcome::kFinished) {
    const std::vector<std::string_view> begun = SplitLines(Trim(result.output));
    return Failed(fmt::format("{}: {}", begun.empty() ? "The code does not compile" : begun.back(),
                              Shorten(result.error, kEvidenceBytesMax)));
  }
  if (!candidate.wants_answer() && WantsAnswer(task.evaluation_function)) {
    return Failed("evaluate takes an answer, but there is none here: write def evaluate().");
  }
  return Finding{.passed = true, .evidence = "All parts compile, and call only what there is."};
}

}  // namespace sca::task
