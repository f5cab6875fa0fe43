// check: the gates that need no model, on tasks from files.

#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "base/files.h"
#include "base/random.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/gate_table.h"
#include "cli/recipe_flags.h"
#include "task/judge.h"

namespace sca::cli {
namespace {

struct CheckFlags : RecipeFlags {
  std::vector<std::string> files;
  std::string environment;
  bool json = false;
};

Result<Exit> Check(const CheckFlags& flags) {
  std::vector<std::string> overrides = flags.overrides;
  overrides.push_back(fmt::format("env.path={}", DumpJson(Json(flags.environment))));
  const Recipe recipe = SCA_TRY(ParseRecipe("", "--set", overrides));
  const auto environment =
      SCA_TRY(env::Environment::Load(SCA_TRY(env::Environment::Find(flags.environment))));
  std::vector<CodeAsTask> tasks;
  for (const std::string& file : flags.files) {
    for (CodeAsTask& task : SCA_TRY(ParseTasks(SCA_TRY(ReadFile(file)), file))) {
      tasks.push_back(std::move(task));
    }
  }
  const auto progress = MakeProgress(flags.json);
  const std::vector<CheckedTask> checked =
      SCA_TRY(CheckTasks(tasks, *environment, recipe.gates, *progress));
  PrintChecked(checked, flags.json);
  const bool all = std::all_of(checked.begin(), checked.end(), [](const CheckedTask& task) {
    return task.report.verdict.passed();
  });
  return all ? Exit::kDone : Exit::kGateNotMet;
}

}  // namespace

void AddCheck(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<CheckFlags>();
  CLI::App* check = app.add_subcommand("check", "Puts tasks from files through the gates");
  check->add_option("FILE", flags->files, "Tasks, one JSON object a line")->required();
  check->add_option("--env", flags->environment, "Environment: a name or a folder")->required();
  check->add_flag("--json", flags->json, "A JSON object a task");
  AddOverrides(*check, *flags);
  check->footer(
      "Examples:\n"
      "  sca check my_tasks.jsonl --env kitchen\n"
      "  sca check my_tasks.jsonl --env ./my_tools --json\n"
      "Needs no model. Exit code 100 if any task falls. The tasks are not compared with the\n"
      "environment's own ones (gate novel) but with each other.");
  check->callback([&action, flags] { action = [flags] { return Check(*flags); }; });
}

}  // namespace sca::cli
