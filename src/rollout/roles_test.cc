// Both roles against the kitchen that ships, with a scripted model.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/text.h"
#include "llm/scripted_model.h"
#include "rollout/challenger.h"
#include "rollout/executor.h"
#include "rollout/wave.h"

namespace sca::rollout {
namespace {

class RolesTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    environment_ =
        env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/environments/kitchen").value();
    prompts_ = std::make_unique<PromptLibrary>(
        PromptLibrary::Load(std::string(SCA_SOURCE_DIR) + "/prompts").value());
  }
  static void TearDownTestSuite() { environment_.reset(); }

  static Trajectory PlayExecutor(llm::ScriptedModel::Script script) {
    llm::ScriptedModel model(std::move(script));
    const Executor executor = Executor::Create(*environment_, *prompts_, {}).value();
    const auto sessions = model.OpenWave(1).value();
    return executor.Play(environment_->heldout().front(), *sessions[0], 1);
  }

  static std::unique_ptr<env::Environment> environment_;
  static std::unique_ptr<PromptLibrary> prompts_;
};

std::unique_ptr<env::Environment> RolesTest::environment_;
std::unique_ptr<PromptLibrary> RolesTest::prompts_;

std::string AsBlock(const std::string& code) { return "```python\n" + code + "\n```"; }

TEST_F(RolesTest, RewardsAnExecutorThatGivesTheSolution) {
  const Trajectory trajectory = PlayExecutor(
      [](const auto&) { return Executor::Demonstration(environment_->heldout().front()); });

  EXPECT_EQ(trajectory.ending, EpisodeEnding::kAnswered);
  EXPECT_EQ(trajectory.reward, 1.0);
  EXPECT_EQ(trajectory.tool_calls(), 1);
}

TEST_F(RolesTest, ShowsTheExecutorWhatItsCodePrintedAndLetsItGoOn) {
  std::string seen;
  const Trajectory trajectory = PlayExecutor([&](const std::vector<Message>& messages) {
    if (messages.size() == 2) return AsBlock("print(cooking_minutes('mushroom risotto'))");
    seen = messages.back().content;
    return AsBlock("answer = 40");
  });

  EXPECT_NE(seen.find("Output:\n40"), std::string::npos);
  EXPECT_EQ(trajectory.turns.size(), 2U);
  EXPECT_EQ(trajectory.reward, 1.0);
}

TEST_F(RolesTest, MarksExactlyTheAgentsTokens) {
  const Trajectory trajectory = PlayExecutor([](const std::vector<Message>& messages) {
    return messages.size() == 2 ? std::string("no code at all") : AsBlock("answer = 40");
  });

  std::string said;
  for (std::size_t token = 0; token < trajectory.tokens.size(); ++token) {
    if (trajectory.by_agent[token]) said += static_cast<char>(trajectory.tokens[token]);
  }
  EXPECT_EQ(said, "no code at all" + AsBlock("answer = 40"));
  EXPECT_EQ(trajectory.logprobs.size(), trajectory.tokens.size());
}

TEST_F(RolesTest, JudgesTheEndStateWhereTurnsRunOut) {
  const Trajectory trajectory = PlayExecutor([](const auto&) { return std::string("Hello."); });

  EXPECT_EQ(trajectory.ending, EpisodeEnding::kTurnLimit);
  EXPECT_EQ(trajectory.reward, 0.0);
}

TEST_F(RolesTest, GivesNoRewardWhereTheModelFails) {
  const Trajectory trajectory = PlayExecutor([](const auto&) -> Result<std::string> {
    return Error{ErrorCode::kUnavailable, "The server is gone."};
  });

  EXPECT_EQ(trajectory.ending, EpisodeEnding::kInfrastructure);
  EXPECT_FALSE(trajectory.reward.has_value());
  EXPECT_EQ(trajectory.error, "The server is gone.");
}

class ChallengerTest : public RolesTest {
 protected:
  static Submission PlayChallenger(llm::ScriptedModel::Script script, int revisions_max = 1) {
    llm::ScriptedModel model(std::move(script));
    ChallengeSettings settings;
    settings.revisions_max = revisions_max;
    const Challenger challenger = Challenger::Create(*environment_, *prompts_, settings, 1).value();
    const auto sessions = model.OpenWave(1).value();
    return challenger.Play(0, *sessions[0], 9, [](const CodeAsTask& task) {
      return task::JudgeTask(task, *environment_, GateSettings{}, task::KnownTasks{}, 1);
    });
  }

