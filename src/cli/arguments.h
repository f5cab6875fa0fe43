// The command line before CLI11 reads it.

#pragma once

#include <string>
#include <vector>

namespace sca::cli {

// `--set a=1 b=2` as `--set a=1 --set b=2`: what has the form key=value after --set belongs to it,
// and what has not (a recipe, a file) does not. CLI11 by itself would take either all or one.
std::vector<std::string> SpreadOverrides(const std::vector<std::string>& arguments);

}  // namespace sca::cli
