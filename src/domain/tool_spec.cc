#include "domain/tool_spec.h"

#include <algorithm>

namespace sca {

Json ToolSpec::ToJson() const {
  return {{"type", "function"},
          {"function", {{"name", name}, {"description", description}, {"parameters", parameters}}}};
}

const ToolSpec* FindTool(const std::vector<ToolSpec>& tools, std::string_view name) {
  const auto tool = std::find_if(tools.begin(), tools.end(),
                                 [&](const ToolSpec& one) { return one.name == name; });
  return tool == tools.end() ? nullptr : &*tool;
}

bool IsWriteTool(const std::vector<ToolSpec>& tools, std::string_view name) {
  const ToolSpec* tool = FindTool(tools, name);
  return tool != nullptr && tool->writes;
}

}  // namespace sca
