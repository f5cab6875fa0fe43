// Small operations on text that the standard library lacks, and templates with named slots.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sca {

std::string_view Trim(std::string_view text);
std::vector<std::string_view> SplitLines(std::string_view text);  // Without the line ends.
std::string Lowercase(std::string_view text);                     // ASCII only.
bool IsDigit(char character);                                     // ASCII only.
bool HasDigit(std::string_view text);
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
std::string ReplaceAll(std::string text, std::string_view from, std::string_view to);

// At most the first `bytes_max` bytes, cut at a character boundary, and "…" if something was cut.
std::string Shorten(std::string_view text, std::size_t bytes_max);

// Whether a list of words has this one.
template <std::size_t kCount>
bool IsAmong(const std::array<std::string_view, kCount>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Replaces each `{{name}}` by its value. A slot without a value, or a value without a slot, is an
// error: prompts are files, and a misspelt slot must not reach a model.
Result<std::string> FillSlots(std::string_view text,
                              const std::map<std::string, std::string>& values);

}  // namespace sca
