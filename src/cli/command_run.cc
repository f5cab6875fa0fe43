// run, resume, challenge: the algorithm end to end, on with it, and its first part.

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "base/files.h"
#include "campaign/approvals.h"
#include "campaign/campaign.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/recipe_flags.h"
#include "env/environment.h"
#include "llm/catalog.h"
#include "report/report.h"
#include "store/store.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

enum class Part { kWhole, kChallenge };

struct RunFlags : RecipeFlags {
  std::string folder;
  std::optional<std::uint64_t> seed;
  std::optional<int> candidates;
  bool dry_run = false;
  bool keys = false;
  bool quiet = false;
  bool json = false;
};

// Where the run waits for people: how many tasks do, and how to go on.
Status PrintWaiting(const store::Store& store, const fs::path& folder) {
  const std::size_t open = SCA_TRY(campaign::OpenTasks(store)).size();
  fmt::print(
      "The run waits for a person's word on {} task{}. Look at them and decide, then go on:\n"
      "  sca approve {}\n  sca resume {}\n",
      open, open == 1 ? "" : "s", folder.string(), folder.string());
  return {};
}

Result<Exit> PrintEnding(campaign::Ending ending, const fs::path& folder, const RunFlags& flags) {
  const std::unique_ptr<store::Store> store =
      SCA_TRY(store::Store::OpenReadOnly(folder / "run.db"));
  const report::Summary summary = SCA_TRY(report::Summarize(*store));
  if (flags.json) {
    PrintJson(report::ToJson(summary));
    return Exit::kDone;
  }
  fmt::print("\n{}\nThe run is in {}", report::Terminal(summary), folder.string());
  const fs::path page = folder / "report.html";
  if (fs::exists(page)) fmt::print("; its report is {}", fs::absolute(page).string());
  fmt::print(".\n");
  switch (ending) {
    case campaign::Ending::kFinished:
      break;
    case campaign::Ending::kWaits:
      SCA_TRY(PrintWaiting(*store, folder));
      break;
  }
  return Exit::kDone;
}

// Named like the recipe, with a number where there is such a run already.
fs::path FolderFor(const RunFlags& flags) {
  if (!flags.folder.empty()) return flags.folder;
  const fs::path stem = fs::path("runs") / fs::path(flags.file).stem();
  for (int number = 1;; ++number) {
    const fs::path folder =
        number == 1 ? stem : fs::path(fmt::format("{}-{}", stem.string(), number));
    if (!fs::exists(folder / "recipe.toml")) return folder;
  }
}

// What can be known to go wrong before any work is done.
Status CheckParts(const Recipe& recipe) {
  SCA_TRY(env::Environment::Find(recipe.env_path));
  const fs::path model = SCA_TRY(llm::FindModel(recipe.model.path));
  if (!fs::exists(model)) return FileError("read", model);
  return {};
}

Result<Exit> DryRun(const Recipe& recipe, bool json) {
  if (json) {
    PrintJson(recipe.ToJson());
  } else {
    fmt::print("{}", recipe.ToToml());
  }
  SCA_TRY(CheckParts(recipe));
  return Exit::kDone;
}

Result<Exit> Run(RunFlags flags, Part part) {
  if (flags.keys) {
    PrintRecipeKeys(flags.json);
    return Exit::kDone;
  }
  if (flags.file.empty()) {
    return PrintError({ErrorCode::kInvalidArgument,
                       "Give a recipe, for example recipes/quickstart.toml. `sca run --help` says "
                       "more."},
                      Exit::kUsage);
  }
  if (flags.seed.has_value()) flags.overrides.push_back(fmt::format("seed={}", *flags.seed));
  if (flags.candidates.has_value()) {
    flags.overrides.push_back(fmt::format("challenge.candidates={}", *flags.candidates));
  }
  const Result<Recipe> recipe = ReadRecipe(flags);
  if (!recipe.ok()) return PrintRecipeError(recipe.error());
  if (flags.dry_run) return DryRun(*recipe, flags.json);
  SCA_TRY(CheckParts(*recipe));

  const fs::path folder = FolderFor(flags);
  const std::unique_ptr<Progress> progress = MakeProgress(flags.quiet || flags.json);
  auto ending = campaign::Ending::kFinished;
  if (part == Part::kChallenge) {
    SCA_TRY(campaign::ChallengeOnly(*recipe, folder, *progress));
  } else {
    ending = SCA_TRY(campaign::StartRun(*recipe, folder, *progress));
  }
  return PrintEnding(ending, folder, flags);
}

