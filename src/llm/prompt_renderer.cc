#include "llm/prompt_renderer.h"

#include <fmt/format.h>

#include "base/text.h"

namespace sca::llm {
namespace {

// Stands for a message whose tokens are known. No message holds it: control characters are taken
// out of what messages say.
std::string Placeholder(std::size_t index) { return fmt::format("\x01known {}\x01", index); }

std::string WithoutSpecialTokens(std::string text) {
  text = ReplaceAll(std::move(text), "\x01", "");
  text = ReplaceAll(std::move(text), "<|", "< |");
  return text;
}

}  // namespace

Result<std::vector<int>> RenderPrompt(const std::vector<Message>& messages,
                                      const PromptTools& tools) {
  std::vector<Message> shown = messages;
  for (std::size_t index = 0; index < shown.size(); ++index) {
    shown[index].content = shown[index].token_ids.empty()
                               ? WithoutSpecialTokens(std::move(shown[index].content))
                               : Placeholder(index);
  }
  const std::string rendered = SCA_TRY(tools.apply_template(shown));

  std::vector<int> tokens;
  std::string_view rest = rendered;
  const auto append = [&](std::string_view text) -> Status {
    if (text.empty()) return {};
    const std::vector<int> part = SCA_TRY(tools.tokenize(text));
    tokens.insert(tokens.end(), part.begin(), part.end());
    return {};
  };
  for (std::size_t index = 0; index < messages.size(); ++index) {
    const std::vector<int>& known = messages[index].token_ids;
    if (known.empty()) continue;
    const std::string placeholder = Placeholder(index);
    const std::size_t at = rest.find(placeholder);
    if (at == std::string_view::npos) {
      return Error{ErrorCode::kInternal, "The chat template left out a message."};
    }
    SCA_TRY(append(rest.substr(0, at)));
    tokens.insert(tokens.end(), known.begin(), known.end());
    rest = rest.substr(at + placeholder.size());
  }
  SCA_TRY(append(rest));
  return tokens;
}

}  // namespace sca::llm
