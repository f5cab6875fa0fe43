#include "cli/model_parity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/files.h"
#include "base/random.h"
#include "env/environment.h"
#include "llm/catalog.h"
#include "llm/llama_model.h"
#include "rollout/executor.h"
#include "rollout/wave.h"
#include "train/blas.h"

namespace sca::cli {
namespace {

constexpr std::size_t kTokensMin = 200;
constexpr int kContextTokens = 3072;

Json Spread(std::vector<double> differences) {
  std::sort(differences.begin(), differences.end());
  double sum = 0;
  for (const double difference : differences) sum += difference;
  const auto count = static_cast<double>(differences.size());
  const auto at = static_cast<std::size_t>(std::ceil(0.99 * count)) - 1;
  return {{"tokens", differences.size()},
          {"mean", sum / count},
          {"p99", differences[at]},
          {"max", differences.back()}};
}

Result<std::vector<Trajectory>> Play(llm::LlamaModel& model, const ParityOptions& options,
                                     Progress& progress) {
  const auto environment =
      SCA_TRY(env::Environment::Load(SCA_TRY(env::Environment::Find(options.environment))));
  const auto prompts = SCA_TRY(rollout::PromptLibrary::Load(ProjectFolder() / "prompts"));
  const auto executor = SCA_TRY(rollout::Executor::Create(*environment, prompts, {}));
  const std::vector<CodeAsTask>& tasks = environment->examples();
  if (tasks.empty()) {
    return Error{ErrorCode::kFailedPrecondition, options.environment + " has no example tasks."};
  }
  std::vector<Trajectory> trajectories(options.episodes);
  progress.Begin("Playing episodes", options.episodes, "episodes");
  SCA_TRY(rollout::PlayWave(
      model, options.episodes, progress, [&](std::size_t index, llm::Session& session) {
        trajectories[index] = executor.Play(tasks[index % tasks.size()], session,
                                            DeriveSeed(options.seed, "parity", index));
      }));
  for (const Trajectory& trajectory : trajectories) {
    if (trajectory.ending == EpisodeEnding::kInfrastructure) {
      return Error{ErrorCode::kUnavailable, trajectory.error};
    }
  }
  return trajectories;
}

}  // namespace

Result<Json> MeasureParity(const ParityOptions& options, Progress& progress) {
  const auto file = SCA_TRY(llm::FindModel(options.model));
  std::vector<Trajectory> trajectories;
  std::vector<std::vector<float>> scored;
  {
    const auto model = SCA_TRY(
        llm::LlamaModel::Load(file, {.width = std::min<int>(static_cast<int>(options.episodes), 48),
                                     .context_tokens = kContextTokens}));
    SCA_TRY(model->SetAdapter(options.adapter));
    trajectories = SCA_TRY(Play(*model, options, progress));
    progress.Begin("Scoring with llama.cpp", trajectories.size(), "episodes");
    for (const Trajectory& trajectory : trajectories) {
      progress.Advance(1);
      scored.push_back(SCA_TRY(model->ScoreTokens(trajectory.tokens)));
    }
  }
  train::TrainerOptions trainer_options;
  trainer_options.precision = options.precision;
  train::LoraOptions lora;
  if (options.adapter.has_value()) {
    lora = SCA_TRY(train::Trainer::AdapterOptions(*options.adapter));
  }
  const auto trainer = SCA_TRY(train::Trainer::Create(file, lora, 1, trainer_options));
  if (options.adapter.has_value()) SCA_TRY(trainer->LoadAdapter(*options.adapter));
  std::vector<double> differences;
  std::vector<double> from_sampling;
  progress.Begin("Scoring with the trainer", trajectories.size(), "episodes");
  for (std::size_t episode = 0; episode < trajectories.size(); ++episode) {
    const Trajectory& trajectory = trajectories[episode];
    const std::vector<float> trained = SCA_TRY(trainer->LogProbabilities(trajectory.tokens));
    for (std::size_t token = 1; token < trajectory.tokens.size(); ++token) {
      if (!trajectory.by_agent[token]) continue;
      differences.push_back(std::abs(trained[token - 1] - scored[episode][token - 1]));
      from_sampling.push_back(std::abs(trained[token - 1] - trajectory.logprobs[token]));
    }
    progress.Advance(1);
  }
  progress.End();
  if (differences.size() < kTokensMin) {
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("The episodes gave only {} tokens; {} are needed.", differences.size(),
                             kTokensMin)};
  }
  Json parity = Spread(std::move(differences));
  parity["sampling"] = Spread(std::move(from_sampling));
  const bool bf16 = options.precision == train::Precision::kBf16 && train::HasFastBf16();
  parity["precision"] = bf16 ? "bf16" : "fp32";
  parity["model"] = file.string();
  parity["adapter"] = options.adapter.has_value() ? Json(options.adapter->string()) : Json(nullptr);
  return parity;
}

}  // namespace sca::cli
