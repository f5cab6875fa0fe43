// run, resume, challenge: the algorithm end to end, on with it, and its first part.

#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "campaign/campaign.h"
#include "cli/commands.h"
#include "cli/recipe_flags.h"
#include "report/report.h"
#include "store/store.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

struct RunFlags : RecipeFlags {
  std::string folder;
  std::string seed;
  std::string candidates;
  bool dry_run = false;
  bool keys = false;
  bool quiet = false;
};

void PrintKeys() {
  Recipe recipe;
  const Json defaults = recipe.ToJson();
  for (const RecipeField& field : RecipeFields(recipe)) {
    fmt::print("{:<32} {:<14} {}\n", field.key, DumpJson(defaults[field.key]), field.meaning);
  }
}

Result<Exit> PrintEnding(const fs::path& folder) {
  const std::unique_ptr<store::Store> store =
      SCA_TRY(store::Store::OpenReadOnly(folder / "run.db"));
  fmt::print("\n{}\nThe report is {}.\n", report::Terminal(SCA_TRY(report::Summarize(*store))),
             fs::absolute(folder / "report.html").string());
  return Exit::kDone;
}

// A name that says what and when, where none is given.
fs::path FolderFor(const RunFlags& flags) {
  if (!flags.folder.empty()) return flags.folder;
  const fs::path stem = fs::path("runs") / fs::path(flags.file).stem();
  for (int number = 1;; ++number) {
    const fs::path folder =
        number == 1 ? stem : fs::path(fmt::format("{}-{}", stem.string(), number));
    if (!fs::exists(folder)) return folder;
  }
}

Result<Exit> Run(RunFlags flags, bool only_challenge) {
  if (flags.keys) {
    PrintKeys();
    return Exit::kDone;
  }
  if (!flags.seed.empty()) flags.overrides.push_back("seed=" + flags.seed);
  if (!flags.candidates.empty()) {
    flags.overrides.push_back("challenge.candidates=" + flags.candidates);
  }
  const auto recipe = ReadRecipe(flags);
  if (!recipe.ok()) {
    fmt::print(stderr, "sca: {}\n", recipe.error().message);
    return recipe.error().code == ErrorCode::kInvalidArgument ? Exit::kUsage : Exit::kError;
  }
  if (flags.dry_run) {
    fmt::print("{}", recipe->ToToml());
    return Exit::kDone;
  }
  const fs::path folder = FolderFor(flags);
  const auto progress = MakeProgress(flags.quiet);
  if (only_challenge) {
    SCA_TRY(campaign::ChallengeOnly(*recipe, folder, *progress));
  } else {
    SCA_TRY(campaign::StartRun(*recipe, folder, *progress));
  }
  return PrintEnding(folder);
}

void AddRecipe(CLI::App& command, RunFlags& flags) {
  command.add_option("RECIPE", flags.file, "A recipe in TOML, for example recipes/quickstart.toml");
  command.add_option("--run-dir", flags.folder, "The folder of the run; default runs/<recipe>");
  command.add_option("--seed", flags.seed, "The same as --set seed=N");
  command.add_flag("--quiet", flags.quiet, "No progress");
  AddOverrides(command, flags);
}

}  // namespace

void AddRun(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<RunFlags>();  // Owned by the callbacks of the commands.
  CLI::App* run = app.add_subcommand("run", "Challenge, gate, roll out, train, evaluate: a recipe");
  AddRecipe(*run, *flags);
  run->add_flag("--dry-run", flags->dry_run, "Print the resolved recipe and stop");
  run->add_flag("--keys", flags->keys, "List every recipe key with default and meaning");
  run->footer(
      "Examples:\n"
      "  sca run recipes/quickstart.toml --run-dir runs/first\n"
      "  sca run recipes/quickstart.toml --set env.path=./my_tools --seed 2\n"
      "Ends with the funnel of the gates, held-out success before and after, and report.html.");
  run->callback([&action, flags] { action = [flags] { return Run(*flags, false); }; });

  CLI::App* resume = app.add_subcommand("resume", "Goes on with a run that was stopped or killed");
  resume->add_option("RUN", flags->folder, "The folder of the run")->required();
  resume->add_flag("--quiet", flags->quiet, "No progress");
  resume->footer("Example:\n  sca resume runs/first\nEnds as the run would have ended.");
  resume->callback([&action, flags] {
    action = [flags]() -> Result<Exit> {
      const auto progress = MakeProgress(flags->quiet);
      SCA_TRY(campaign::ResumeRun(flags->folder, *progress));
      return PrintEnding(flags->folder);
    };
  });

  CLI::App* challenge =
      app.add_subcommand("challenge", "Only writes and gates candidate tasks into a run folder");
  AddRecipe(*challenge, *flags);
  challenge->add_option("-n,--candidates", flags->candidates, "How many; default as in the recipe");
  challenge->footer("Example:\n  sca challenge recipes/quickstart.toml -n 40 --run-dir runs/look");
  challenge->callback([&action, flags] { action = [flags] { return Run(*flags, true); }; });
}

}  // namespace sca::cli
