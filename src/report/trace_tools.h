// The tools of a stored trace: what diversity is measured on.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace sca::report {

// `trace` is a list of calls, or an object whose "calls" is one; each names its "tool".
std::vector<std::string> ToolsOf(const Json& trace);

// "get_price → add"; "no calls" for none.
std::string ShapeOf(const Json& trace);

}  // namespace sca::report
