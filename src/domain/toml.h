// TOML files as Json, wrapped once (toml++).

#pragma once

#include <string_view>

#include "base/json.h"

namespace sca {

// Dates become strings. `file` is named in the error, with line and column.
Result<Json> ParseToml(std::string_view text, std::string_view file);

}  // namespace sca