  // A task that passes the gates; `price` stands where its number does.
  static std::string TaskText(const std::string& number) {
    return "<instruction>What do 7 kilograms of sugar cost?</instruction>\n<evaluation_function>\n"
           "def evaluate(answer):\n    return answer is not None and abs(answer - "
           "price_per_kilogram('sugar') * 7) < 0.01\n"
           "</evaluation_function>\n<solution>\nanswer = price_per_kilogram('sugar') * " +
           number +
           "\n</solution>\n<failure_case>answer = 1</failure_case>\n"
           "<failure_case>answer = 2</failure_case>\n<failure_case>answer = 3</failure_case>";
  }
};

TEST_F(ChallengerTest, ExploresBeforeItSubmits) {
  std::string observation;
  const Submission submission = PlayChallenger([&](const std::vector<Message>& messages) {
    if (messages.back().content.find("Look around with") != std::string::npos) {
      return AsBlock("print(price_per_kilogram('sugar'))");
    }
    observation = messages.back().content;
    return TaskText("7");
  });

  EXPECT_NE(observation.find("Output:\n1.4"), std::string::npos);
  ASSERT_TRUE(submission.report.has_value());
  EXPECT_TRUE(submission.report->verdict.passed());
  EXPECT_EQ(submission.revisions, 0);
  EXPECT_EQ(submission.conversation.size(), 4U);
}

TEST_F(ChallengerTest, IsToldTheFailureAndMayRevise) {
  std::string feedback;
  const Submission submission = PlayChallenger([&](const std::vector<Message>& messages) {
    const std::string& last = messages.back().content;
    if (last.find("Look around with") != std::string::npos) return std::string("No.");
    if (last.find("Write the whole corrected task") == std::string::npos) return TaskText("8");
    feedback = last;
    return TaskText("7");
  });

  EXPECT_NE(feedback.find("evaluate gives False"), std::string::npos);
  EXPECT_EQ(submission.revisions, 1);
  EXPECT_EQ(submission.first_failure, "solution_passes");
  EXPECT_TRUE(submission.report->verdict.passed());
}

TEST_F(ChallengerTest, StartsFromCallsThatWork) {
  std::string request;
  PlayChallenger([&](const std::vector<Message>& messages) {
    if (messages.back().content.find("Look around with") != std::string::npos) {
      request = messages.back().content;
    }
    return std::string("No.");
  });

  const std::size_t open = request.find('(');
  const std::size_t close = request.rfind(')');
  ASSERT_NE(open, std::string::npos) << request;
  const std::string calls = request.substr(17, close - 16);
  const auto episode = environment_->Start(1).value();
  EXPECT_EQ(episode->RunCode(calls)->error, "") << calls;
}

TEST_F(ChallengerTest, ReplacesFailureCasesThatTestNothing) {
  const Submission submission = PlayChallenger([](const std::vector<Message>& messages) {
    if (messages.back().content.find("Look around with") != std::string::npos) {
      return std::string("No.");
    }
    return ReplaceAll(TaskText("7"), "answer = 2", "answer = price_per_kilogram('sugar') * 7");
  });

  EXPECT_EQ(submission.failures_made, 1);
  EXPECT_TRUE(submission.report->verdict.passed());
}

TEST_F(ChallengerTest, EndsWithoutATaskWhereNoReplyCanBeRead) {
  const Submission submission = PlayChallenger([](const auto&) { return std::string("Never."); });

  EXPECT_FALSE(submission.task.has_value());
  EXPECT_FALSE(submission.problem.empty());
  EXPECT_TRUE(submission.infrastructure_error.empty());
}

TEST_F(ChallengerTest, NeverShowsAHeldOutTask) {
  std::string prompt;
  PlayChallenger([&](const std::vector<Message>& messages) {
    for (const Message& message : messages) prompt += message.content + "\n";
    return std::string("No.");
  });

  ASSERT_NE(prompt.find("<instruction>"), std::string::npos);
  for (const CodeAsTask& task : environment_->heldout()) {
    EXPECT_EQ(prompt.find(task.instruction), std::string::npos) << task.id;
  }
}

TEST_F(RolesTest, PlaysAWaveOfEpisodesEachOnItsOwnSession) {
  llm::ScriptedModel model([](const auto&) { return AsBlock("answer = 40"); });
  const Executor executor = Executor::Create(*environment_, *prompts_, {}).value();
  std::vector<Trajectory> trajectories(8);
  SilentProgress progress;

  ASSERT_TRUE(
      PlayWave(model, trajectories.size(), progress, [&](std::size_t index, llm::Session& session) {
        trajectories[index] = executor.Play(environment_->heldout().front(), session, index);
      }).ok());

  for (const Trajectory& trajectory : trajectories) EXPECT_EQ(trajectory.reward, 1.0);
}

}  // namespace
}  // namespace sca::rollout
