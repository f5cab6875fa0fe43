// What the stages of a campaign share, and how they do their work in waves.

#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "base/progress.h"
#include "domain/recipe.h"
#include "env/environment.h"
#include "llm/llama_model.h"
#include "rollout/prompt_library.h"
#include "store/store.h"

namespace sca::campaign {

// Borrowed for the length of a run.
struct RunContext {
  const Recipe& recipe;
  std::filesystem::path folder;
  store::Store& store;
  const env::Environment& environment;
  const rollout::PromptLibrary& prompts;
  llm::Model& model;
  llm::LlamaModel* llama;  // The same, for training and for measuring speed; null in tests.
  Progress& progress;
};

// The adapter that iteration `iteration` trained; iteration 0 is the base model.
std::string PolicyName(int iteration);  // "base", "iteration_1", ...
std::filesystem::path AdapterFile(const RunContext& run, int iteration);

// Switches the model to the policy of `iteration`.
Status UsePolicy(RunContext& run, int iteration);

// A stage of `units` units, of which `kind` and `iteration` name the waves in the store.
struct Stage {
  std::string kind;
  int iteration = 0;
  std::string title;  // For the progress bar.
  std::string unit;   // A plural: "episodes".
  std::size_t units = 0;
};

// Plays units [first, first + count); what it returns writes their results into the store.
using PlayUnits =
    std::function<Result<std::function<Status()>>(std::size_t first, std::size_t count)>;

// Does the waves that are not committed yet. A wave and its results are one transaction, so a
// kill loses at most the wave at work, and a resumed run does that wave again from its start.
Status RunWaves(RunContext& run, const Stage& stage, const PlayUnits& play);

// Adds to the seconds that the report shows for `stage`. Call within a transaction.
Status AddStageSeconds(RunContext& run, const std::string& stage, double seconds);

}  // namespace sca::campaign
