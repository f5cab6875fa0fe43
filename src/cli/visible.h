// What a model wrote, made safe to look at in a terminal before a person decides on it.

#pragma once

#include <string>
#include <string_view>

namespace sca::cli {

// Characters that a terminal would obey or hide (escapes, carriage returns, marks that reorder or
// join text) and bytes that are no UTF-8 are spelled out: "\x1b", "\u202e". Line ends and tabs
// stay.
std::string Visible(std::string_view text);

}  // namespace sca::cli
