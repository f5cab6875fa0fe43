// A tool as a model and a gate see it: name, what it does, parameters, whether it writes.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace sca {

struct ToolSpec {
  std::string name;
  std::string description;  // First sentence of the docstring, and what it says of parameters.
  Json parameters;          // JSON Schema of an object, in the order of the signature.
  bool writes = false;
  std::string signature;  // As Python: get_price(item: str, days: int = 1) -> float

  Json ToJson() const;  // The OpenAI form: {"type": "function", "function": {...}}.
};

// The tool of this name; null if there is none.
const ToolSpec* FindTool(const std::vector<ToolSpec>& tools, std::string_view name);

// Whether a tool of this name writes.
bool IsWriteTool(const std::vector<ToolSpec>& tools, std::string_view name);

}  // namespace sca
