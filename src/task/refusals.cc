#include "task/refusals.h"

#include <fmt/format.h>

#include <memory>

#include "base/json.h"
#include "base/text.h"

namespace sca::task {
namespace {

// Only reads the code; the last line is what it finds.
constexpr std::string_view kLookAtHandlers = R"(
import ast


def names(node):
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} if node else set()


def only_passes(statement):
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, (ast.Pass, ast.Continue, ast.Break))


handlers = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ExceptHandler)]
print(bool(handlers) and all(
    "ToolError" in names(one.type) or not all(only_passes(line) for line in one.body)
    for one in handlers))
)";

}  // namespace

Result<bool> ExpectsRefusals(const env::Environment& environment, std::string_view code) {
  const std::unique_ptr<env::Episode> episode = SCA_TRY(environment.Start(0));
  const env::CodeResult result = SCA_TRY(episode->RunCode(
      fmt::format("code = {}\n{}", DumpJson(Json(std::string(code))), kLookAtHandlers)));
  if (result.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, result.error};
  }
  return Trim(result.output) == "True";
}

}  // namespace sca::task
