// check: the gates that need no model, on tasks from files.

#include <fmt/format.h>

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

struct CheckFlags : RecipeFlags {
  std::vector<std::string> files;
  std::string environment;
  bool json = false;
  bool quiet = false;
};

// A line of a file: a task, or what it lacks to be one.
struct Line {
  CodeAsTask task;
  std::string lack;
};

Result<Line> ReadLine(const Json& json, const std::string& place) {
  if (!json.is_object()) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} must be a JSON object, one a line.", place)};
  }
  Result<CodeAsTask> task = CodeAsTask::FromJson(json);
  if (task.ok()) return Line{.task = std::move(task).value(), .lack = {}};
  Line line{.task = {}, .lack = task.error().message};
  line.task.id = GetStringOr(json, "id", place);
  line.task.instruction = GetStringOr(json, "instruction", "");
  return line;
}

Result<std::vector<Line>> ReadLines(const std::vector<std::string>& files) {
  std::vector<Line> lines;
  std::set<std::string> ids;
  for (const std::string& file : files) {
    int number = 0;
    for (const Json& json : SCA_TRY(ParseJsonLines(SCA_TRY(ReadFile(file)), file))) {
      Line line = SCA_TRY(ReadLine(json, fmt::format("{}, task {}", file, ++number)));
      if (!ids.insert(line.task.id).second) {
        return Error{ErrorCode::kInvalidArgument,
                     fmt::format("{}: the task id \"{}\" is used twice. Without ids of their own, "
                                 "tasks with the same text have the same one.",
                                 file, line.task.id)};
      }
      lines.push_back(std::move(line));
    }
  }
  if (lines.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("There is no task in {}.", fmt::join(files, ", "))};
  }
  return lines;
}

// The lines in their order; those that are no tasks fall at the gate `parses`.
std::vector<CheckedTask> Merge(std::vector<Line> lines, std::vector<CheckedTask> checked) {
  std::vector<CheckedTask> merged;
  auto next = checked.begin();
  for (Line& line : lines) {
    if (line.lack.empty()) {
      merged.push_back(std::move(*next++));
      continue;
    }
    CheckedTask one{.task = std::move(line.task), .report = {}};
    one.report.verdict.gates.push_back(
        {.gate = "parses", .verdict = Verdict::kFailed, .evidence = std::move(line.lack)});
    merged.push_back(std::move(one));
  }
  return merged;
}

Result<Exit> Check(const CheckFlags& flags) {
  std::vector<std::string> overrides = {"env.path=" + DumpJson(Json(flags.environment))};
  overrides.insert(overrides.end(), flags.overrides.begin(), flags.overrides.end());
  const Result<Recipe> recipe = ParseRecipe("", "--set", overrides);
  if (!recipe.ok()) return PrintRecipeError(recipe.error());
  std::vector<Line> lines = SCA_TRY(ReadLines(flags.files));
  std::vector<CodeAsTask> tasks;
  for (const Line& line : lines) {
    if (line.lack.empty()) tasks.push_back(line.task);
  }
  const auto environment = SCA_TRY(env::Environment::Load(
      SCA_TRY(env::Environment::Find(flags.environment)), {.on_each_core = tasks.size() > 1}));
  const auto progress = MakeProgress(flags.json || flags.quiet);
  std::vector<CheckedTask> checked =
      SCA_TRY(CheckTasks(tasks, *environment, recipe->gates, *progress));
  return PrintChecked(Merge(std::move(lines), std::move(checked)), flags.json);
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
      "file or the environment cannot be read. Tasks are compared with each other (gate novel), "
      "not\n"
      "with the environment's own. docs/ARCHITECTURE.md, section 6, says what each gate holds.");
  check->callback([&action, flags] { action = [flags] { return Check(*flags); }; });
}

}  // namespace sca::cli
