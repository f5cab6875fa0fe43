#include "cli/output.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/terminal_progress.h"

namespace sca::cli {

Exit PrintError(const Error& error, Exit exit) {
  fmt::print(stderr, "sca: {}\n", error.message);
  return exit;
}

void PrintJson(const Json& json) { fmt::print("{}\n", DumpJson(json, 2)); }

std::unique_ptr<Progress> MakeProgress(bool quiet) {
  if (quiet) return std::make_unique<SilentProgress>();
  return std::make_unique<TerminalProgress>();
}

}  // namespace sca::cli
