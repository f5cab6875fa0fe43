// Keeps JSON that is nested too deep away from whatever walks it by recursion.

#pragma once

#include <string_view>

namespace sca::sandbox {

// False if brackets in `text` nest deeper than 64; whether it is JSON is the parser's business.
bool IsShallowJson(std::string_view text);

}  // namespace sca::sandbox