Result<Exit> Resume(const RunFlags& flags) {
  const std::unique_ptr<Progress> progress = MakeProgress(flags.quiet || flags.json);
  const campaign::Ending ending = SCA_TRY(campaign::ResumeRun(flags.folder, *progress));
  return PrintEnding(ending, flags.folder, flags);
}

void AddOutputFlags(CLI::App& command, RunFlags& flags) {
  command.add_flag("--quiet", flags.quiet, "No progress on standard error");
  command.add_flag("--json", flags.json, "The result as JSON, as `sca report --json`; no progress");
}

void AddRecipeFlags(CLI::App& command, RunFlags& flags) {
  command.add_option("RECIPE", flags.file, "A recipe in TOML, for example recipes/quickstart.toml")
      ->type_name("FILE");
  command
      .add_option("--run-dir", flags.folder,
                  "Folder of the run, which must not hold one yet; default runs/<recipe>, numbered")
      ->type_name("DIR");
  command.add_option("--seed", flags.seed, "The same as --set seed=N; default: the recipe's")
      ->type_name("N");
  AddOverrides(command, flags);
  command.add_flag("--dry-run", flags.dry_run,
                   "Resolve and check the recipe, print it as TOML (--json: as JSON), and stop");
  AddOutputFlags(command, flags);
}

void AddRunCommand(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<RunFlags>();  // Lives as long as the action.
  CLI::App* run = app.add_subcommand(
      "run", "The whole loop of a recipe: challenge, gate, roll out, train, evaluate");
  AddRecipeFlags(*run, *flags);
  run->add_flag("--keys", flags->keys, "List every recipe key with default and bounds, and stop");
  run->footer(
      "Examples:\n"
      "  sca run recipes/quickstart.toml --run-dir runs/first\n"
      "  sca run recipes/quickstart.toml --set env.path=./my_tools train.epochs=2 --seed 2\n"
      "Prints the funnel of the gates and held-out success before and after, and writes\n"
      "report.html. The quickstart takes about 15 minutes on two cores. If it is stopped,\n"
      "`sca resume DIR` goes on and ends as it would have. With gates.approval = true it ends\n"
      "after each pilot, until `sca approve DIR` has a person's word on every task.");
  run->callback([&action, flags] { action = [flags] { return Run(*flags, Part::kWhole); }; });
}

}  // namespace

void AddRun(CLI::App& app, Action& action) {
  AddRunCommand(app, action);

  const auto resume_flags = std::make_shared<RunFlags>();
  CLI::App* resume = app.add_subcommand("resume", "Goes on with a run that was stopped or killed");
  resume->add_option("RUN", resume_flags->folder, "Folder of the run")
      ->required()
      ->type_name("DIR");
  AddOutputFlags(*resume, *resume_flags);
  resume->footer(
      "Examples:\n"
      "  sca resume runs/first\n"
      "  sca resume runs/first --quiet\n"
      "Prints what `sca run` would have printed. Work that was finished is not done again, and\n"
      "tasks, rewards and losses are those of a run that was never stopped.");
  resume->callback(
      [&action, resume_flags] { action = [resume_flags] { return Resume(*resume_flags); }; });

  const auto challenge_flags = std::make_shared<RunFlags>();
  CLI::App* challenge =
      app.add_subcommand("challenge", "Only writes and gates candidate tasks, into a run folder");
  AddRecipeFlags(*challenge, *challenge_flags);
  challenge
      ->add_option("-n,--candidates", challenge_flags->candidates,
                   "Tasks to propose; default: challenge.candidates of the recipe")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  challenge->footer(
      "Examples:\n"
      "  sca challenge recipes/quickstart.toml -n 40 --run-dir runs/look\n"
      "  sca challenge recipes/quickstart.toml -n 10 --set env.path=./my_tools --json\n"
      "Prints the funnel: how many candidates each gate passed. No rollouts, no training.");
  challenge->callback([&action, challenge_flags] {
    action = [challenge_flags] { return Run(*challenge_flags, Part::kChallenge); };
  });
}

}  // namespace sca::cli
