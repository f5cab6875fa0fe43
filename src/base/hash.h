// SHA-256 (OpenSSL), for content hashes of tasks, files and the audit chain.

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sca {

std::string Sha256Hex(std::string_view bytes);  // 64 lower-case hex digits.
Result<std::string> Sha256HexOfFile(const std::filesystem::path& path);

}  // namespace sca
