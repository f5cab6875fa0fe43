// What `rollout` and `eval` share: an environment, a model with an adapter, and the flags for them.

#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "base/progress.h"
#include "base/result.h"
#include "env/environment.h"
#include "llm/llama_model.h"
#include "rollout/prompt_library.h"

namespace sca::cli {

struct ExecutorFlags {
  std::string environment;
  std::string model = "qwen2.5-coder-0.5b-instruct";
  std::string adapter;
  int trials = 4;
  int width = 48;
  int context_tokens = 3072;
  double temperature = 0.7;
  double top_p = 1.0;
  std::uint64_t seed = 1;
  bool json = false;
  bool quiet = false;
};

// Adds them all but --json. `flags` must outlive `command`.
void AddExecutorFlags(CLI::App& command, ExecutorFlags& flags);

struct ExecutorParts {
  std::unique_ptr<env::Environment> environment;
  rollout::PromptLibrary prompts;
  std::unique_ptr<llm::LlamaModel> model;
  std::string policy;  // "base", or the adapter's file name without its ending.
};

Result<ExecutorParts> OpenExecutorParts(const ExecutorFlags& flags, Progress& progress);

// "1234 tokens decoded (380/s), 5678 prompt tokens evaluated (2100/s), 91011 reused."
std::string SpeedSentence(const llm::ModelStatistics& work);

}  // namespace sca::cli
