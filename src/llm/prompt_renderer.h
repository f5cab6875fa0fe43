// Turns messages into prompt tokens without tokenising a model's own words again.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/message.h"

namespace sca::llm {

// What the renderer needs of a model.
struct PromptTools {
  // The chat template over (role, content) pairs, ready for the assistant's next message.
  std::function<Result<std::string>(const std::vector<Message>&)> apply_template;
  // Tokens of template text; special tokens are recognised.
  std::function<Result<std::vector<int>>(std::string_view)> tokenize;
};

// An assistant message with token_ids enters the prompt as exactly those ids, so that the prompt of
// a turn begins with the prompt and the reply of the turn before. Text of messages cannot open or
// close a turn: what looks like a special token in it is taken apart.
Result<std::vector<int>> RenderPrompt(const std::vector<Message>& messages,
                                      const PromptTools& tools);

}  // namespace sca::llm
