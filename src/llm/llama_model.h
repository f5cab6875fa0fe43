// A GGUF model in this process (llama.cpp): completions in lockstep waves, LoRA loaded hot.
//
// Where llama.cpp is not built in (SCA_WITH_LLAMA=OFF), Load answers kUnavailable.

#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "llm/model.h"

namespace sca::llm {

struct LlamaOptions {
  int width = 32;             // Sequences decoded together.
  int context_tokens = 2048;  // Of one sequence, prompt and reply.
  int threads = 0;            // 0: one a core.
};

// llama.cpp's own loop at full width, without sampling, tools or scheduling.
struct BenchFigure {
  int width = 0;
  int context_tokens = 0;  // Before each decoded token.
  double prompt_tokens_per_s = 0;
  double decode_tokens_per_s = 0;
};

// Thread-safe; waves, adapters and the measurements below need all sessions closed.
class LlamaModel : public Model {
 public:
  // A missing, truncated or foreign file is an error that names it and the remedy.
  static Result<std::unique_ptr<LlamaModel>> Load(const std::filesystem::path& gguf,
                                                  const LlamaOptions& options);
  ~LlamaModel() override;

  Result<std::vector<std::unique_ptr<Session>>> OpenWave(std::size_t seats) override;
  Status SetAdapter(const std::optional<std::filesystem::path>& gguf) override;
  ModelStatistics statistics() const override;

  // The tokens that a completion of `messages` would start from, and of text as it stands.
  Result<std::vector<int>> PromptTokens(const std::vector<Message>& messages) const;
  Result<std::vector<int>> Tokenize(std::string_view text) const;

  // Log-probability of tokens 1 … n-1, each given those before it, under the current adapter:
  // [tokens - 1], natural log.
  Result<std::vector<float>> ScoreTokens(std::span<const int> tokens);

  // Prompts of 256 tokens, then decoding after `context_tokens` in every sequence.
  Result<BenchFigure> BatchedBench(int context_tokens);

  const std::filesystem::path& path() const;

 private:
  class Parts;
  explicit LlamaModel(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

// Writes the weights of `source` in bfloat16, the format that is fastest in wide batches and that
// the trainer sees.
Status ConvertToBf16(const std::filesystem::path& source, const std::filesystem::path& target);

}  // namespace sca::llm
