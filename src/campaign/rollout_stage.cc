#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "campaign/stages.h"
#include "rollout/executor.h"
#include "rollout/wave.h"
#include "task/agreement.h"
#include "task/pilot.h"

namespace sca::campaign {
namespace {

// Worked examples for the pilot, the same for all of a run.
std::vector<CodeAsTask> PilotExamples(const RunContext& run) {
  std::vector<CodeAsTask> examples = run.environment.examples();
  RandomStream random(DeriveSeed(run.recipe.seed, "pilot examples", 0));
  random.Shuffle(examples);
  const auto shown = static_cast<std::size_t>(run.recipe.gates.pilot_examples);
  if (examples.size() > shown) examples.resize(shown);
  return examples;
}

// `rollouts` episodes of each task; the rollouts of a task stand together and share their prompt.
Status PlayTasks(RunContext& run, const std::vector<CodeAsTask>& tasks, const Stage& stage,
                 std::size_t rollouts) {
  const Recipe& recipe = run.recipe;
  rollout::ExecutorOptions options;
  options.temperature = recipe.rollout.temperature;
  options.top_p = recipe.rollout.top_p;
  options.tokens_max = recipe.rollout.tokens_max;
  options.turns_max = recipe.rollout.max_turns;
  options.policy = PolicyName(stage.iteration - 1);
  if (stage.kind == "pilot") options.examples = PilotExamples(run);
  const rollout::Executor executor =
      SCA_TRY(rollout::Executor::Create(run.environment, run.prompts, options));
  SCA_TRY(UsePolicy(run, stage.iteration - 1));
  return RunWaves(
      run, stage, [&](std::size_t first, std::size_t count) -> Result<std::function<Status()>> {
        auto wave = std::make_shared<std::vector<Trajectory>>(count);
        SCA_TRY(rollout::PlayWave(
            run.model, count, run.progress, [&](std::size_t index, llm::Session& session) {
              const std::size_t unit = first + index;
              const std::uint64_t seed =
                  DeriveSeed(recipe.seed, fmt::format("{} {}", stage.kind, stage.iteration), unit);
              (*wave)[index] = executor.Play(tasks[unit / rollouts], session, seed);
            }));
        return std::function<Status()>([&run, wave, first, stage]() -> Status {
          for (std::size_t index = 0; index < wave->size(); ++index) {
            store::StoredTrajectory stored;
            stored.iteration = stage.iteration;
            stored.purpose = stage.kind;
            stored.index = static_cast<int>(first + index);
            stored.trajectory = std::move((*wave)[index]);
            SCA_TRY(run.store.AddTrajectory(stored));
          }
          return {};
        });
      });
}

std::vector<CodeAsTask> TasksOf(const std::vector<store::Candidate>& candidates) {
  std::vector<CodeAsTask> tasks;
  for (const store::Candidate& candidate : candidates) tasks.push_back(*candidate.task);
  return tasks;
}

// Writes the pilot's verdict into each candidate; a verdict of an earlier pilot gives way.
Status SavePilot(RunContext& run, std::vector<store::Candidate>& waiting, int iteration) {
  const auto rollouts = static_cast<std::size_t>(run.recipe.gates.pilot_rollouts);
  const std::vector<store::StoredTrajectory> stored =
      SCA_TRY(run.store.Trajectories({.iteration = iteration, .purpose = "pilot"}));
  for (std::size_t index = 0; index < waiting.size(); ++index) {
    std::vector<Trajectory> group;
    for (std::size_t unit = index * rollouts; unit < (index + 1) * rollouts; ++unit) {
      if (unit < stored.size()) group.push_back(stored[unit].trajectory);
    }
    store::Candidate& candidate = waiting[index];
    const TaskVerdict pilot = task::JudgePilot(group, run.recipe.gates);
    std::erase_if(candidate.verdict.gates, [&](const GateVerdict& old) {
      return std::any_of(pilot.gates.begin(), pilot.gates.end(),
                         [&](const GateVerdict& gate) { return gate.gate == old.gate; });
    });
    candidate.verdict.gates.insert(candidate.verdict.gates.end(), pilot.gates.begin(),
                                   pilot.gates.end());
    const task::Trace trace = SCA_TRY(task::Trace::FromJson(candidate.trace));
    const task::Agreement found = SCA_TRY(task::AgreementOf(group, trace, run.environment));
    candidate.agreement = {.attempts = found.attempts,
                           .agreed = found.agreed,
                           .by_another_trace = found.by_another_trace};
    const auto kept = run.recipe.gates.approval ? store::CandidateFate::kWaiting
                                                : store::CandidateFate::kAccepted;
    candidate.fate = pilot.passed() ? kept : store::CandidateFate::kSetAside;
    SCA_TRY(run.store.UpdateCandidate(candidate));
  }
  return {};
}

// The candidates whose pilot is this iteration's: all that were set aside when it began. They are
// recognised after the pilot too, because the list is kept with the run.
Result<std::vector<store::Candidate>> PilotCandidates(RunContext& run, int iteration) {
  const std::string key = fmt::format("pilot_candidates_{}", iteration);
  std::vector<store::Candidate> all = SCA_TRY(run.store.Candidates(std::nullopt));
  const std::optional<Json> listed = SCA_TRY(run.store.Meta(key));
  std::vector<store::Candidate> waiting;
  Json ids = Json::array();
  for (store::Candidate& candidate : all) {
    if (!candidate.task.has_value()) continue;
    const bool waits = listed.has_value() ? std::find(listed->begin(), listed->end(),
                                                      candidate.task->id) != listed->end()
                                          : candidate.fate == store::CandidateFate::kSetAside;
    if (!waits) continue;
    ids.push_back(candidate.task->id);
    waiting.push_back(std::move(candidate));
  }
  if (!listed.has_value()) SCA_TRY(run.store.SetMeta(key, ids));
  return waiting;
}

}  // namespace

Status Pilot(RunContext& run, int iteration) {
  std::vector<store::Candidate> waiting = SCA_TRY(PilotCandidates(run, iteration));
  const auto rollouts = static_cast<std::size_t>(run.recipe.gates.pilot_rollouts);
  const Stage stage{.kind = "pilot",
                    .iteration = iteration,
                    .title = fmt::format("Iteration {}: pilot rollouts", iteration),
                    .unit = "episodes",
                    .units = waiting.size() * rollouts};
  SCA_TRY(PlayTasks(run, TasksOf(waiting), stage, rollouts));
  if (SCA_TRY(run.store.WavesDone("pilot verdicts", iteration)) > 0) return {};
  store::Transaction transaction = SCA_TRY(run.store.Begin());
  SCA_TRY(SavePilot(run, waiting, iteration));
  SCA_TRY(run.store.MarkWave("pilot verdicts", iteration, 0));
  return transaction.Commit();
}

Status Rollout(RunContext& run, int iteration) {
  std::vector<store::Candidate> accepted = SCA_TRY(PilotCandidates(run, iteration));
  std::erase_if(accepted, [](const store::Candidate& candidate) {
    return candidate.fate != store::CandidateFate::kAccepted;
  });
  const GateSettings& gates = run.recipe.gates;
  const int played = gates.pilot_examples == 0 ? gates.pilot_rollouts : 0;
  const auto rollouts = static_cast<std::size_t>(run.recipe.rollout.group_size - played);
  const Stage stage{.kind = "rollout",
                    .iteration = iteration,
                    .title = fmt::format("Iteration {}: rollouts", iteration),
                    .unit = "episodes",
                    .units = accepted.size() * rollouts};
  return PlayTasks(run, TasksOf(accepted), stage, rollouts);
}

}  // namespace sca::campaign
