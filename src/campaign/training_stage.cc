#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "base/check.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/random.h"
#include "campaign/stages.h"
#include "campaign/training_rows.h"
#include "rollout/executor.h"
#include "train/trainer.h"

namespace sca::campaign {
namespace {

Result<std::vector<TrainingRow>> RowsOf(RunContext& run) {
  const rollout::Executor executor =
      SCA_TRY(rollout::Executor::Create(run.environment, run.prompts, {}));
  const std::vector<store::Candidate> candidates = SCA_TRY(run.store.Candidates(std::nullopt));
  std::vector<store::StoredTrajectory> trajectories;
  for (const std::string purpose : {"pilot", "rollout"}) {
    // An attempt that saw examples is not one that the executor could have made.
    if (purpose == "pilot" && run.recipe.gates.pilot_examples > 0) continue;
    for (store::StoredTrajectory& stored :
         SCA_TRY(run.store.Trajectories({.iteration = std::nullopt, .purpose = purpose}))) {
      trajectories.push_back(std::move(stored));
    }
  }
  return SelectRows(candidates, trajectories, run.recipe.train,
                    [&](const CodeAsTask& task) -> Result<TrainingRow> {
                      TrainingRow row;
                      row.tokens = SCA_TRY(run.llama->PromptTokens(executor.Opening(task)));
                      row.by_agent.resize(row.tokens.size(), false);
                      const std::vector<int> reply =
                          SCA_TRY(run.llama->Tokenize(rollout::Executor::Demonstration(task)));
                      row.tokens.insert(row.tokens.end(), reply.begin(), reply.end());
                      row.by_agent.resize(row.tokens.size(), true);
                      return row;
                    });
}

std::vector<train::TrainingSequence> ToSequences(const std::vector<TrainingRow>& rows) {
  std::vector<train::TrainingSequence> sequences;
  for (const TrainingRow& row : rows) {
    train::TrainingSequence sequence;
    sequence.tokens = row.tokens;
    for (const bool by_agent : row.by_agent) sequence.weights.push_back(by_agent ? 1.0F : 0.0F);
    sequences.push_back(std::move(sequence));
  }
  return sequences;
}

Result<std::vector<double>> FineTune(RunContext& run, const std::vector<TrainingRow>& rows,
                                     int iteration, const std::filesystem::path& adapter) {
  const TrainSettings& settings = run.recipe.train;
  const train::LoraOptions lora{.rank = settings.lora.rank,
                                .alpha = settings.lora.alpha,
                                .dropout = settings.lora.dropout,
                                .target_modules = settings.lora.target_modules};
  const std::uint64_t seed =
      DeriveSeed(run.recipe.seed, "train", static_cast<std::uint64_t>(iteration));
  train::TrainerOptions trainer_options;
  trainer_options.precision =
      settings.precision == "fp32" ? train::Precision::kFp32 : train::Precision::kBf16;
  trainer_options.workers = settings.workers;
  const std::unique_ptr<train::Trainer> trainer =
      SCA_TRY(train::Trainer::Create(run.llama->path(), lora, seed, trainer_options));

  train::FineTuneOptions options;
  options.learning_rate = settings.learning_rate;
  options.epochs = settings.epochs;
  options.batch_size = settings.batch_size;
  options.weight_decay = settings.weight_decay;
  options.warmup_ratio = settings.warmup_ratio;
  options.seed = seed;
  std::vector<double> losses;
  const auto report_step = [&](const train::StepReport& step) {
    if (losses.empty()) {
      run.progress.Begin(fmt::format("Iteration {}: rejection fine-tuning", iteration),
                         static_cast<std::size_t>(step.steps_total), "steps");
    }
    losses.push_back(step.loss);
    run.progress.Note(fmt::format("loss {:.3f}", step.loss));
    run.progress.Advance(1);
  };
  const std::vector<train::TrainingSequence> sequences = ToSequences(rows);
  SCA_TRY(trainer->FineTune(sequences, options, report_step));
  run.progress.End();
  SCA_TRY(CreateFolders(adapter.parent_path()));
  SCA_TRY(trainer->SaveAdapter(adapter));
  return losses;
}

// Steps count on over iterations.
Status AddLossMetrics(RunContext& run, const std::vector<double>& losses) {
  std::int64_t step = 0;
  for (const store::Metric& metric : SCA_TRY(run.store.Metrics())) {
    if (metric.name == "loss") step = std::max(step, metric.step);
  }
  for (const double loss : losses) SCA_TRY(run.store.AddMetric({"loss", ++step, loss}));
  return {};
}

}  // namespace

Result<store::TrainingRecord> MakeAdapter(RunContext& run, int iteration,
                                          const std::filesystem::path& adapter) {
  SCA_CHECK(run.llama != nullptr);
  const auto start = std::chrono::steady_clock::now();
  const std::vector<TrainingRow> rows = SCA_TRY(RowsOf(run));
  if (rows.empty()) {
    return NothingToTrainOn(SCA_TRY(run.store.Candidates(std::nullopt)), iteration, run.folder);
  }
  store::TrainingRecord record;
  record.losses = SCA_TRY(FineTune(run, rows, iteration, adapter));
  record.iteration = iteration;
  record.algorithm = run.recipe.train.algorithm;
  record.rows = static_cast<int>(rows.size());
  record.rows_from_demonstrations = static_cast<int>(std::count_if(
      rows.begin(), rows.end(), [](const TrainingRow& row) { return row.demonstration; }));
  record.rows_from_rollouts = record.rows - record.rows_from_demonstrations;
  std::set<std::string> tasks;
  for (const TrainingRow& row : rows) tasks.insert(row.task_id);
  record.distinct_tasks = static_cast<int>(tasks.size());
  record.adapter = std::filesystem::relative(adapter, run.folder).string();
  record.adapter_sha256 = SCA_TRY(Sha256HexOfFile(adapter));
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return record;
}

Status Train(RunContext& run, int iteration) {
  if (SCA_TRY(run.store.WavesDone("train", iteration)) > 0) return {};
  const store::TrainingRecord record =
      SCA_TRY(MakeAdapter(run, iteration, AdapterFile(run, iteration)));
  store::Transaction transaction = SCA_TRY(run.store.Begin());
  SCA_TRY(run.store.AddTraining(record));
  SCA_TRY(AddLossMetrics(run, record.losses));
  SCA_TRY(AddStageSeconds(run, "train", record.seconds));
  SCA_TRY(run.store.MarkWave("train", iteration, 0));
  return transaction.Commit();
}

}  // namespace sca::campaign
