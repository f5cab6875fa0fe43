// check: the gates that need no model, on tasks from files.

#include <fmt/format.h>

#include <memory>

#include "base/files.h"
#include "cli/commands.h"
#include "cli/gate_table.h"
#include "cli/output.h"
#include "cli/recipe_flags.h"
#include "env/environment.h"

namespace sca::cli {
namespace {

struct CheckFlags : RecipeFlags {
  std::vector<std::string> files;
  std::string environment;
  bool json = false;
  bool quiet = false;
};

Result<std::vector<CodeAsTask>> ReadTasks(const std::vector<std::string>& files) {
  std::vector<CodeAsTask> tasks;
  for (const std::string& file : files) {
    for (CodeAsTask& task : SCA_TRY(ParseTasks(SCA_TRY(ReadFile(file)), file))) {
      tasks.push_back(std::move(task));
    }
  }
  if (tasks.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("There is no task in {}.", fmt::join(files, ", "))};
  }
  return tasks;
}

Result<Exit> Check(const CheckFlags& flags) {
  std::vector<std::string> overrides = {"env.path=" + DumpJson(Json(flags.environment))};
  overrides.insert(overrides.end(), flags.overrides.begin(), flags.overrides.end());
  const Result<Recipe> recipe = ParseRecipe("", "--set", overrides);
  if (!recipe.ok()) return PrintRecipeError(recipe.error());
  const std::vector<CodeAsTask> tasks = SCA_TRY(ReadTasks(flags.files));
  const auto environment = SCA_TRY(env::Environment::Load(
      SCA_TRY(env::Environment::Find(flags.environment)), {.on_each_core = tasks.size() > 1}));
  const auto progress = MakeProgress(flags.json || flags.quiet);
  const std::vector<CheckedTask> checked =
      SCA_TRY(CheckTasks(tasks, *environment, recipe->gates, *progress));
  return PrintChecked(checked, flags.json);
}

}  // namespace

void AddCheck(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<CheckFlags>();
  CLI::App* check = app.add_subcommand("check", "Puts tasks from files through the gates");
  check->add_option("FILE", flags->files, "Tasks, one JSON object a line")
      ->required()
      ->type_name("FILE");
  check
      ->add_option("--env", flags->environment,
                   "Environment: a name of `sca env list`, or a folder")
      ->required()
      ->type_name("ENV");
  check->add_flag("--json", flags->json,
                  "A JSON object a task: {id, passed, first_failed_gate, gates: [{gate, verdict, "
                  "evidence, milliseconds}]}");
  check->add_flag("--quiet", flags->quiet, "No progress on standard error");
  AddOverrides(*check, *flags);
  check->footer(
      "Examples:\n"
      "  sca check my_tasks.jsonl --env kitchen\n"
      "  sca check a.jsonl b.jsonl --env ./my_tools --set 'gates.off=[\"no_leak\"]' --json\n"
      "Prints for each task the first gate at which it falls, with the evidence, and how many\n"
      "pass. Needs no model. Exit code 100 if any task falls. Tasks are compared with each other\n"
      "(gate novel), not with the environment's own.");
  check->callback([&action, flags] { action = [flags] { return Check(*flags); }; });
}

}  // namespace sca::cli
