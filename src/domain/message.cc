#include "domain/message.h"

namespace sca {

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kSystem:
      return "system";
    case Role::kUser:
      return "user";
    case Role::kAssistant:
      return "assistant";
  }
  return "user";
}

std::string_view FinishReasonName(FinishReason reason) {
  switch (reason) {
    case FinishReason::kEndOfTurn:
      return "end_of_turn";
    case FinishReason::kStopString:
      return "stop_string";
    case FinishReason::kLength:
      return "length";
  }
  return "end_of_turn";
}

Message ToMessage(const Completion& completion) {
  Message message{.role = Role::kAssistant, .content = completion.text};
  message.token_ids = completion.prefill_tokens;
  message.token_ids.insert(message.token_ids.end(), completion.tokens.begin(),
                           completion.tokens.end());
  return message;
}

}  // namespace sca
