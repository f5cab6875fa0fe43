// JSON text from processes that are not trusted: checked before anybody parses it further.

#pragma once

#include <string_view>

namespace sca::env {

// True for one JSON value of bounded size and depth, with numbers that JSON can hold. Text that
// passes can be parsed, walked and written again by anybody without further care.
bool IsPlainJson(std::string_view text);

// As above, and an object.
bool IsPlainObject(std::string_view text);

}  // namespace sca::env
