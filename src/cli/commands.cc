#include "cli/commands.h"

#include <fmt/format.h>

#include <cstdio>

namespace sca::cli {

int Main(int count, const char* const* arguments) {
  CLI::App app{
      "SelfChallenge: a language-model agent writes its own training tasks as code, keeps "
      "those that survive execution, and learns from them."};
  app.name("sca");
  app.set_version_flag("--version", "sca 0.1.0");
  app.require_subcommand(1);
  app.footer(
      "Start here:\n"
      "  sca doctor                                  what this machine can do\n"
      "  sca model pull qwen2.5-coder-0.5b-instruct  the default model\n"
      "  sca run recipes/quickstart.toml --run-dir runs/first\n"
      "Exit codes: 0 done, 1 an error, 2 wrong usage, 100 a gate that you set was not met.");
  Action action;
  AddRun(app, action);
  AddCheck(app, action);
  AddEpisodes(app, action);
  AddReport(app, action);
  AddEnv(app, action);
  AddModel(app, action);
  AddDoctor(app, action);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : static_cast<int>(Exit::kUsage);
  }
  const Result<Exit> result = action();
  if (result.ok()) return static_cast<int>(*result);
  fmt::print(stderr, "sca: {}\n", result.error().message);
  return static_cast<int>(Exit::kError);
}

}  // namespace sca::cli
