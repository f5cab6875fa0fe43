#include "campaign/run_context.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace sca::campaign {

std::string PolicyName(int iteration) {
  return iteration == 0 ? "base" : fmt::format("iteration_{}", iteration);
}

std::filesystem::path AdapterFile(const RunContext& run, int iteration) {
  return run.folder / "adapters" / fmt::format("iteration_{}.gguf", iteration);
}

Status UsePolicy(RunContext& run, int iteration) {
  if (iteration == 0) return run.model.SetAdapter(std::nullopt);
  return run.model.SetAdapter(AdapterFile(run, iteration));
}

namespace {

// Adds what the model did since `before` to the speeds that the report shows.
Status AddModelWork(RunContext& run, const llm::ModelStatistics& before) {
  const llm::ModelStatistics now = run.model.statistics();
  Json speed = SCA_TRY(run.store.Meta("speed")).value_or(Json::object());
  const auto add = [&](std::string_view key, double value) {
    speed[std::string(key)] = GetNumberOr(speed, key, 0) + value;
  };
  add("tokens_decoded", static_cast<double>(now.tokens_decoded - before.tokens_decoded));
  add("context_tokens_decoded",
      static_cast<double>(now.context_tokens_decoded - before.context_tokens_decoded));
  add("decode_seconds", now.decode_seconds - before.decode_seconds);
  add("prompt_tokens_evaluated",
      static_cast<double>(now.prompt_tokens_evaluated - before.prompt_tokens_evaluated));
  add("prompt_tokens_reused",
      static_cast<double>(now.prompt_tokens_reused - before.prompt_tokens_reused));
  add("prompt_seconds", now.prompt_seconds - before.prompt_seconds);
  return run.store.SetMeta("speed", speed);
}

}  // namespace

Status RunWaves(RunContext& run, const Stage& stage, const PlayUnits& play) {
  const auto size = static_cast<std::size_t>(run.recipe.wave);
  const std::size_t waves = (stage.units + size - 1) / size;
  const auto done =
      static_cast<std::size_t>(SCA_TRY(run.store.WavesDone(stage.kind, stage.iteration)));
  if (done >= waves) return {};
  run.progress.Begin(stage.title, stage.units, stage.unit);
  run.progress.Advance(done * size);
  for (std::size_t wave = done; wave < waves; ++wave) {
    const auto start = std::chrono::steady_clock::now();
    const llm::ModelStatistics before = run.model.statistics();
    const std::size_t first = wave * size;
    const std::size_t count = std::min(size, stage.units - first);
    const std::function<Status()> save = SCA_TRY(play(first, count));
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    store::Transaction transaction = SCA_TRY(run.store.Begin());
    SCA_TRY(save());
    SCA_TRY(AddStageSeconds(run, stage.kind, seconds));
    SCA_TRY(AddModelWork(run, before));
    SCA_TRY(run.store.MarkWave(stage.kind, stage.iteration, static_cast<int>(wave)));
    SCA_TRY(transaction.Commit());
  }
  run.progress.End();
  return {};
}

Status AddStageSeconds(RunContext& run, const std::string& stage, double seconds) {
  Json all = SCA_TRY(run.store.Meta("stage_seconds")).value_or(Json::object());
  all[stage] = GetNumberOr(all, stage, 0) + seconds;
  return run.store.SetMeta("stage_seconds", all);
}

}  // namespace sca::campaign
