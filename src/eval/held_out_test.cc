#include "eval/held_out.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "llm/scripted_model.h"

namespace sca::eval {
namespace {

class HeldOutTest : public testing::Test {
 protected:
  HeldOutTest()
      : environment_(
            env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/environments/kitchen").value()),
        prompts_(rollout::PromptLibrary::Load(std::string(SCA_SOURCE_DIR) + "/prompts").value()) {}

  HeldOut Create(int tasks, int trials) {
    EvaluationPlan plan{.stage = "before", .policy = "base", .seed = 1, .settings = {}};
    plan.settings.tasks_max = tasks;
    plan.settings.trials = trials;
    return HeldOut::Create(*environment_, prompts_, plan).value();
  }

  std::unique_ptr<env::Environment> environment_;
  rollout::PromptLibrary prompts_;
};

Trajectory WithReward(std::optional<double> reward) {
  Trajectory trajectory;
  trajectory.reward = reward;
  return trajectory;
}

TEST_F(HeldOutTest, ScoresGoldSolutionsWithOne) {
  const HeldOut held_out = Create(5, 1);
  llm::ScriptedModel model([&](const std::vector<Message>& messages) -> Result<std::string> {
    for (const CodeAsTask& task : environment_->heldout()) {
      if (task.instruction == messages[1].content) return rollout::Executor::Demonstration(task);
    }
    return Error{ErrorCode::kNotFound, "An unknown task was asked."};
  });
  SilentProgress progress;

  const auto trajectories = held_out.Play(model, 0, held_out.units(), progress).value();
  const Evaluation evaluation = held_out.Score(trajectories);

  EXPECT_EQ(evaluation.pass_at_1, 1.0);
  EXPECT_EQ(evaluation.pass_at_4, 1.0);
  EXPECT_EQ(evaluation.tasks.size(), 5U);
}

TEST_F(HeldOutTest, ScoresAnIdleAgentWithZero) {
  const HeldOut held_out = Create(3, 2);
  llm::ScriptedModel model([](const auto&) { return std::string("I would rather not."); });
  SilentProgress progress;

  const auto trajectories = held_out.Play(model, 0, held_out.units(), progress).value();

  EXPECT_EQ(held_out.Score(trajectories).pass_at_1, 0.0);
}

TEST_F(HeldOutTest, TakesPassAtOneAsTheMeanOverTrials) {
  const HeldOut held_out = Create(2, 4);
  std::vector<Trajectory> trajectories;
  for (const double reward : {1., 0., 0., 0., 0., 0., 0., 0.}) {
    trajectories.push_back(WithReward(reward));
  }

  const Evaluation evaluation = held_out.Score(trajectories);

  EXPECT_DOUBLE_EQ(evaluation.pass_at_1, 1.0 / 8);
  EXPECT_DOUBLE_EQ(evaluation.pass_at_4, 1.0 / 2);
  EXPECT_LT(evaluation.pass_at_1_interval.low, 1.0 / 8);
  EXPECT_GT(evaluation.pass_at_1_interval.high, 1.0 / 8);
}

TEST_F(HeldOutTest, CountsNoBrokenEpisodeAsAFailure) {
  const HeldOut held_out = Create(1, 2);

  Trajectory broken = WithReward(std::nullopt);
  broken.ending = EpisodeEnding::kInfrastructure;

  const Evaluation evaluation = held_out.Score(std::vector{WithReward(1.0), broken});

  EXPECT_EQ(evaluation.pass_at_1, 1.0);
  EXPECT_EQ(evaluation.infrastructure_failures, 1);
}

TEST_F(HeldOutTest, CountsAnEpisodeWithoutAVerdictAsAFailure) {
  const HeldOut held_out = Create(1, 2);
  Trajectory dodged = WithReward(std::nullopt);
  dodged.ending = EpisodeEnding::kAnswered;
  dodged.outcome = "raised";

  const Evaluation evaluation = held_out.Score(std::vector{WithReward(1.0), dodged});

  EXPECT_EQ(evaluation.pass_at_1, 0.5);
  EXPECT_EQ(evaluation.infrastructure_failures, 0);
}

}  // namespace
}  // namespace sca::eval
