// rollout, eval: an executor on tasks from a file, and on an environment's held-out tasks.

#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "base/random.h"
#include "cli/commands.h"
#include "cli/recipe_flags.h"
#include "env/environment.h"
#include "eval/held_out.h"
#include "llm/catalog.h"
#include "llm/llama_model.h"
#include "rollout/executor.h"
#include "rollout/wave.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

struct EpisodeFlags {
  std::string tasks;
  std::string environment;
  std::string model = "qwen2.5-coder-0.5b-instruct";
  std::string adapter;
  std::string out;
  int trials = 4;
  int width = 32;
  double temperature = 0.7;
  std::uint64_t seed = 1;
  bool json = false;
};

struct Parts {
  std::unique_ptr<env::Environment> environment;
  rollout::PromptLibrary prompts;
  std::unique_ptr<llm::LlamaModel> model;
  std::string policy;
};

Result<Parts> OpenParts(const EpisodeFlags& flags) {
  Parts parts;
  parts.environment =
      SCA_TRY(env::Environment::Load(SCA_TRY(env::Environment::Find(flags.environment))));
  parts.prompts = SCA_TRY(rollout::PromptLibrary::Load(ProjectFolder() / "prompts"));
  const fs::path file = SCA_TRY(llm::FindModel(flags.model));
  parts.model =
      SCA_TRY(llm::LlamaModel::Load(file, {.width = flags.width, .context_tokens = 3072}));
  parts.policy = "base";
  if (!flags.adapter.empty()) {
    SCA_TRY(parts.model->SetAdapter(fs::path(flags.adapter)));
    parts.policy = fs::path(flags.adapter).stem().string();
  }
  return parts;
}

Result<Exit> Evaluate(const EpisodeFlags& flags) {
  Parts parts = SCA_TRY(OpenParts(flags));
  EvaluationSettings settings;
  settings.trials = flags.trials;
  settings.temperature = flags.temperature;
  const auto held_out = SCA_TRY(eval::HeldOut::Create(
      *parts.environment, parts.prompts,
      {.stage = "evaluation", .policy = parts.policy, .seed = flags.seed, .settings = settings}));
  const auto progress = MakeProgress(flags.json);
  progress->Begin("Held-out tasks", held_out.units(), "episodes");
  const std::vector<Trajectory> trajectories =
      SCA_TRY(held_out.Play(*parts.model, 0, held_out.units(), *progress));
  progress->End();
  const Evaluation evaluation = held_out.Score(trajectories);
  const llm::ModelStatistics work = parts.model->statistics();
  if (flags.json) {
    PrintJson(evaluation.ToJson());
  } else {
    fmt::print("{} tokens decoded ({:.0f}/s), {} prompt tokens evaluated ({:.0f}/s), {} reused.\n",
               work.tokens_decoded, static_cast<double>(work.tokens_decoded) / work.decode_seconds,
               work.prompt_tokens_evaluated,
               static_cast<double>(work.prompt_tokens_evaluated) / work.prompt_seconds,
               work.prompt_tokens_reused);
    fmt::print(
        "pass@1 {:.1f}% (95% interval {:.1f} to {:.1f}%), pass@4 {:.1f}%: {} tasks, {} trials "
        "each.\n",
        100 * evaluation.pass_at_1, 100 * evaluation.pass_at_1_interval.low,
        100 * evaluation.pass_at_1_interval.high, 100 * evaluation.pass_at_4,
        evaluation.tasks.size(), evaluation.trials);
  }
  return Exit::kDone;
}

Result<Exit> RollOut(const EpisodeFlags& flags) {
  Parts parts = SCA_TRY(OpenParts(flags));
  const std::vector<CodeAsTask> tasks =
      SCA_TRY(ParseTasks(SCA_TRY(ReadFile(flags.tasks)), flags.tasks));
  rollout::ExecutorOptions options;
  options.temperature = flags.temperature;
  options.policy = parts.policy;
  const auto executor =
      SCA_TRY(rollout::Executor::Create(*parts.environment, parts.prompts, options));
  const auto trials = static_cast<std::size_t>(flags.trials);
  std::vector<Trajectory> trajectories(tasks.size() * trials);
  const auto progress = MakeProgress(flags.json);
  progress->Begin("Rollouts", trajectories.size(), "episodes");
  SCA_TRY(rollout::PlayWave(
      *parts.model, trajectories.size(), *progress, [&](std::size_t unit, llm::Session& session) {
        trajectories[unit] =
            executor.Play(tasks[unit / trials], session, DeriveSeed(flags.seed, "rollout", unit));
      }));
  progress->End();
  std::string lines;
  int successes = 0;
  for (const Trajectory& trajectory : trajectories) {
    if (trajectory.succeeded()) ++successes;
    lines += DumpJson(trajectory.ToJson()) + "\n";
  }
  if (!flags.out.empty()) SCA_TRY(WriteFileAtomically(flags.out, lines));
  if (flags.json) {
    fmt::print("{}", lines);
  } else {
    fmt::print("{} of {} rollouts succeed.{}\n", successes, trajectories.size(),
               flags.out.empty() ? "" : " Trajectories: " + flags.out);
  }
  return Exit::kDone;
}

void AddShared(CLI::App& command, EpisodeFlags& flags) {
  command.add_option("--env", flags.environment, "Environment: a name or a folder")->required();
  command.add_option("--model", flags.model, "A name of the catalogue, or a GGUF file")
      ->capture_default_str();
  command.add_option("--adapter", flags.adapter, "A LoRA adapter (GGUF) over the model");
  command.add_option("--trials", flags.trials, "Attempts at each task")->capture_default_str();
  command.add_option("--temperature", flags.temperature, "Sampling temperature")
      ->capture_default_str();
  command.add_option("--width", flags.width, "Sequences decoded together")->capture_default_str();
  command.add_option("--seed", flags.seed, "Of the sampling")->capture_default_str();
  command.add_flag("--json", flags.json, "As JSON");
}

}  // namespace

void AddEpisodes(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<EpisodeFlags>();
  CLI::App* eval = app.add_subcommand("eval", "Held-out tasks of an environment: pass@1, pass@4");
  AddShared(*eval, *flags);
  eval->footer(
      "Examples:\n"
      "  sca eval --env kitchen\n"
      "  sca eval --env kitchen --adapter runs/first/adapters/iteration_2.gguf --json");
  eval->callback([&action, flags] { action = [flags] { return Evaluate(*flags); }; });

  CLI::App* rollout = app.add_subcommand("rollout", "Plays tasks from a file with an executor");
  rollout->add_option("FILE", flags->tasks, "Tasks, one JSON object a line")->required();
  AddShared(*rollout, *flags);
  rollout->add_option("--out", flags->out, "Write the trajectories here, one JSON object a line");
  rollout->footer(
      "Example:\n  sca rollout tasks.jsonl --env kitchen --trials 8 --out played.jsonl");
  rollout->callback([&action, flags] { action = [flags] { return RollOut(*flags); }; });
}

}  // namespace sca::cli
