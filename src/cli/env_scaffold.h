// A new environment folder to begin with: small, complete, and passing its own test.

#pragma once

#include <filesystem>

#include "base/result.h"

namespace sca::cli {

// Copies templates/environment of the project to `folder`, titled after its last part. The folder
// must not exist (kAlreadyExists); its name must be letters, digits, "_" and "-"
// (kInvalidArgument). What was written is removed if not all of it can be.
Status WriteEnvironmentFolder(const std::filesystem::path& folder);

}  // namespace sca::cli
