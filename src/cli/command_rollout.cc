// rollout: an executor plays tasks, and shows or saves what it did.

#include <fmt/format.h>

#include <memory>

#include "base/files.h"
#include "base/random.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/executor_parts.h"
#include "cli/output.h"
#include "rollout/executor.h"
#include "rollout/wave.h"

namespace sca::cli {
namespace {

struct RolloutFlags : ExecutorFlags {
  std::string file;
  std::string out;
  int tasks_max = 0;
  int turns_max = 0;
  int tokens_max = 160;
  bool held_out = false;
  bool transcripts = false;
};

Result<std::vector<CodeAsTask>> TasksOf(const RolloutFlags& flags,
                                        const env::Environment& environment) {
  std::vector<CodeAsTask> tasks =
      flags.held_out ? environment.heldout()
                     : SCA_TRY(ParseTasks(SCA_TRY(ReadFile(flags.file)), flags.file));
  if (flags.tasks_max > 0 && tasks.size() > static_cast<std::size_t>(flags.tasks_max)) {
    tasks.resize(static_cast<std::size_t>(flags.tasks_max));
  }
  if (tasks.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 flags.held_out
                     ? fmt::format("{} has no held-out tasks.", environment.settings().name)
                     : fmt::format("There is no task in {}.", flags.file)};
  }
  return tasks;
}

Result<std::vector<Trajectory>> Play(const RolloutFlags& flags, const ExecutorParts& parts,
                                     const std::vector<CodeAsTask>& tasks, Progress& progress) {
  const auto executor = SCA_TRY(rollout::Executor::Create(*parts.environment, parts.prompts,
                                                          {.temperature = flags.temperature,
                                                           .top_p = flags.top_p,
                                                           .tokens_max = flags.tokens_max,
                                                           .turns_max = flags.turns_max,
                                                           .policy = parts.policy}));
  const auto trials = static_cast<std::size_t>(flags.trials);
  std::vector<Trajectory> trajectories(tasks.size() * trials);
  progress.Begin("Rollouts", trajectories.size(), "episodes");
  SCA_TRY(rollout::PlayWave(
      *parts.model, trajectories.size(), progress, [&](std::size_t unit, llm::Session& session) {
        trajectories[unit] =
            executor.Play(tasks[unit / trials], session, DeriveSeed(flags.seed, "rollout", unit));
      }));
  progress.End();
  return trajectories;
}

void PrintTranscript(const CodeAsTask& task, const Trajectory& trajectory) {
  fmt::print("  instruction: {}\n", task.instruction);
  for (const Turn& turn : trajectory.turns) {
    fmt::print("  agent:\n    {}\n", ReplaceAll(std::string(Trim(turn.agent)), "\n", "\n    "));
    if (!turn.observation.empty()) {
      fmt::print("  observation:\n    {}\n",
                 ReplaceAll(std::string(Trim(turn.observation)), "\n", "\n    "));
    }
  }
  fmt::print("  answer: {}\n\n", trajectory.answer.value_or("none"));
}

void PrintTrajectories(const RolloutFlags& flags, const std::vector<CodeAsTask>& tasks,
                       const std::vector<Trajectory>& trajectories) {
  const auto trials = static_cast<std::size_t>(flags.trials);
  int successes = 0;
  for (std::size_t unit = 0; unit < trajectories.size(); ++unit) {
    const Trajectory& trajectory = trajectories[unit];
    if (trajectory.succeeded()) ++successes;
    fmt::print("{:<24} trial {:<3} {:<10} {} turns, {} tool calls, {} tokens, {}{}\n",
               Shorten(trajectory.task_id, 24), unit % trials + 1, trajectory.outcome,
               trajectory.turns.size(), trajectory.tool_calls(), trajectory.agent_tokens(),
               EpisodeEndingName(trajectory.ending),
               trajectory.error.empty() ? "" : ": " + Shorten(trajectory.error, 120));
    if (flags.transcripts) PrintTranscript(tasks[unit / trials], trajectory);
  }
  fmt::print("{} of {} rollouts succeed.{}\n", successes, trajectories.size(),
             flags.out.empty() ? "" : " The trajectories are in " + flags.out + ".");
}

Result<Exit> RollOut(const RolloutFlags& flags) {
  if (flags.held_out == !flags.file.empty()) {
    return PrintError({ErrorCode::kInvalidArgument, "Give a file of tasks, or --heldout."},
                      Exit::kUsage);
  }
  const auto progress = MakeProgress(flags.json || flags.quiet);
  const ExecutorParts parts = SCA_TRY(OpenExecutorParts(flags, *progress));
  const std::vector<CodeAsTask> tasks = SCA_TRY(TasksOf(flags, *parts.environment));
  const std::vector<Trajectory> trajectories = SCA_TRY(Play(flags, parts, tasks, *progress));
  std::string lines;
  if (flags.json || !flags.out.empty()) {
    for (const Trajectory& trajectory : trajectories) lines += DumpJson(trajectory.ToJson()) + "\n";
  }
  if (!flags.out.empty()) SCA_TRY(WriteFileAtomically(flags.out, lines));
  if (flags.json) {
    fmt::print("{}", lines);
  } else {
    PrintTrajectories(flags, tasks, trajectories);
    fmt::print("{}\n", SpeedSentence(parts.model->statistics()));
  }
  return Exit::kDone;
}

}  // namespace

void AddRollout(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<RolloutFlags>();
  flags->temperature = 1.0;
  flags->trials = 1;
  CLI::App* rollout = app.add_subcommand("rollout", "An executor plays tasks, turn by turn");
  rollout->add_option("FILE", flags->file, "Tasks, one JSON object a line")->type_name("FILE");
  rollout->add_flag("--heldout", flags->held_out, "The environment's held-out tasks, not a file");
  AddExecutorFlags(*rollout, *flags);
  rollout->add_option("--tasks-max", flags->tasks_max, "Tasks played, from the first; 0: all")
      ->type_name("N")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  rollout
      ->add_option("--max-turns", flags->turns_max, "Turns an episode; 0: as the environment says")
      ->type_name("N")
      ->check(CLI::Range(0, 100))
      ->capture_default_str();
  rollout->add_option("--tokens-max", flags->tokens_max, "Tokens a message")
      ->type_name("N")
      ->check(CLI::Range(16, 8192))
      ->capture_default_str();
  rollout->add_flag("--transcripts", flags->transcripts,
                    "Print what was said and seen, turn by turn");
  rollout->add_option("--out", flags->out, "Write the trajectories here, one JSON object a line")
      ->type_name("FILE");
  rollout->add_flag("--json", flags->json,
                    "The trajectories on standard output, a JSON object a line");
  rollout->footer(
      "Examples:\n"
      "  sca rollout --heldout --env kitchen --tasks-max 3 --transcripts\n"
      "  sca rollout my_tasks.jsonl --env kitchen --trials 8 --out played.jsonl\n"
      "Prints a line an episode (verdict, turns, tool calls, tokens) and how many succeed.\n"
      "A trajectory holds turns, tool calls, token ids, log-probabilities and the reward.");
  rollout->callback([&action, flags] { action = [flags] { return RollOut(*flags); }; });
}

}  // namespace sca::cli
