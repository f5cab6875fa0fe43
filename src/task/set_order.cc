#include "task/set_order.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "task/list_order.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

constexpr std::string_view kInOrder = R"py(
import ast


class set(set):
    def __iter__(self):
        return iter(sorted(super().__iter__(), key=repr, reverse=REVERSED))

    def pop(self):
        first = next(iter(self))
        self.remove(first)
        return first


def _of_the_kind(name):
    plain = getattr(set.__base__, name)
    return lambda *operands: set(plain(*operands))


for _name in ('__and__', '__or__', '__sub__', '__xor__', '__rand__', '__ror__', '__rsub__',
              '__rxor__', 'union', 'intersection', 'difference', 'symmetric_difference', 'copy'):
    setattr(set, _name, _of_the_kind(_name))


class _SetsCalled(ast.NodeTransformer):
    def visit_Set(self, node):
        self.generic_visit(node)
        return self.call(ast.List(node.elts, ast.Load()))

    def visit_SetComp(self, node):
        self.generic_visit(node)
        return self.call(ast.ListComp(node.elt, node.generators))

    def call(self, elements):
        return ast.Call(ast.Name('set', ast.Load()), [elements], [])


_tree = ast.fix_missing_locations(_SetsCalled().visit(ast.parse(SOURCE, 'code')))
exec(compile(_tree, 'code', 'exec'), globals())
)py";

std::string WithSetsInOrder(const std::string& code, bool reversed) {
  const std::string prelude =
      ReplaceAll(std::string(kInOrder), "REVERSED", reversed ? "True" : "False");
  return ReplaceAll(prelude, "SOURCE", DumpJson(Json(code)));
}

// Whether braces hold a dict, or a set of something.
bool HoldSet(const std::vector<Token>& tokens, std::size_t at) {
  const std::size_t end = std::min(EndOfBracket(tokens, at), tokens.size());
  if (end <= at + 1) return false;
  return std::none_of(tokens.begin() + static_cast<std::ptrdiff_t>(at),
                      tokens.begin() + static_cast<std::ptrdiff_t>(end), [](const Token& token) {
                        return token.kind == Token::Kind::kOther && token.value == ":";
                      });
}

// Whether there is a set of which the order can matter: what is only counted, compared or asked has
// none.
bool GoesThroughSets(const std::string& code) {
  const std::vector<Token> tokens = TokensOf(code);
  bool has_set = Mentions(tokens, {"set"});
  for (std::size_t index = 0; index < tokens.size() && !has_set; ++index) {
    has_set = TokenIs(tokens, index, "{") && HoldSet(tokens, index);
  }
  return has_set && Mentions(tokens, {"for", "list", "iter", "join", "pop", "tuple", "enumerate",
                                      "zip", "max", "min", "map", "filter", "str"});
}

}  // namespace

Result<std::optional<std::string>> WhatGoesByTheOrderOfSets(Candidate& candidate,
                                                            const Trace& solution) {
  const CodeAsTask& task = candidate.task();
  const bool solves_by_sets = GoesThroughSets(task.solution);
  const bool judges_by_sets = GoesThroughSets(task.evaluation_function);
  for (const bool reversed : {false, true}) {
    if (solves_by_sets) {
      const Execution other = SCA_TRY(candidate.Execute(WithSetsInOrder(task.solution, reversed)));
      if (RanThrough(other) &&
          (!other.verdict->passed.value_or(false) ||
           !EndTheSame(solution, other.trace, candidate.environment().tools()))) {
        return std::optional<std::string>(
            "The solution ends otherwise where a set gives its elements in another order.");
      }
    }
    if (!judges_by_sets) continue;
    const env::VerdictResult verdict =
        SCA_TRY(candidate.VerifySolution(WithSetsInOrder(task.evaluation_function, reversed)));
    if (verdict.outcome == sandbox::Outcome::kFinished && !verdict.passed.value_or(false)) {
      return std::optional<std::string>(
          "evaluate turns the solution away where a set gives its elements in another order.");
    }
  }
  return std::optional<std::string>();
}

}  // namespace sca::task
