#include "task/swapped_arguments.h"

#include <fmt/format.h>

#include "task/python_tokens.h"

namespace sca::task {
namespace {

constexpr std::string_view kSwapped = R"(
def _swapped(call, names, one, other):
    def swapped(*positional, **named):
        given = dict(zip(names, positional), **named)
        given[one], given[other] = given[other], given[one]
        return call(**given)
    return swapped


)";

// The first two parameters that take texts.
std::vector<std::string> TextParameters(const ToolSpec& tool) {
  std::vector<std::string> names;
  for (const std::string& name : ParameterNames(tool)) {
    const Json properties = tool.parameters.value("properties", Json::object());
    if (!properties.contains(name)) continue;
    if (GetStringOr(properties[name], "type", "") == "string") names.push_back(name);
    if (names.size() == 2) break;
  }
  return names;
}

}  // namespace

std::vector<Swapped> WithArgumentsSwapped(const CodeAsTask& task, const Trace& solution,
                                          const std::vector<ToolSpec>& tools) {
  std::vector<Swapped> all;
  for (const ToolSpec& tool : tools) {
    const std::vector<std::string> texts = TextParameters(tool);
    if (tool.writes || texts.size() < 2) continue;
    for (const Trace::Call& call : solution.calls) {
      const auto arguments = ParseJson(call.arguments_json);
      if (call.tool != tool.name || !arguments.ok() || !arguments->is_object()) continue;
      const auto one = GetString(*arguments, texts[0]);
      const auto other = GetString(*arguments, texts[1]);
      if (!one.ok() || !other.ok() || *one == *other) continue;
      std::string code(kSwapped);
      code += fmt::format("{0} = _swapped({0}, {1}, {2}, {3})\n", tool.name,
                          DumpJson(Json(ParameterNames(tool))), DumpJson(Json(texts[0])),
                          DumpJson(Json(texts[1])));
      all.push_back({tool.name, *one, *other, code + task.solution});
      break;
    }
  }
  return all;
}

}  // namespace sca::task
