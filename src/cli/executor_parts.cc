#include "cli/executor_parts.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "llm/catalog.h"

namespace sca::cli {

void AddExecutorFlags(CLI::App& command, ExecutorFlags& flags) {
  command
      .add_option("--env", flags.environment, "Environment: a name of `sca env list`, or a folder")
      ->required()
      ->type_name("ENV");
  command.add_option("--model", flags.model, "A name of `sca model list`, or a GGUF file")
      ->type_name("MODEL")
      ->capture_default_str();
  command
      .add_option("--adapter", flags.adapter,
                  "LoRA adapter (GGUF) over the model; default: the model as it is")
      ->type_name("FILE");
  command.add_option("--trials", flags.trials, "Attempts at each task")
      ->type_name("N")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command
      .add_option("--temperature", flags.temperature, "Of sampling; 0: always the likeliest token")
      ->type_name("NUMBER")
      ->check(CLI::Range(0.0, 5.0))
      ->capture_default_str();
  command.add_option("--top-p", flags.top_p, "Nucleus sampling: share of probability that is kept")
      ->type_name("NUMBER")
      ->check(CLI::Range(0.01, 1.0))
      ->capture_default_str();
  command.add_option("--width", flags.width, "Sequences decoded together")
      ->type_name("N")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command.add_option("--context", flags.context_tokens, "Longest episode, in tokens")
      ->type_name("N")
      ->check(CLI::Range(256, 131072))
      ->capture_default_str();
  command.add_option("--seed", flags.seed, "Of sampling; equal seeds give equal episodes")
      ->type_name("N")
      ->capture_default_str();
  command.add_flag("--quiet", flags.quiet, "No progress on standard error");
}

Result<ExecutorParts> OpenExecutorParts(const ExecutorFlags& flags, Progress& progress) {
  ExecutorParts parts;
  progress.Begin("Loading the environment and the model", 0, "");
  parts.environment =
      SCA_TRY(env::Environment::Load(SCA_TRY(env::Environment::Find(flags.environment))));
  parts.prompts = SCA_TRY(rollout::PromptLibrary::Load(ProjectFolder() / "prompts"));
  const std::filesystem::path file = SCA_TRY(llm::FindModel(flags.model));
  parts.model = SCA_TRY(
      llm::LlamaModel::Load(file, {.width = flags.width, .context_tokens = flags.context_tokens}));
  parts.policy = "base";
  if (!flags.adapter.empty()) {
    const std::filesystem::path adapter = flags.adapter;
    SCA_TRY(parts.model->SetAdapter(adapter));
    parts.policy = adapter.stem().string();
  }
  progress.End();
  return parts;
}

std::string SpeedSentence(const llm::ModelStatistics& work) {
  const auto rate = [](std::int64_t tokens, double seconds) {
    return seconds > 0 ? static_cast<double>(tokens) / seconds : 0.0;
  };
  return fmt::format(
      "{} tokens decoded ({:.0f}/s), {} prompt tokens evaluated ({:.0f}/s), {} reused.",
      work.tokens_decoded, rate(work.tokens_decoded, work.decode_seconds),
      work.prompt_tokens_evaluated, rate(work.prompt_tokens_evaluated, work.prompt_seconds),
      work.prompt_tokens_reused);
}

}  // namespace sca::cli
