// What saves forks: verification by the world itself, much code in one fork, a cell that stays.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "env/vault.h"

namespace sca::env {
namespace {

using sandbox::Outcome;

constexpr std::string_view kForkLimits =
    "wall_ms = 1500\nverify_ms = 1500\nmemory_mb = 64\noutput_bytes = 2000\n";

class WorldForks : public testing::Test {
 protected:
  WorldForks() : environment_(LoadVault(kForkLimits, {}).value()), episode_(Begin()) {}

  std::unique_ptr<Episode> Begin() { return environment_->Start(7).value(); }

  VerdictResult VerifyInTheWorld(const std::string& body) {
    return Begin()
        ->Verify("def evaluate():\n    import os\n    " + body, std::nullopt, Purity::kUnchecked,
                 Verifier::kWorld)
        .value();
  }

  std::unique_ptr<Environment> environment_;
  std::unique_ptr<Episode> episode_;
};

TEST_F(WorldForks, VerifyInTheWorldAsItStands) {
  ASSERT_FALSE(episode_->CallTool("note", R"({"text": "tea"})").value().failed);
  const auto verdict =
      episode_
          ->Verify(
              "def evaluate(answer):\n    note('cake')\n    return notes() == [answer, 'cake']",
              "\"tea\"", Purity::kHashed, Verifier::kWorld)
          .value();

  EXPECT_EQ(verdict.passed, true);
  ASSERT_EQ(verdict.calls.size(), 2U);
  EXPECT_NE(verdict.world_hash_before, verdict.world_hash_after);
  EXPECT_FALSE(episode_->CallTool("peek", "{}").ok());
  EXPECT_FALSE(episode_->Verify("def evaluate():\n    return True", std::nullopt).ok());
}

TEST_F(WorldForks, SayHowAVerificationInTheWorldEnded) {
  EXPECT_EQ(VerifyInTheWorld("return 1 / 0").outcome, Outcome::kRaised);
  EXPECT_EQ(VerifyInTheWorld("os._exit(0)").outcome, Outcome::kProtocolError);
  EXPECT_EQ(VerifyInTheWorld("return bytearray(1 << 40)").outcome, Outcome::kOutOfMemory);
  EXPECT_EQ(VerifyInTheWorld("while True: pass").outcome, Outcome::kTimedOut);
}

TEST_F(WorldForks, RunMuchCodeUntilItWrites) {
  const std::string before = episode_->StateHash().value();
  const auto results =
      episode_
          ->RunEach({"x = peek()\nanswer = x + 1", "answer = x", "answer = echo(1, 2)", "print(5)",
                     "note('x')\nanswer = notes()", "answer = 1"})
          .value();

  ASSERT_EQ(results.size(), 5U);
  EXPECT_EQ(results[0].answer_json, "42");
  ASSERT_EQ(results[0].calls.size(), 1U);
  EXPECT_EQ(results[0].calls[0].tool, "peek");
  EXPECT_EQ(results[0].calls[0].result_json, "41");
  EXPECT_EQ(results[1].outcome, Outcome::kRaised);
  EXPECT_NE(results[1].error.find("NameError"), std::string::npos);
  EXPECT_EQ(results[2].outcome, Outcome::kRaised);
  EXPECT_EQ(results[3].outcome, Outcome::kFinished);
  EXPECT_EQ(results[3].answer_json, std::nullopt);
  EXPECT_EQ(results[4].answer_json, "[\"x\"]");
  EXPECT_EQ(episode_->StateHash().value(), before);
  EXPECT_TRUE(episode_->calls().empty());
}

TEST_F(WorldForks, GiveNothingWhereCodeTakesTheForkWithIt) {
  for (const char* code :
       {"import os\nos._exit(0)", "while True: pass", "answer = repeat('x' * 1000, 9000)"}) {
    EXPECT_TRUE(episode_->RunEach({"answer = 1", code}).value().empty()) << code;
  }
  const auto results = episode_->RunEach({"x = bytearray(1 << 40)", "answer = peek()"}).value();
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].outcome, Outcome::kOutOfMemory);
  EXPECT_EQ(results[1].answer_json, "41");
}

TEST_F(WorldForks, LookAtTextInACellThatStays) {
  const auto look = [&](std::string_view code) { return environment_->Look(code).value(); };

  EXPECT_EQ(look("import sys\nsys.seen = 1\nx = 5").outcome, Outcome::kFinished);
  EXPECT_EQ(look("import sys\nanswer = sys.seen").answer_json, "1");
  EXPECT_EQ(look("answer = x").outcome, Outcome::kRaised);
  // What ends it may be left of what it did before, and is tried again in a new one.
  EXPECT_EQ(look("import os, sys\nif hasattr(sys, 'seen'): os._exit(0)\nanswer = 2").answer_json,
            "2");
  EXPECT_EQ(look("import os\nos._exit(0)").outcome, Outcome::kProtocolError);
  EXPECT_EQ(look("import sys\nanswer = hasattr(sys, 'seen')").answer_json, "false");
}

}  // namespace
}  // namespace sca::env
