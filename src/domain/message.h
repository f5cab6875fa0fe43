// A message of a chat, and what a language model answers to a list of them.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace sca {

enum class Role { kSystem, kUser, kAssistant };

std::string_view RoleName(Role role);  // "system", "user", "assistant", as chat templates say.

struct Message {
  Role role = Role::kUser;
  std::string content;
  // Only of an assistant message that the model itself produced: exactly these ids go into the
  // next prompt, so that text is never tokenised again.
  std::vector<int> token_ids = {};
};

enum class FinishReason {
  kEndOfTurn,   // The model closed its message.
  kStopString,  // A stop string is complete; it is the end of `text`.
  kLength,      // The token limit was reached.
};

std::string_view FinishReasonName(FinishReason reason);

struct Completion {
  std::string text;                 // From the prefill on.
  std::vector<int> prompt_tokens;   // The prefill's are their end.
  std::vector<int> prefill_tokens;  // Given, not sampled.
  std::vector<int> tokens;          // Sampled, without the end-of-turn token.
  std::vector<float> logprobs;      // One a sampled token: natural log, untempered softmax.
  FinishReason finish = FinishReason::kEndOfTurn;
};

// The assistant message that says `completion` in later prompts.
Message ToMessage(const Completion& completion);

}  // namespace sca
