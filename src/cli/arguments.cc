#include "cli/arguments.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace sca::cli {
namespace {

// A dotted key, then "=".
bool IsOverride(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string_view::npos) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
  });
}

}  // namespace

std::vector<std::string> SpreadOverrides(const std::vector<std::string>& arguments) {
  std::vector<std::string> spread;
  bool after_set = false;     // The next argument is the value of --set, whatever it is.
  bool in_overrides = false;  // At least one value of --set came right before.
  for (const std::string& argument : arguments) {
    if (!after_set && in_overrides && IsOverride(argument)) spread.emplace_back("--set");
    in_overrides =
        after_set || (in_overrides && IsOverride(argument)) || argument.starts_with("--set=");
    after_set = argument == "--set";
    spread.push_back(argument);
  }
  return spread;
}

}  // namespace sca::cli
