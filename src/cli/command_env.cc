// env: the environments that ship, what is in one, and its conformance test.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/gate_table.h"
#include "cli/recipe_flags.h"
#include "env/environment.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

struct EnvFlags {
  std::string name;
  bool json = false;
};

Result<std::unique_ptr<env::Environment>> LoadNamed(const std::string& name) {
  return env::Environment::Load(SCA_TRY(env::Environment::Find(name)));
}

Result<Exit> List(const EnvFlags& flags) {
  std::vector<fs::path> folders;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(ProjectFolder() / "environments", ignored)) {
    if (fs::exists(entry.path() / "environment.toml")) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  Json all = Json::array();
  for (const fs::path& folder : folders) {
    const auto environment = SCA_TRY(env::Environment::Load(folder));
    const Json row = {
        {"name", environment->settings().name},     {"title", environment->settings().title},
        {"tools", environment->tools().size()},     {"examples", environment->examples().size()},
        {"heldout", environment->heldout().size()}, {"folder", folder.string()}};
    if (flags.json) {
      all.push_back(row);
    } else {
      fmt::print("{:<12} {:>2} tools  {:>2} examples  {:>3} held-out tasks  {}\n",
                 environment->settings().name, environment->tools().size(),
                 environment->examples().size(), environment->heldout().size(),
                 environment->settings().title);
    }
  }
  if (flags.json) PrintJson(all);
  return Exit::kDone;
}

Result<Exit> Show(const EnvFlags& flags) {
  const auto environment = SCA_TRY(LoadNamed(flags.name));
  if (flags.json) {
    Json tools = Json::array();
    for (const ToolSpec& tool : environment->tools()) tools.push_back(tool.ToJson());
    PrintJson({{"name", environment->settings().name},
               {"title", environment->settings().title},
               {"description", environment->settings().description},
               {"isolation", environment->isolation().ToJson()},
               {"tools", tools}});
    return Exit::kDone;
  }
  fmt::print("{}: {}\n{}\n\n", environment->settings().name, environment->settings().title,
             environment->settings().description);
  for (const ToolSpec& tool : environment->tools()) {
    fmt::print("{}{}\n    {}\n", tool.signature, tool.writes ? "  (writes)" : "", tool.description);
  }
  return Exit::kDone;
}

Result<Exit> Test(const EnvFlags& flags) {
  const auto environment = SCA_TRY(LoadNamed(flags.name));
  GateSettings settings;
  settings.off = {"novel"};  // Its own tasks need not differ from themselves.
  std::vector<CodeAsTask> tasks = environment->examples();
  tasks.insert(tasks.end(), environment->heldout().begin(), environment->heldout().end());
  const auto progress = MakeProgress(flags.json);
  const auto checked = SCA_TRY(CheckTasks(tasks, *environment, settings, *progress));
  PrintChecked(checked, flags.json);
  const bool all = std::all_of(checked.begin(), checked.end(), [](const CheckedTask& task) {
    return task.report.verdict.passed();
  });
  return all ? Exit::kDone : Exit::kGateNotMet;
}

}  // namespace

void AddEnv(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<EnvFlags>();
  CLI::App* env = app.add_subcommand("env", "Environments: folders with tools, state and tasks");
  env->require_subcommand(1);
  env->footer(
      "Examples:\n"
      "  sca env list\n"
      "  sca env show kitchen\n"
      "  sca env test ./my_tools     every task of the folder through all gates\n"
      "environments/README.md says how to make one.");
  const auto add = [&](const char* name, const char* help, Result<Exit> (*run)(const EnvFlags&),
                       bool named) {
    CLI::App* command = env->add_subcommand(name, help);
    if (named) command->add_option("ENV", flags->name, "A name, or a folder")->required();
    command->add_flag("--json", flags->json, "As JSON");
    command->callback([&action, flags, run] { action = [flags, run] { return run(*flags); }; });
  };
  add("list", "The environments that ship", List, false);
  add("show", "Tools and settings of one", Show, true);
  add("test", "Puts an environment's own tasks through the gates", Test, true);
}

}  // namespace sca::cli
