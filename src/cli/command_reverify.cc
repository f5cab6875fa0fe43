// reverify: what a run's tasks and attempts would be worth today.

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/text.h"
#include "campaign/reverify.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/recipe_flags.h"
#include "cli/visible.h"

namespace sca::cli {
namespace {

struct ReverifyFlags : RecipeFlags {
  std::string run;
  bool json = false;
  bool quiet = false;
};

// What a model or a person wrote, in one line of a terminal.
std::string OneLine(const std::string& text) {
  return Shorten(Visible(ReplaceAll(text, "\n", " ")), 200);
}

std::string Spelled(const std::optional<double>& reward) {
  return reward.has_value() ? fmt::format("{:g}", *reward) : "none";
}

void PrintRows(std::string_view what, const std::vector<campaign::TrainingRow>& rows) {
  for (const campaign::TrainingRow& row : rows) {
    fmt::print(
        "training row {} {:<10} {}\n", what, row.task_id,
        row.demonstration ? "its solution" : fmt::format("trajectory {}", row.trajectory_id));
  }
}

void Print(const campaign::Reverification& result) {
  for (const campaign::TaskFlip& flip : result.task_flips) {
    fmt::print("task {:<12} {} → {}: {}\n", flip.task_id, flip.before, flip.after,
               OneLine(flip.evidence));
  }
  for (const campaign::TrajectoryFlip& flip : result.trajectory_flips) {
    fmt::print("trajectory {:<6} {} of {}: reward {} → {}: {}\n", flip.id, flip.purpose,
               flip.task_id, Spelled(flip.before), Spelled(flip.after), OneLine(flip.why));
  }
  PrintRows("gone", result.rows_gone);
  PrintRows("new ", result.rows_new);
  fmt::print("{} of {} tasks and {} of {} trajectories flip", result.task_flips.size(),
             result.tasks, result.trajectory_flips.size(), result.trajectories);
  if (result.trajectories_skipped > 0) {
    fmt::print(" ({} more could not be judged)", result.trajectories_skipped);
  }
  fmt::print("; {} training rows become {}.\n", result.rows_before, result.rows_after);
}

Result<Exit> Reverify(const ReverifyFlags& flags) {
  const auto progress = MakeProgress(flags.json || flags.quiet);
  const Result<campaign::Reverification> result =
      campaign::Reverify(flags.run, flags.overrides, *progress);
  if (!result.ok()) return PrintRecipeError(result.error());
  if (flags.json) {
    PrintJson(result->ToJson());
  } else {
    Print(*result);
  }
  return result->flips() ? Exit::kGateNotMet : Exit::kDone;
}

}  // namespace

void AddReverify(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<ReverifyFlags>();
  CLI::App* reverify = app.add_subcommand(
      "reverify", "Judges a run's tasks and attempts again, under other thresholds or newer code");
  reverify->add_option("RUN", flags->run, "Folder of the run")->required()->type_name("DIR");
  AddOverrides(*reverify, *flags);
  reverify->add_flag("--quiet", flags->quiet, "No progress on standard error");
  reverify->add_flag("--json", flags->json,
                     "As JSON: {tasks, trajectories, task_flips: [{task, gate, before, after, "
                     "evidence}], trajectory_flips: [{trajectory, task, purpose, before, after, "
                     "why}], rows: {before, after, gone, new}}");
  reverify->footer(
      "Examples:\n"
      "  sca reverify runs/first\n"
      "  sca reverify runs/first --set gates.mutants_rejected_min=0.9 --json\n"
      "Prints every task whose fate or gate is another now, every attempt whose reward is, and\n"
      "the training rows that go or come with them. Solutions, failure cases and recorded tool\n"
      "calls are run again in fresh worlds; no model is needed and the run stays as it is.\n"
      "Exit code 100 if anything flips.");
  reverify->callback([&action, flags] { action = [flags] { return Reverify(*flags); }; });
}

}  // namespace sca::cli
