// eval: an executor on an environment's held-out tasks.

#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/executor_parts.h"
#include "cli/output.h"
#include "eval/held_out.h"

namespace sca::cli {
namespace {

struct EvalFlags : ExecutorFlags {
  int tasks_max = 0;
};

void PrintEvaluation(const Evaluation& evaluation, const llm::ModelStatistics& work) {
  fmt::print("{:<28} {:>5}  {:>9}\n", "task", "calls", "successes");
  for (const TaskScore& task : evaluation.tasks) {
    fmt::print("{:<28} {:>5}  {:>5} of {}\n", task.task_id, task.calls, task.successes,
               task.trials);
  }
  fmt::print(
      "\npass@1 {:.1f}% (mean of {} trials; 95% interval {:.1f} to {:.1f}%, Wilson), pass@4 "
      "{:.1f}%\n(1 - C(n-c, 4) / C(n, 4)), over {} tasks of {} with policy {}.\n",
      100 * evaluation.pass_at_1, evaluation.trials, 100 * evaluation.pass_at_1_interval.low,
      100 * evaluation.pass_at_1_interval.high, 100 * evaluation.pass_at_4, evaluation.tasks.size(),
      evaluation.environment, evaluation.policy);
  if (evaluation.infrastructure_failures > 0) {
    fmt::print("{} episodes broke for reasons of ours and count nowhere.\n",
               evaluation.infrastructure_failures);
  }
  fmt::print("{}\n", SpeedSentence(work));
}

Result<Exit> Evaluate(const EvalFlags& flags) {
  const auto progress = MakeProgress(flags.json || flags.quiet);
  const ExecutorParts parts = SCA_TRY(OpenExecutorParts(flags, *progress));
  EvaluationSettings settings;
  settings.trials = flags.trials;
  settings.temperature = flags.temperature;
  settings.top_p = flags.top_p;
  settings.tasks_max = flags.tasks_max;
  const auto held_out = SCA_TRY(eval::HeldOut::Create(
      *parts.environment, parts.prompts,
      {.stage = "evaluation", .policy = parts.policy, .seed = flags.seed, .settings = settings}));
  progress->Begin("Held-out tasks", held_out.units(), "episodes");
  const std::vector<Trajectory> trajectories =
      SCA_TRY(held_out.Play(*parts.model, 0, held_out.units(), *progress));
  progress->End();
  const Evaluation evaluation = held_out.Score(trajectories);
  if (flags.json) {
    PrintJson(evaluation.ToJson());
  } else {
    PrintEvaluation(evaluation, parts.model->statistics());
  }
  return Exit::kDone;
}

}  // namespace

void AddEval(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<EvalFlags>();
  CLI::App* eval = app.add_subcommand("eval", "Held-out tasks of an environment: pass@1, pass@4");
  AddExecutorFlags(*eval, *flags);
  eval->add_option("--tasks-max", flags->tasks_max, "Held-out tasks used; 0: all")
      ->type_name("N")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  eval->add_flag("--json", flags->json,
                 "As JSON: {environment, policy, pass_at_1, pass_at_1_interval, pass_at_4, tasks: "
                 "[…], …}");
  eval->footer(
      "Examples:\n"
      "  sca eval --env kitchen\n"
      "  sca eval --env kitchen --adapter runs/first/adapters/iteration_2.gguf --json\n"
      "Prints successes per task, pass@1 with its 95% interval, pass@4, and the speed.");
  eval->callback([&action, flags] { action = [flags] { return Evaluate(*flags); }; });
}

}  // namespace sca::cli
