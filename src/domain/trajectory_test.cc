#include "domain/trajectory.h"

#include <gtest/gtest.h>

namespace sca {
namespace {

Trajectory TwoTurns() {
  Trajectory trajectory;
  trajectory.task_id = "heldout-3";
  trajectory.task_hash = "abc";
  trajectory.policy = "iteration_1";
  trajectory.seed = 18446744073709551615ULL;  // Seeds use all 64 bits.
  trajectory.turns = {
      {.agent = "print(price(\"flour\"))",
       .observation = "1.2",
       .calls = Json::parse(R"([{"tool": "price", "arguments": ["flour"], "result": 1.2}])")},
      {.agent = "answer = 1.2", .observation = "", .calls = Json::array()}};
  trajectory.tokens = {5, 6, 7, 8};
  trajectory.by_agent = {false, true, false, true};
  trajectory.logprobs = {0.0F, -0.25F, 0.0F, -1.5F};
  trajectory.answer = "1.2";
  trajectory.ending = EpisodeEnding::kTurnLimit;
  trajectory.reward = 1.0;
  trajectory.outcome = "passed";
  trajectory.seconds = 0.5;
  return trajectory;
}

TEST(Trajectory, ComesBackFromItsJsonTextBitForBit) {
  const Trajectory trajectory = TwoTurns();
  const std::string text = DumpJson(trajectory.ToJson());

  const Trajectory back = Trajectory::FromJson(ParseJson(text).value()).value();

  EXPECT_EQ(DumpJson(back.ToJson()), text);
  EXPECT_EQ(back.seed, trajectory.seed);
  EXPECT_EQ(back.tokens, trajectory.tokens);
  EXPECT_EQ(back.by_agent, trajectory.by_agent);
  EXPECT_EQ(back.logprobs, trajectory.logprobs);
  EXPECT_EQ(back.ending, EpisodeEnding::kTurnLimit);
  ASSERT_EQ(back.turns.size(), 2U);
  EXPECT_EQ(back.turns[0].calls, trajectory.turns[0].calls);
}

TEST(Trajectory, CountsTokensOfTheAgentAndToolCalls) {
  EXPECT_EQ(TwoTurns().agent_tokens(), 2);
  EXPECT_EQ(TwoTurns().tool_calls(), 1);
}

// A reward of 0 is a verdict; no reward is the lack of one.
TEST(Trajectory, KeepsNoRewardApartFromRewardZero) {
  Trajectory without = TwoTurns();
  without.reward = std::nullopt;
  without.answer = std::nullopt;
  without.ending = EpisodeEnding::kInfrastructure;
  Trajectory zero = TwoTurns();
  zero.reward = 0.0;

  const Trajectory without_back = Trajectory::FromJson(without.ToJson()).value();
  const Trajectory zero_back = Trajectory::FromJson(zero.ToJson()).value();

  EXPECT_FALSE(without_back.reward.has_value());
  EXPECT_FALSE(without_back.answer.has_value());
  EXPECT_EQ(without_back.ending, EpisodeEnding::kInfrastructure);
  EXPECT_EQ(zero_back.reward, 0.0);
  EXPECT_FALSE(without.succeeded());
  EXPECT_FALSE(zero.succeeded());
  EXPECT_TRUE(TwoTurns().succeeded());
}

TEST(Trajectory, IsRefusedWhereItsJsonIsDamaged) {
  Json without_tokens = TwoTurns().ToJson();
  without_tokens.erase("tokens");
  Json wrong_turns = TwoTurns().ToJson();
  wrong_turns["turns"] = 3;

  for (const Json& damaged : {without_tokens, wrong_turns, Json(nullptr), Json::array()}) {
    const auto back = Trajectory::FromJson(damaged);
    ASSERT_FALSE(back.ok());
    EXPECT_EQ(back.error().code, ErrorCode::kDataLoss);
  }
}

}  // namespace
}  // namespace sca
