// A small environment for tests of hostile code: a secret, notes, and tools that code may abuse.

#pragma once

#include <memory>
#include <string_view>

#include "env/environment.h"

namespace sca::env {

// The vault with `limits` as lines of [limits] in an environment.toml. `peek` gives 41; `notes` is
// empty until `note` or `fill` add to it.
Result<std::unique_ptr<Environment>> LoadVault(std::string_view limits, const LoadOptions& options);

}  // namespace sca::env
