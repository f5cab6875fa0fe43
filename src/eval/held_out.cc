#include "eval/held_out.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "domain/statistics.h"
#include "rollout/wave.h"

namespace sca::eval {
namespace {

constexpr int kPassAtK = 4;

// Tool calls in the reference solution, counted as its text's calls of known tools.
int CallsOf(const env::Environment& environment, const CodeAsTask& task) {
  int calls = 0;
  for (const ToolSpec& tool : environment.tools()) {
    const std::string opening = tool.name + "(";
    for (std::size_t at = task.solution.find(opening); at != std::string::npos;
         at = task.solution.find(opening, at + 1)) {
      const bool starts_word =
          at == 0 || (std::isalnum(static_cast<unsigned char>(task.solution[at - 1])) == 0 &&
                      task.solution[at - 1] != '_');
      if (starts_word) ++calls;
    }
  }
  return calls;
}

}  // namespace

HeldOut::HeldOut(const env::Environment& environment, EvaluationPlan plan,
                 rollout::Executor executor)
    : environment_(&environment),
      plan_(std::move(plan)),
      executor_(std::move(executor)),
      tasks_(environment.heldout()) {
  const auto limit = static_cast<std::size_t>(plan_.settings.tasks_max);
  if (limit > 0 && tasks_.size() > limit) tasks_.resize(limit);
}

Result<HeldOut> HeldOut::Create(const env::Environment& environment,
                                const rollout::PromptLibrary& prompts, EvaluationPlan plan) {
  if (environment.heldout().empty()) {
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("The environment \"{}\" has no tasks/heldout.jsonl to evaluate on.",
                             environment.settings().name)};
  }
  rollout::ExecutorOptions options;
  options.temperature = plan.settings.temperature;
  options.top_p = plan.settings.top_p;
  options.policy = plan.policy;
  rollout::Executor executor =
      SCA_TRY(rollout::Executor::Create(environment, prompts, std::move(options)));
  return HeldOut(environment, std::move(plan), std::move(executor));
}

std::size_t HeldOut::units() const {
  return tasks_.size() * static_cast<std::size_t>(plan_.settings.trials);
}

Result<std::vector<Trajectory>> HeldOut::Play(llm::Model& model, std::size_t first,
                                              std::size_t count, Progress& progress) const {
  std::vector<Trajectory> trajectories(count);
  const auto trials = static_cast<std::size_t>(plan_.settings.trials);
  SCA_TRY(rollout::PlayWave(model, count, progress, [&](std::size_t index, llm::Session& session) {
    const std::size_t unit = first + index;
    // The same seeds before and after training: the comparison is paired.
    const std::uint64_t seed = DeriveSeed(plan_.seed, "held-out trial", unit);
    trajectories[index] = executor_.Play(tasks_[unit / trials], session, seed);
  }));
  return trajectories;
}

Evaluation HeldOut::Score(std::span<const Trajectory> trajectories) const {
  Evaluation evaluation;
  evaluation.stage = plan_.stage;
  evaluation.policy = plan_.policy;
  evaluation.environment = environment_->settings().name;
  evaluation.seed = plan_.seed;
  evaluation.trials = plan_.settings.trials;
  const auto trials = static_cast<std::size_t>(plan_.settings.trials);
  int successes = 0;
  int judged = 0;
  double pass_at_k = 0;
  for (std::size_t index = 0; index < tasks_.size(); ++index) {
    TaskScore score{.task_id = tasks_[index].id, .calls = CallsOf(*environment_, tasks_[index])};
    for (std::size_t unit = index * trials;
         unit < std::min((index + 1) * trials, trajectories.size()); ++unit) {
      // Without a reward but played to its end is a failure: an answer that evaluate stumbles over
      // must not take its trial out of the figures.
      if (trajectories[unit].ending == EpisodeEnding::kInfrastructure) {
        ++evaluation.infrastructure_failures;
        continue;
      }
      ++score.trials;
      if (trajectories[unit].succeeded()) ++score.successes;
    }
    successes += score.successes;
    judged += score.trials;
    if (score.trials > 0) {
      pass_at_k += PassAtK(score.trials, score.successes, std::min(kPassAtK, score.trials));
    }
    evaluation.tasks.push_back(score);
  }
  if (judged > 0) evaluation.pass_at_1 = static_cast<double>(successes) / judged;
  evaluation.pass_at_1_interval = WilsonInterval(successes, judged);
  evaluation.pass_at_4 = pass_at_k / static_cast<double>(tasks_.size());
  return evaluation;
}

}  // namespace sca::eval
