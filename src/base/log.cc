#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace sca {
namespace {

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// Owned by the process: a log outlives every module that writes to it.
std::shared_ptr<spdlog::logger>& Logger() {
  static std::shared_ptr<spdlog::logger> logger = [] {
    auto first =
        std::make_shared<spdlog::logger>("sca", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    first->set_level(spdlog::level::warn);
    first->set_pattern("%v");
    return first;
  }();
  return logger;
}

}  // namespace

Status OpenLogFile(const std::filesystem::path& path) {
  try {
    auto logger = std::make_shared<spdlog::logger>(
        "sca", std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string()));
    logger->set_level(spdlog::level::debug);
    logger->flush_on(spdlog::level::info);
    Logger() = std::move(logger);
  } catch (const spdlog::spdlog_ex& exception) {
    return Error{ErrorCode::kInternal,
                 fmt::format("Cannot open the log file {}: {}", path.string(), exception.what())};
  }
  return {};
}

void Log(LogLevel level, std::string_view message) {
  Logger()->log(ToSpdlog(level), spdlog::string_view_t(message.data(), message.size()));
}

}  // namespace sca
