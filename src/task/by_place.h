// Tells solutions that take a thing because of its place in a list, which no instruction describes.

#pragma once

#include <string>
#include <string_view>

namespace sca::task {

// Whether Python code takes something by its place, loans[0], and nothing in it chooses by what a
// thing is: no condition, no order, no count.
bool TakesByPlace(std::string_view code);

// "The first", "the cheapest", "any": words that may choose by place, or leave the choice.
bool SpeaksOfPlace(const std::string& instruction);

}  // namespace sca::task
