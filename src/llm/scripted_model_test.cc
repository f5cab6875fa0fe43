#include "llm/scripted_model.h"

#include <gtest/gtest.h>

namespace sca::llm {
namespace {

TEST(ScriptedModel, AnswersFromItsScriptWithATokenAByte) {
  ScriptedModel model([](const std::vector<Message>& messages) -> Result<std::string> {
    return "to: " + messages.back().content;
  });
  const auto wave = model.OpenWave(2).value();

  const Completion reply = wave[1]->Complete({.messages = {{.content = "hi"}}}).value();

  EXPECT_EQ(reply.text, "to: hi");
  EXPECT_EQ(reply.tokens.size(), 6U);
  EXPECT_EQ(reply.logprobs.size(), 6U);
  EXPECT_EQ(reply.prompt_tokens, (std::vector<int>{'h', 'i'}));
}

TEST(ScriptedModel, PassesOnAnErrorOfItsScript) {
  ScriptedModel model([](const std::vector<Message>&) -> Result<std::string> {
    return Error{ErrorCode::kUnavailable, "The script is over."};
  });
  const auto wave = model.OpenWave(1).value();

  EXPECT_EQ(wave[0]->Complete({}).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace sca::llm
