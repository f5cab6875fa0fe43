// train: an adapter from what a run has stored, with other settings of training if wanted.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "campaign/campaign.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/recipe_flags.h"
#include "store/store.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

struct TrainFlags : RecipeFlags {
  std::string run;
  std::string out;
  std::optional<std::uint64_t> seed;
  bool json = false;
  bool quiet = false;
};

// The first name that is free: an adapter is never replaced.
fs::path AdapterFor(const TrainFlags& flags) {
  if (!flags.out.empty()) return flags.out;
  for (int number = 1;; ++number) {
    const fs::path file = fs::path(flags.run) / "adapters" / fmt::format("again_{}.gguf", number);
    if (!fs::exists(file)) return file;
  }
}

// Whether the run itself trained exactly this adapter; none where it trained none.
Result<std::optional<bool>> SameAsOfRun(const fs::path& run, const store::TrainingRecord& record) {
  const auto store = SCA_TRY(store::Store::OpenReadOnly(run / "run.db"));
  for (const store::TrainingRecord& trained : SCA_TRY(store->Trainings())) {
    if (trained.iteration != record.iteration) continue;
    return std::optional<bool>(trained.adapter_sha256 == record.adapter_sha256);
  }
  return std::optional<bool>();
}

void PrintTraining(const store::TrainingRecord& record, const fs::path& adapter,
                   std::optional<bool> same) {
  fmt::print("{} rows of {} tasks ({} rollouts, {} demonstrations), {} steps in {:.0f} s.\n",
             record.rows, record.distinct_tasks, record.rows_from_rollouts,
             record.rows_from_demonstrations, record.losses.size(), record.seconds);
  if (!record.losses.empty()) {
    fmt::print("The loss went from {:.4f} to {:.4f}.\n", record.losses.front(),
               record.losses.back());
  }
  fmt::print("The adapter is {} (sha256 {}).\n", adapter.string(), record.adapter_sha256);
  if (same.has_value()) {
    fmt::print("{}\n", *same ? "It is, bit for bit, the adapter that the run trained last."
                             : "It differs from the adapter that the run trained last.");
  }
}

Result<Exit> Train(TrainFlags flags) {
  if (flags.seed.has_value()) flags.overrides.push_back(fmt::format("seed={}", *flags.seed));
  const fs::path adapter = AdapterFor(flags);
  if (fs::exists(adapter)) {
    return Error{
        ErrorCode::kAlreadyExists,
        fmt::format("There is a file {} already. Choose another --out.", adapter.string())};
  }
  const auto progress = MakeProgress(flags.json || flags.quiet);
  const auto trained =
      campaign::TrainAgain(flags.run, flags.overrides, fs::absolute(adapter), *progress);
  if (!trained.ok()) return PrintRecipeError(trained.error());
  const std::optional<bool> same = SCA_TRY(SameAsOfRun(flags.run, *trained));
  if (!flags.json) {
    PrintTraining(*trained, adapter, same);
    return Exit::kDone;
  }
  Json json = trained->ToJson();
  json["adapter"] = adapter.string();
  json["losses"] = trained->losses;
  json["same_as_of_run"] = same.has_value() ? Json(*same) : Json(nullptr);
  PrintJson(json);
  return Exit::kDone;
}

}  // namespace

void AddTrain(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<TrainFlags>();
  CLI::App* train =
      app.add_subcommand("train", "Trains an adapter again from a run's stored successes");
  train->add_option("RUN", flags->run, "Folder of the run")->required()->type_name("DIR");
  train
      ->add_option("--out", flags->out,
                   "The adapter (GGUF) to write; default RUN/adapters/again_N.gguf")
      ->type_name("FILE");
  train->add_option("--seed", flags->seed, "The same as --set seed=N; default: the run's")
      ->type_name("N");
  AddOverrides(*train, *flags);
  train->add_flag("--quiet", flags->quiet, "No progress on standard error");
  train->add_flag("--json", flags->json, "As JSON: {rows, losses, adapter, adapter_sha256, …}");
  train->footer(
      "Examples:\n"
      "  sca train runs/first\n"
      "  sca train runs/first --set train.learning_rate=1e-4 train.epochs=2 --out slower.gguf\n"
      "Prints rows, losses and the adapter's sum, and whether it is the run's own adapter (with\n"
      "the same settings it is, bit for bit). The run stays as it is. `sca eval --adapter` says\n"
      "what the adapter is worth.");
  train->callback([&action, flags] { action = [flags] { return Train(*flags); }; });
}

}  // namespace sca::cli
