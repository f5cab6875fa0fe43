// check: the gates that need no model, on tasks from files.

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "base/files.h"
#include "cli/commands.h"
#include "cli/gate_table.h"
#include "cli/output.h"
#include "cli/recipe_flags.h"
#include "env/environment.h"

namespace sca::cli {
namespace {

namespace fs = std::filesystem;

struct CheckFlags : RecipeFlags {
  std::vector<std::string> files;
  std::string environment;
  bool json = false;
  bool quiet = false;
};

bool IsSameFile(const fs::path& one, const fs::path& other) {
  std::error_code ignored;  // One that is not there is another.
  return fs::equivalent(one, other, ignored);
}

Result<std::vector<TaskToCheck>> ReadTasks(const std::vector<std::string>& files,
                                           const fs::path& environment) {
  std::vector<TaskToCheck> tasks;
  std::set<std::string> ids;
  for (const std::string& file : files) {
    TaskOrigin origin = TaskOrigin::kElsewhere;
    if (IsSameFile(file, environment / "tasks" / "examples.jsonl")) origin = TaskOrigin::kExamples;
    if (IsSameFile(file, environment / "tasks" / "heldout.jsonl")) origin = TaskOrigin::kHeldOut;
    for (CodeAsTask& task :
         SCA_TRY(ParseTasks(SCA_TRY(ReadFile(file)), file, MissingParts::kEmpty))) {
      if (!ids.insert(task.id).second) {
        return Error{ErrorCode::kInvalidArgument,
                     fmt::format("{}: the task id \"{}\" is used twice. Without ids of their own, "
                                 "tasks with the same text have the same one.",
                                 file, task.id)};
      }
      tasks.push_back({std::move(task), origin});
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
  const fs::path folder = SCA_TRY(env::Environment::Find(flags.environment));
  const std::vector<TaskToCheck> tasks = SCA_TRY(ReadTasks(flags.files, folder));
  const auto environment =
      SCA_TRY(env::Environment::Load(folder, {.on_each_core = tasks.size() > 1}));
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
      "A task is a line {\"id\"?, \"instruction\", \"evaluation_function\", \"solution\",\n"
      "\"failure_cases\": [..]}, all code as text; environments/README.md shows one. Without an "
      "id\n"
      "it is called by the first 16 digits of its hash.\n"
      "Prints for each task the first gate at which it falls, with the evidence (shortened; "
      "--json\n"
      "has it whole), and how many pass. Needs no model. Exit code 100 if any task falls, 1 if a\n"
      "file or the environment cannot be read. Tasks must differ from each other "
      "and\n"
      "from the environment's own (gate novel), but a file of its own not from itself.\n"
      "docs/ARCHITECTURE.md, section 6, says what each gate holds.");
  check->callback([&action, flags] { action = [flags] { return Check(*flags); }; });
}

}  // namespace sca::cli
