#include "llm/scripted_model.h"

namespace sca::llm {
namespace {

std::vector<int> Bytes(const std::string& text) {
  std::vector<int> bytes;
  for (const char character : text) bytes.push_back(static_cast<unsigned char>(character));
  return bytes;
}

class ScriptedSession : public Session {
 public:
  explicit ScriptedSession(const ScriptedModel::Script& script) : script_(script) {}

  Result<Completion> Complete(const CompletionRequest& request) override {
    Completion completion;
    completion.text = SCA_TRY(script_(request.messages));
    std::string sampled = completion.text;
    if (sampled.starts_with(request.prefill)) {
      sampled.erase(0, request.prefill.size());
    } else {
      completion.text.insert(0, request.prefill);
    }
    completion.tokens = Bytes(sampled);
    completion.prefill_tokens = Bytes(request.prefill);
    completion.logprobs.assign(completion.tokens.size(), -1.0F);
    for (const Message& message : request.messages) {
      const std::vector<int> tokens =
          message.token_ids.empty() ? Bytes(message.content) : message.token_ids;
      completion.prompt_tokens.insert(completion.prompt_tokens.end(), tokens.begin(), tokens.end());
    }
    completion.prompt_tokens.insert(completion.prompt_tokens.end(),
                                    completion.prefill_tokens.begin(),
                                    completion.prefill_tokens.end());
    return completion;
  }

 private:
  const ScriptedModel::Script& script_;
};

}  // namespace

Result<std::vector<std::unique_ptr<Session>>> ScriptedModel::OpenWave(std::size_t seats) {
  std::vector<std::unique_ptr<Session>> sessions;
  for (std::size_t seat = 0; seat < seats; ++seat) {
    sessions.push_back(std::make_unique<ScriptedSession>(script_));
  }
  return sessions;
}

Status ScriptedModel::SetAdapter(const std::optional<std::filesystem::path>&) { return {}; }

}  // namespace sca::llm
