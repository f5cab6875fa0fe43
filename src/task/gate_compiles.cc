// The gate against code that Python does not even compile, and against functions that nobody has,
// evaluate itself among them.

#include <fmt/format.h>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"

namespace sca::task {
namespace {

// Parsed and compiled in a cell, not run. What is printed last is what does not hold, where one
// does not. A name that the code binds nowhere can only be a tool's or Python's own.
constexpr std::string_view kCheck = R"(
import ast


def bound(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split('.')[0]
        elif getattr(node, 'name', None):
            yield node.name


PARTS = GIVEN
for part, code in PARTS:
    print(part, 'does not compile')
    tree = ast.parse(code, 'code')
    compile(tree, 'code', 'exec')
    names = set(bound(tree))
    if code is PARTS[0][1] and 'evaluate' not in names:
        print(part, 'defines no evaluate')
        raise NameError('its name must be evaluate')
    print(part, 'calls what is neither a tool nor a function of Python')
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id not in names and '*' not in names:
                eval(node.func.id)
        if isinstance(node, ast.FunctionDef) and node.name == 'evaluate' and not ANSWER:
            if len(node.args.args) > len(node.args.defaults):
                print(part, 'takes an answer')
                raise TypeError('there is none here, write def evaluate():')
)";

}  // namespace

Result<Finding> JudgeCompiles(Candidate& candidate) {
  const CodeAsTask& task = candidate.task();
  Json parts = Json::array(
      {{"The evaluation function", task.evaluation_function}, {"The solution", task.solution}});
  for (std::size_t index = 0; index < task.failure_cases.size(); ++index) {
    parts.push_back({fmt::format("Failure case {}", index + 1), task.failure_cases[index]});
  }
  const std::string answer = candidate.wants_answer() ? "True" : "False";
  const env::CodeResult result = SCA_TRY(candidate.shared().Run(
      ReplaceAll(ReplaceAll(std::string(kCheck), "ANSWER", answer), "GIVEN", DumpJson(parts))));
  if (result.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, result.error};
  }
  if (result.outcome != sandbox::Outcome::kFinished) {
    const std::vector<std::string_view> begun = SplitLines(Trim(result.output));
    return Failed(fmt::format("{}: {}", begun.empty() ? "The code does not compile" : begun.back(),
                              Shorten(result.error, kEvidenceBytesMax)));
  }
  return Finding{.passed = true, .evidence = "All parts compile, and call only what there is."};
}

}  // namespace sca::task
