// Tasks about refusals: code that reckons with a tool call that fails, and acts on it.

#pragma once

#include <string_view>

#include "env/environment.h"

namespace sca::task {

// Whether code that ran to its end handles failing calls on purpose: each of its handlers names
// ToolError, or does more than pass over the error. A handler that only passes hides trouble.
Result<bool> ExpectsRefusals(const env::Environment& environment, std::string_view code);

}  // namespace sca::task
