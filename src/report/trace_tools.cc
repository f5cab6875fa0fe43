#include "report/trace_tools.h"

#include "base/text.h"

namespace sca::report {

std::vector<std::string> ToolsOf(const Json& trace) {
  std::vector<std::string> tools;
  if (!trace.is_object() || !trace.contains("calls") || !trace.at("calls").is_array()) {
    return tools;
  }
  for (const Json& call : trace.at("calls")) {
    std::string tool = call.is_object() ? GetStringOr(call, "tool", "") : "";
    if (!tool.empty()) tools.push_back(std::move(tool));
  }
  return tools;
}

std::vector<std::string> EntitiesOf(const Json& trace) {
  std::vector<std::string> entities;
  if (!trace.is_object() || !trace.contains("calls") || !trace.at("calls").is_array()) {
    return entities;
  }
  for (const Json& call : trace.at("calls")) {
    if (!call.is_object()) continue;
    const auto arguments = ParseJson(GetStringOr(call, "arguments", ""));
    if (!arguments.ok()) continue;
    for (const std::string& name : StringsIn(*arguments, Keys::kLeftOut)) {
      entities.push_back(Lowercase(name));
    }
  }
  return entities;
}

std::string ShapeOf(const Json& trace) {
  const std::vector<std::string> tools = ToolsOf(trace);
  return tools.empty() ? "no calls" : Join(tools, " → ");
}

}  // namespace sca::report
