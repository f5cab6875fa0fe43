// A language model as the rest of the system sees it: waves of sessions that ask for completions.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/message.h"

namespace sca::llm {

struct SamplingOptions {
  double temperature = 1.0;  // 0: always the likeliest token.
  double top_p = 1.0;
  int tokens_max = 256;
  std::vector<std::string> stop;  // The reply ends after one of these, which stays in it,
  int stop_count = 1;             // when they have come so many times.
  std::uint64_t seed = 0;
};

struct CompletionRequest {
  std::vector<Message> messages;
  std::string prefill;  // The reply is made to begin with it, so that its form is not in doubt.
  SamplingOptions sampling;
};

// Work since the model was loaded. Seconds are of computing, not of waiting for episodes.
struct ModelStatistics {
  std::int64_t prompt_tokens_evaluated = 0;
  std::int64_t prompt_tokens_reused = 0;  // Of prompts, found in the cache.
  std::int64_t tokens_decoded = 0;
  std::int64_t context_tokens_decoded = 0;  // Tokens before each of those, summed: its cost.
  double prompt_seconds = 0;
  double decode_seconds = 0;
};

// One seat of a wave, used by one thread. Destroying it leaves the wave.
class Session {
 public:
  virtual ~Session() = default;

  // Blocks until the reply is complete. An Error is trouble of ours or of the server, or a prompt
  // that does not fit the context.
  virtual Result<Completion> Complete(const CompletionRequest& request) = 0;
};

// One wave at a time. A local model steps only when every open session of the wave waits for
// tokens, so that results do not depend on timing (docs/ARCHITECTURE.md section 7).
class Model {
 public:
  virtual ~Model() = default;

  // Seats are numbered in order; each must be used from the start or destroyed.
  virtual Result<std::vector<std::unique_ptr<Session>>> OpenWave(std::size_t seats) = 0;

  // Between waves: loads a GGUF LoRA adapter over the base weights, or none.
  virtual Status SetAdapter(const std::optional<std::filesystem::path>& gguf) = 0;

  virtual ModelStatistics statistics() const = 0;
};

}  // namespace sca::llm
