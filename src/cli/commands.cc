#include "cli/commands.h"

#include <algorithm>

#include "cli/arguments.h"
#include "cli/output.h"

namespace sca::cli {
namespace {

void AddAll(CLI::App& app, Action& action) {
  AddRun(app, action);
  AddCheck(app, action);
  AddApprove(app, action);
  AddRollout(app, action);
  AddTrain(app, action);
  AddEval(app, action);
  AddReport(app, action);
  AddReverify(app, action);
  AddAudit(app, action);
  AddEnv(app, action);
  AddModel(app, action);
  AddBench(app, action);
  AddDoctor(app, action);
}

}  // namespace

int Main(int count, const char* const* arguments) {
  CLI::App app{
      "SelfChallenge: a language-model agent writes its own training tasks as code, keeps "
      "those that survive execution, and learns from them."};
  app.name("sca");
  app.set_version_flag("--version", "sca " SCA_VERSION);
  app.set_help_flag("-h,--help", "Print this help and stop");
  app.get_formatter()->column_width(34);
  app.get_formatter()->label("REQUIRED", "(required)");
  app.require_subcommand(1);
  app.footer(
      "Start here:\n"
      "  sca doctor                                  what this machine can do\n"
      "  sca model pull qwen2.5-coder-0.5b-instruct  the default model, once\n"
      "  sca run recipes/quickstart.toml             challenge, train, evaluate, report\n"
      "`sca COMMAND --help` has the flags of a command, with examples.\n"
      "Results go to standard output, progress and errors to standard error.\n"
      "Exit codes: 0 done, 1 an error, 2 wrong usage, 100 a task or gate you set was not passed.");
  Action action;
  AddAll(app, action);
  std::vector<std::string> words =
      SpreadOverrides(std::vector<std::string>(arguments + std::min(count, 1), arguments + count));
  std::reverse(words.begin(), words.end());  // As CLI11 wants them.
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : static_cast<int>(Exit::kUsage);
  }
  const Result<Exit> result = action();
  return static_cast<int>(result.ok() ? *result : PrintError(result.error(), Exit::kError));
}

}  // namespace sca::cli
