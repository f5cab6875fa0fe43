// env: the environments that ship, what is in one, its conformance test, and a new one.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/files.h"
#include "cli/commands.h"
#include "cli/env_scaffold.h"
#include "cli/gate_table.h"
#include "cli/output.h"
#include "env/environment.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

struct EnvFlags {
  std::string name;
  bool json = false;
  bool quiet = false;
};

Result<std::unique_ptr<env::Environment>> LoadNamed(const std::string& name) {
  return env::Environment::Load(SCA_TRY(env::Environment::Find(name)));
}

Json Summary(const fs::path& folder) {
  const auto environment = env::Environment::Load(folder);
  Json row = {{"name", folder.filename().string()}, {"folder", folder.string()}};
  if (!environment.ok()) {
    row["error"] = environment.error().message;
    return row;
  }
  row["title"] = (*environment)->settings().title;
  row["tools"] = (*environment)->tools().size();
  row["examples"] = (*environment)->examples().size();
  row["heldout"] = (*environment)->heldout().size();
  return row;
}

Result<Exit> List(const EnvFlags& flags) {
  std::vector<fs::path> folders;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(ProjectFolder() / "environments", ignored)) {
    if (fs::exists(entry.path() / "environment.toml")) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  Json all = Json::array();
  for (const fs::path& folder : folders) all.push_back(Summary(folder));
  if (flags.json) {
    PrintJson(all);
    return Exit::kDone;
  }
  for (const Json& row : all) {
    const std::string name = row["name"].get<std::string>();
    if (row.contains("error")) {
      fmt::print("{:<12} does not load: {}\n", name, row["error"].get<std::string>());
    } else {
      fmt::print("{:<12} {:>2} tools  {:>2} examples  {:>3} held-out tasks  {}\n", name,
                 row["tools"].get<int>(), row["examples"].get<int>(), row["heldout"].get<int>(),
                 row["title"].get<std::string>());
    }
  }
  return Exit::kDone;
}

Result<Exit> Show(const EnvFlags& flags) {
  const auto environment = SCA_TRY(LoadNamed(flags.name));
  const env::EnvironmentSettings& settings = environment->settings();
  if (flags.json) {
    Json tools = Json::array();
    for (const ToolSpec& tool : environment->tools()) tools.push_back(tool.ToJson());
    PrintJson({{"name", settings.name},
               {"title", settings.title},
               {"description", settings.description},
               {"folder", environment->folder().string()},
               {"turns_max", settings.turns_max},
               {"answer", settings.answer == env::AnswerMode::kRequired ? "required" : "none"},
               {"examples", environment->examples().size()},
               {"heldout", environment->heldout().size()},
               {"isolation", environment->isolation().ToJson()},
               {"tools", tools}});
    return Exit::kDone;
  }
  fmt::print("{}: {}\n{}\n", settings.name, settings.title, settings.description);
  fmt::print("{} examples, {} held-out tasks, {} turns a task, {}.\n\n",
             environment->examples().size(), environment->heldout().size(), settings.turns_max,
             settings.answer == env::AnswerMode::kRequired ? "an answer is wanted"
                                                           : "the end state is judged");
  for (const ToolSpec& tool : environment->tools()) {
    fmt::print("{}{}\n    {}\n", tool.signature, tool.writes ? "  (writes)" : "", tool.description);
  }
  return Exit::kDone;
}

Result<Exit> Test(const EnvFlags& flags) {
  const auto environment = SCA_TRY(LoadNamed(flags.name));
  if (environment->heldout().empty()) {
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("{} has no held-out tasks: write tasks/heldout.jsonl.",
                             environment->folder().string())};
  }
  GateSettings settings;
  settings.off = {"novel"};  // Its own tasks may be alike in form.
  std::vector<TaskToCheck> tasks;
  for (const CodeAsTask& task : environment->examples()) {
    tasks.push_back({task, TaskOrigin::kExamples});
  }
  for (const CodeAsTask& task : environment->heldout()) {
    tasks.push_back({task, TaskOrigin::kHeldOut});
  }
  const auto progress = MakeProgress(flags.json || flags.quiet);
  return PrintChecked(SCA_TRY(CheckTasks(tasks, *environment, settings, *progress)), flags.json);
}

Result<Exit> New(const EnvFlags& flags) {
  const fs::path folder = fs::absolute(flags.name).lexically_normal();
  const Status status = WriteEnvironmentFolder(folder);
  if (!status.ok() && status.error().code == ErrorCode::kInvalidArgument) {
    return PrintError(status.error(), Exit::kUsage);
  }
  SCA_TRY(status);
  if (flags.json) {
    PrintJson({{"folder", folder.string()}});
    return Exit::kDone;
  }
  fmt::print(
      "{0} is a whole environment: a small shop, to be replaced by tools of your own.\n"
      "  1. {0}/tools.py has the tools, {0}/data what they read.\n"
      "  2. {0}/tasks has examples for the challenger's prompts, and held-out tasks.\n"
      "  3. sca env test {0}\n"
      "  4. sca run recipes/quickstart.toml --set env.path={0}\n",
      folder.string());
  return Exit::kDone;
}

struct Subcommand {
  const char* name;
  const char* help;
  const char* operand;  // What the positional argument is; null: there is none.
  const char* footer;
  Result<Exit> (*run)(const EnvFlags&);
};

constexpr Subcommand kSubcommands[] = {
    {"list", "The environments that ship", nullptr,
     "Examples:\n  sca env list\n  sca env list --json\n"
     "Prints name, tools, example tasks and held-out tasks of each.",
     List},
    {"show", "Tools and settings of one", "A name of `sca env list`, or a folder",
     "Examples:\n  sca env show kitchen\n  sca env show ./my_tools --json\n"
     "Prints the tools as an agent is told of them (--json: with their JSON Schema).",
     Show},
    {"test", "The conformance test: all its tasks through all gates",
     "A name of `sca env list`, or a folder",
     "Examples:\n  sca env test kitchen\n  sca env test ./my_tools --json\n"
     "Prints for each example and held-out task the gate at which it falls, with the evidence.\n"
     "Exit code 100 if one falls.",
     Test},
    {"new", "A folder to begin with: small, complete, passing its test",
     "The folder to make; its last part is the name",
     "Examples:\n  sca env new my_tools\n  sca env new ~/worlds/warehouse\n"
     "Prints what to change in it. environments/README.md explains every part.",
     New}};

}  // namespace

void AddEnv(CLI::App& app, Action& action) {
  CLI::App* env = app.add_subcommand("env", "Environments: folders with tools, state and tasks");
  env->require_subcommand(1);
  env->footer(
      "Examples:\n"
      "  sca env list\n"
      "  sca env new ./my_tools && sca env test ./my_tools\n"
      "environments/README.md says how to make one.");
  for (const Subcommand& one : kSubcommands) {
    const auto flags = std::make_shared<EnvFlags>();
    CLI::App* command = env->add_subcommand(one.name, one.help);
    command->footer(one.footer);
    if (one.operand != nullptr) {
      command->add_option("ENV", flags->name, one.operand)->required()->type_name("ENV");
    }
    command->add_flag("--json", flags->json, "As JSON");
    if (one.run == Test) command->add_flag("--quiet", flags->quiet, "No progress");
    const auto run = one.run;
    command->callback([&action, flags, run] { action = [flags, run] { return run(*flags); }; });
  }
}

}  // namespace sca::cli
