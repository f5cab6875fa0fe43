#include "report/trace_tools.h"

#include "base/text.h"

namespace sca::report {

std::vector<std::string> ToolsOf(const Json& trace) {
  const Json* calls = &trace;
  if (trace.is_object() && trace.contains("calls")) calls = &trace.at("calls");
  std::vector<std::string> tools;
  if (!calls->is_array()) return tools;
  for (const Json& call : *calls) {
    std::string tool = call.is_object() ? GetStringOr(call, "tool", "") : "";
    if (!tool.empty()) tools.push_back(std::move(tool));
  }
  return tools;
}

std::string ShapeOf(const Json& trace) {
  const std::vector<std::string> tools = ToolsOf(trace);
  return tools.empty() ? "no calls" : Join(tools, " → ");
}

}  // namespace sca::report
