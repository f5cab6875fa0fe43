#include "task/replay.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace sca::task {
namespace {

class ReplayTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    environment_ =
        env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/environments/shop").value();
  }
  static void TearDownTestSuite() { environment_.reset(); }

  ReplayTest() {
    task_.evaluation_function =
        "def evaluate():\n    return changes_today() == [\"A101 cancelled\"]";
    const Json refused = {{"tool", "cancel_order"},
                          {"arguments", R"({"order": "A102"})"},
                          {"result", "refused in other words"},
                          {"failed", true}};
    const Json made = {{"tool", "cancel_order"},
                       {"arguments", R"({"order": "A101"})"},
                       {"result", "\"Order A101 is cancelled.\""},
                       {"failed", false}};
    played_.turns.push_back(
        {.agent = "", .observation = "", .calls = Json::array({refused, made})});
  }

  static std::unique_ptr<env::Environment> environment_;
  CodeAsTask task_;
  Trajectory played_;
};

std::unique_ptr<env::Environment> ReplayTest::environment_;

TEST_F(ReplayTest, ComesToTheSameRewardWithoutAModel) {
  const Replayed replayed = Replay(played_, task_, *environment_).value();

  EXPECT_EQ(replayed.reward.value, 1.0);
  EXPECT_EQ(replayed.difference, "");
}

TEST_F(ReplayTest, JudgesByTheVerifierOfToday) {
  task_.evaluation_function = "def evaluate():\n    return changes_today() == []";

  EXPECT_EQ(Replay(played_, task_, *environment_).value().reward.value, 0.0);
}

TEST_F(ReplayTest, NamesTheFirstCallThatGivesSomethingElse) {
  played_.turns[0].calls[1]["result"] = "\"Done.\"";

  const Replayed replayed = Replay(played_, task_, *environment_).value();

  EXPECT_NE(replayed.difference.find("cancel_order"), std::string::npos) << replayed.difference;
  EXPECT_NE(replayed.difference.find("A101"), std::string::npos) << replayed.difference;
}

}  // namespace
}  // namespace sca::task
