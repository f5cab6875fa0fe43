#include "task/first_found.h"

#include <string_view>

#include "base/text.h"
#include "task/list_order.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

// What is sorted or counted is in an order of its own; a loop that adds up goes its way in order.
constexpr std::string_view kFromTheOtherEnd = R"py(
import ast


class _FromTheOtherEnd(ast.NodeTransformer):
    def __init__(self, tree):
        self.filtered = set()
        sorted_in_place = {
            node.func.value.id for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            and node.func.attr == 'sort' and isinstance(node.func.value, ast.Name)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            name = node.targets[0].id
            empty = isinstance(node.value, ast.List) and not node.value.elts
            if self.filters(node.value) or (empty and self.is_filled_by_choice(tree, name)):
                self.filtered.add(name)
        self.filtered -= sorted_in_place

    def filters(self, node):
        return isinstance(node, ast.ListComp) and any(part.ifs for part in node.generators)

    def is_filled_by_choice(self, tree, name):
        return any(
            isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
            and call.func.attr == 'append' and getattr(call.func.value, 'id', '') == name
            for node in ast.walk(tree) if isinstance(node, ast.If) for call in ast.walk(node))

    def backwards(self, source):
        called = isinstance(source, ast.Call) and getattr(source.func, 'id', '')
        if called in ('sorted', 'enumerate', 'reversed', 'zip'):
            return source
        return ast.parse(f'list({ast.unparse(source)})[::-1]', mode='eval').body

    def visit_For(self, loop):
        self.generic_visit(loop)
        searches = self.breaks(loop.body) or any(self.fills(node) for node in ast.walk(loop))
        tests = [node.test for node in ast.walk(loop) if isinstance(node, ast.If)]
        adds_up = any(self.adds_up(node) for node in ast.walk(loop))
        if searches and not adds_up and not self.seeks_a_number(loop.iter, tests):
            loop.iter = self.backwards(loop.iter)
        return loop

    # The least that is enough.
    def seeks_a_number(self, source, tests):
        counts = isinstance(source, ast.Call) and getattr(source.func, 'id', '') == 'range'
        return counts and any(self.is_by_size(test) for test in tests)

    # What is compared by size may be a step of a scale, and those have their order.
    def is_by_size(self, test):
        return any(isinstance(one, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for one in ast.walk(test))

    def fills(self, node):
        if not isinstance(node, ast.If):
            return False
        if self.keeps_the_last(node):
            return True
        tests = [node.test]
        if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And):
            tests = node.test.values
        return any(
            isinstance(test, ast.Compare) and isinstance(test.left, ast.Name)
            and isinstance(test.ops[0], ast.Is) and any(
                isinstance(one, ast.Assign) and getattr(one.targets[0], 'id', '') == test.left.id
                for one in node.body)
            for test in tests)

    def keeps_the_last(self, node):
        if self.is_by_size(node.test):
            return False
        tested = self.names(node.test)
        return any(
            isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
            and one.targets[0].id not in tested | self.names(one.value)
            for one in node.body)

    def names(self, node):
        return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}

    def breaks(self, statements):
        for one in statements:
            if isinstance(one, (ast.Break, ast.Return)):
                return True
            if isinstance(one, (ast.If, ast.Try, ast.With)):
                parts = one.body + getattr(one, 'orelse', [])
                if self.breaks(parts):
                    return True
        return False

    def adds_up(self, node):
        return isinstance(node, ast.AugAssign) or (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            and node.func.attr in ('append', 'add', 'extend', 'update', 'insert'))

    def visit_Call(self, call):
        self.generic_visit(call)
        if getattr(call.func, 'id', '') == 'next' and call.args and (
                isinstance(call.args[0], ast.GeneratorExp)):
            for part in call.args[0].generators:
                if not self.seeks_a_number(part.iter, part.ifs):
                    part.iter = self.backwards(part.iter)
        return call

    def visit_Subscript(self, node):
        self.generic_visit(node)
        first = isinstance(node.slice, ast.Constant) and node.slice.value == 0
        filtered = self.filters(node.value) or getattr(node.value, 'id', '') in self.filtered
        if first and filtered and isinstance(node.ctx, ast.Load):
            node.slice = ast.Constant(-1)
        return node


_tree = ast.parse(SOURCE, 'code')
_tree = ast.fix_missing_locations(_FromTheOtherEnd(_tree).visit(_tree))
exec(compile(_tree, 'code', 'exec'), globals())
)py";

bool Searches(const std::string& code) {
  const std::vector<Token> tokens = TokensOf(code);
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const bool first = TokenIs(tokens, index, "0") && index > 0 && TokenIs(tokens, index - 1, "[");
    if (first || TokenIs(tokens, index, "break") || TokenIs(tokens, index, "next") ||
        TokenIs(tokens, index, "return")) {
      return true;
    }
  }
  return Mentions(tokens, {"for"}) && Mentions(tokens, {"if"});
}

}  // namespace

Result<std::optional<Trace>> FindAnotherThatFits(Candidate& candidate, const Trace& solution) {
  const std::string& code = candidate.task().solution;
  if (!Searches(code)) return std::optional<Trace>();
  const Execution other = SCA_TRY(
      candidate.Execute(ReplaceAll(std::string(kFromTheOtherEnd), "SOURCE", DumpJson(Json(code)))));
  if (!RanThrough(other) || other.verdict->passed.value_or(false) ||
      EndTheSame(solution, other.trace, candidate.environment().tools())) {
    return std::optional<Trace>();
  }
  return std::optional(other.trace);
}

}  // namespace sca::task
