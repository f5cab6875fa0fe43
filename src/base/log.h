// Diagnostics, wrapped once (spdlog). They go to the run's log file, never to standard output.

#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace sca {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// Until this is called, only warnings and errors show, on standard error. Thread-safe afterwards.
Status OpenLogFile(const std::filesystem::path& path);

void Log(LogLevel level, std::string_view message);

}  // namespace sca
