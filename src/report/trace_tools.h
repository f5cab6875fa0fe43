// The tools of a stored trace: what diversity is measured on.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace sca::report {

// `trace` is a task::Trace as JSON: an object whose "calls" each name a "tool". Else: none.
std::vector<std::string> ToolsOf(const Json& trace);

// Strings that the calls have for arguments, in lower case: what the task is about. With repeats.
std::vector<std::string> EntitiesOf(const Json& trace);

// "get_price → add"; "no calls" for none.
std::string ShapeOf(const Json& trace);

}  // namespace sca::report
