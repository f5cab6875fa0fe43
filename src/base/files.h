// Files as whole values: read one, replace one atomically, and where the project keeps its own.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sca {

Result<std::string> ReadFile(const std::filesystem::path& path);

// Writes a temporary file beside `path`, syncs it and renames it, so that a kill leaves the old
// content or the new, never half of it. A full disk is kOutOfSpace, and the old file stays.
Status WriteFileAtomically(const std::filesystem::path& path, std::string_view content);

Status CreateFolders(const std::filesystem::path& path);

// The folder that holds environments/, prompts/, python/, models/ and recipes/: $SCA_HOME if set,
// else found upwards from the running program, else the source folder of the build.
std::filesystem::path ProjectFolder();

// A file that is built beside the running program, or where the environment variable says.
std::filesystem::path BesideProgram(const std::string& file, const char* variable);

// The message of the current errno for a failed operation on `path`, with its code.
Error FileError(std::string_view doing, const std::filesystem::path& path);

}  // namespace sca
