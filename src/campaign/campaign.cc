#include "campaign/campaign.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "base/log.h"
#include "campaign/approvals.h"
#include "campaign/run_context.h"
#include "campaign/run_folder.h"
#include "campaign/stages.h"
#include "llm/catalog.h"
#include "report/report.h"
#include "task/judge.h"
#include "task/policy.h"
#include "train/trainer.h"

namespace sca::campaign {
namespace fs = std::filesystem;
namespace {

// Everything a run needs, opened.
struct Parts {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<env::Environment> environment;
  rollout::PromptLibrary prompts;
  std::unique_ptr<llm::LlamaModel> model;
};

Result<Parts> OpenParts(const fs::path& folder, const Recipe& recipe) {
  Parts parts;
  parts.store = SCA_TRY(store::Store::Open(folder / "run.db"));
  const fs::path environment = SCA_TRY(env::Environment::Find(recipe.env_path));
  env::LoadOptions load;
  load.isolation_minimum = static_cast<sandbox::IsolationLevel>(recipe.sandbox_minimum);
  parts.environment = SCA_TRY(env::Environment::Load(environment, load));
  // What the gates need is read again where they start; a mistake in it should not wait until then.
  SCA_TRY(task::CheckGatesOff(recipe.gates));
  SCA_TRY(task::Policy::Read(recipe.gates.policy_file, parts.environment->tools()));
  parts.prompts = SCA_TRY(rollout::PromptLibrary::Load(ProjectFolder() / "prompts"));
  llm::LlamaOptions options;
  options.width = recipe.model.width;
  options.context_tokens = recipe.model.context_tokens;
  parts.model = SCA_TRY(llm::LlamaModel::Load(SCA_TRY(llm::FindModel(recipe.model.path)), options));
  return parts;
}

// metrics.jsonl is made anew from the store, so that a resumed run never repeats a line.
Status WriteMetrics(RunContext& run) {
  std::string lines;
  for (const store::Metric& metric : SCA_TRY(run.store.Metrics())) {
    lines += DumpJson({{"step", metric.step}, {metric.name, metric.value}}) + "\n";
  }
  return WriteFileAtomically(run.folder / "metrics.jsonl", lines);
}

Status WriteReport(RunContext& run) {
  SCA_TRY(WriteMetrics(run));
  const report::Summary summary = SCA_TRY(report::Summarize(run.store));
  return WriteFileAtomically(run.folder / "report.html", report::Html(summary));
}

// Decoded tokens a second of the run, beside llama.cpp's own batched loop at the same width and at
// the run's mean context.
Status MeasureSpeed(RunContext& run) {
  if (SCA_TRY(run.store.WavesDone("speed", 0)) > 0) return {};
  SCA_TRY(run.model.SetAdapter(std::nullopt));
  Json speed = SCA_TRY(run.store.Meta("speed")).value_or(Json::object());
  const double decoded = GetNumberOr(speed, "tokens_decoded", 0);
  const double context = GetNumberOr(speed, "context_tokens_decoded", 0) / std::max(1.0, decoded);
  run.progress.Begin("Speed of llama.cpp's own batched loop, to compare", 0, "");
  const llm::BenchFigure bench = SCA_TRY(run.llama->BatchedBench(static_cast<int>(context)));
  run.progress.End();
  speed["batched_bench_tokens_per_s"] = bench.decode_tokens_per_s;
  speed["batched_bench_prompt_tokens_per_s"] = bench.prompt_tokens_per_s;
  speed["width"] = run.recipe.model.width;
  speed["context_tokens"] = bench.context_tokens;
  speed.erase("context_tokens_decoded");
  const double decode_seconds = GetNumberOr(speed, "decode_seconds", 0);
  if (decode_seconds > 0 && bench.decode_tokens_per_s > 0) {
    const double rate = decoded / decode_seconds;
    speed["decode_tokens_per_s"] = rate;
    speed["ratio_to_batched_bench"] = rate / bench.decode_tokens_per_s;
  }
  store::Transaction transaction = SCA_TRY(run.store.Begin());
  SCA_TRY(run.store.SetMeta("speed", speed));
  SCA_TRY(run.store.MarkWave("speed", 0, 0));
  return transaction.Commit();
}

Result<Ending> Work(const RunFolder& folder, Progress& progress,
                    const std::function<Result<Ending>(RunContext&)>& work) {
  progress.Begin("Loading the environment and the model", 0, "");
  Parts parts = SCA_TRY(OpenParts(folder.path(), folder.recipe()));
  progress.End();
  SCA_TRY(folder.Settle());
  RunContext run{.recipe = folder.recipe(),
                 .folder = folder.path(),
                 .store = *parts.store,
                 .environment = *parts.environment,
                 .prompts = parts.prompts,
                 .model = *parts.model,
                 .llama = parts.model.get(),
                 .progress = progress};
  if (!SCA_TRY(run.store.Meta("recipe")).has_value()) {
    SCA_TRY(run.store.SetMeta("recipe", folder.recipe().ToJson()));
    SCA_TRY(run.store.SetMeta("environment", parts.environment->settings().name));
    Json instructions = Json::object();
    for (const CodeAsTask& task : parts.environment->heldout()) {
      instructions[task.id] = task.instruction;  // For the report's readers, nobody else.
    }
    SCA_TRY(run.store.SetMeta("held_out_instructions", instructions));
    SCA_TRY(run.store.SetMeta("isolation_level",
                              static_cast<int>(parts.environment->isolation().level)));
  }
  const Result<Ending> ending = work(run);
  progress.End();
  if (!ending.ok()) Log(LogLevel::kError, ending.error().message);
  return ending;
}

// Whether a person's word is missing, which needs no model to find out.
Result<bool> Waits(const RunFolder& folder) {
  const fs::path file = folder.path() / "run.db";
  if (!AsksPeople(folder.recipe().gates) || !fs::exists(file)) return false;
  const auto store = SCA_TRY(store::Store::OpenReadOnly(file));
  return !SCA_TRY(OpenTasks(*store)).empty();
}

}  // namespace

Result<Ending> RunToTheEnd(RunContext& run) {
  SCA_TRY(Evaluate(run, "before", 0));
  for (int iteration = 1; iteration <= run.recipe.iterations; ++iteration) {
    SCA_TRY(Challenge(run, iteration));
    SCA_TRY(Pilot(run, iteration));
    if (SCA_TRY(Approve(run, iteration)) > 0) {
      SCA_TRY(WriteReport(run));
      return Ending::kWaits;
    }
    SCA_TRY(Rollout(run, iteration));
    SCA_TRY(Train(run, iteration));
    const bool last = iteration == run.recipe.iterations;
    if (last || run.recipe.evaluation.each_iteration) {
      SCA_TRY(Evaluate(run, last ? "after" : PolicyName(iteration), iteration));
    }
    SCA_TRY(WriteReport(run));
  }
  SCA_TRY(MeasureSpeed(run));
  if (!SCA_TRY(run.store.Meta("finished")).has_value()) {
    SCA_TRY(run.store.SetMeta("finished", true));
  }
  SCA_TRY(WriteReport(run));
  return Ending::kFinished;
}

Result<Ending> StartRun(const Recipe& recipe, const fs::path& folder, Progress& progress) {
  SCA_TRY(train::Trainer::Available());  // It should not wait until the first training.
  const RunFolder run_folder = SCA_TRY(RunFolder::Create(folder, recipe));
  return Work(run_folder, progress, RunToTheEnd);
}

Result<Ending> ResumeRun(const fs::path& folder, Progress& progress) {
  const RunFolder run_folder = SCA_TRY(RunFolder::Open(folder));
  if (SCA_TRY(Waits(run_folder))) return Ending::kWaits;
  SCA_TRY(train::Trainer::Available());
  return Work(run_folder, progress, RunToTheEnd);
}

Status ChallengeOnly(const Recipe& recipe, const fs::path& folder, Progress& progress) {
  const RunFolder run_folder = SCA_TRY(RunFolder::Create(folder, recipe));
  SCA_TRY(Work(run_folder, progress, [](RunContext& run) -> Result<Ending> {
    SCA_TRY(Challenge(run, 1));
    return Ending::kFinished;
  }));
  return {};
}

Result<store::TrainingRecord> TrainAgain(const fs::path& folder,
                                         const std::vector<std::string>& overrides,
                                         const fs::path& adapter, Progress& progress) {
  const RunFolder run_folder = SCA_TRY(RunFolder::Open(folder));
  const fs::path file = folder / "recipe.toml";
  Recipe recipe = SCA_TRY(ParseRecipe(SCA_TRY(ReadFile(file)), file.string(), overrides));
  recipe.model.width = 1;  // The model only encodes demonstrations.
  progress.Begin("Loading the environment and the model", 0, "");
  Parts parts = SCA_TRY(OpenParts(folder, recipe));
  progress.End();
  RunContext run{.recipe = recipe,
                 .folder = folder,
                 .store = *parts.store,
                 .environment = *parts.environment,
                 .prompts = parts.prompts,
                 .model = *parts.model,
                 .llama = parts.model.get(),
                 .progress = progress};
  const std::vector<store::Candidate> candidates = SCA_TRY(run.store.Candidates(std::nullopt));
  return MakeAdapter(run, candidates.empty() ? 1 : candidates.back().iteration, adapter);
}

}  // namespace sca::campaign
