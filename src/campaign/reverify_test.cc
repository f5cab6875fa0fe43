#include "campaign/reverify.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/files.h"
#include "campaign/run_folder.h"
#include "store/store.h"

namespace sca::campaign {
namespace {
namespace fs = std::filesystem;

// A run of one accepted task with two pilot attempts, of which one succeeded.
class ReverifyTest : public testing::Test {
 protected:
  ReverifyTest()
      : folder_(fs::temp_directory_path() / ("sca-reverify-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    EXPECT_TRUE(WriteFileAtomically(folder_ / "recipe.toml", "[env]\npath = \"kitchen\"\n").ok());
    task_.id = "t1-0";
    task_.instruction = "A cup of cheese and a cup of cream: how many grams are they together?";
    task_.evaluation_function =
        "def evaluate(answer):\n"
        "    return answer == grams_per_cup(\"cheese\") + grams_per_cup(\"cream\")";
    task_.solution = "answer = grams_per_cup(\"cheese\") + grams_per_cup(\"cream\")";
    task_.failure_cases = {"answer = grams_per_cup(\"cheese\")", "answer = 7", "answer = 10"};
    store_ = store::Store::Open(folder_ / "run.db").value();

    store::Candidate candidate;
    candidate.iteration = 1;
    candidate.task = task_;
    candidate.verdict.gates.push_back({.gate = "parses"});
    candidate.fate = store::CandidateFate::kAccepted;
    EXPECT_TRUE(store_->AddCandidate(candidate).ok());
  }
  ~ReverifyTest() override { fs::remove_all(folder_); }

  void AddAttempt(int index, const std::string& answer, double reward) {
    store::StoredTrajectory stored;
    stored.iteration = 1;
    stored.purpose = "pilot";
    stored.index = index;
    stored.trajectory.task_id = task_.id;
    stored.trajectory.task_hash = task_.Hash();
    stored.trajectory.answer = answer;
    stored.trajectory.reward = reward;
    stored.trajectory.tokens = {index};
    stored.trajectory.by_agent = {true};
    stored.trajectory.logprobs = {0};
    const Json call = {{"tool", "grams_per_cup"},
                       {"arguments", R"({"ingredient": "cheese"})"},
                       {"result", "113"},
                       {"failed", false}};
    stored.trajectory.turns.push_back(
        {.agent = "", .observation = "", .calls = Json::array({call})});
    EXPECT_TRUE(store_->AddTrajectory(stored).ok());
  }

  Reverification Reverified(const std::vector<std::string>& overrides = {}) const {
    SilentProgress progress;
    return Reverify(folder_, overrides, progress).value();
  }

  const fs::path folder_;
  CodeAsTask task_;
  std::unique_ptr<store::Store> store_;
};

TEST_F(ReverifyTest, FindsNothingWhereNothingChanged) {
  AddAttempt(0, "351", 1);
  AddAttempt(1, "7", 0);

  const Reverification result = Reverified();

  EXPECT_FALSE(result.flips()) << DumpJson(result.ToJson(), 2);
  EXPECT_EQ(result.tasks, 1);
  EXPECT_EQ(result.trajectories, 2);
  EXPECT_EQ(result.rows_before, 2U);  // The success and the solution.
  EXPECT_EQ(result.rows_after, 2U);
}

TEST_F(ReverifyTest, NamesATaskThatFallsUnderAnotherThresholdAndItsRows) {
  AddAttempt(0, "351", 1);
  AddAttempt(1, "7", 0);

  const Reverification result = Reverified({"gates.pilot_successes_min=2"});

  ASSERT_EQ(result.task_flips.size(), 1U);
  EXPECT_EQ(result.task_flips[0].task_id, "t1-0");
  EXPECT_EQ(result.task_flips[0].gate, "solvable");
  EXPECT_EQ(result.task_flips[0].before, "accepted");
  EXPECT_EQ(result.rows_gone.size(), 2U);
  EXPECT_TRUE(result.trajectory_flips.empty());
}

TEST_F(ReverifyTest, TakesARunOfAnEarlierVersionByItsOwnRules) {
  EXPECT_TRUE(ReadRunRecipe(folder_, {}).value().gates.like_examples);
  EXPECT_FALSE(ReadRunRecipe(folder_, {"gates.like_examples=false"}).value().gates.like_examples);
  Recipe of_today;
  of_today.env_path = "kitchen";
  EXPECT_TRUE(WriteFileAtomically(folder_ / "recipe.toml", of_today.ToToml()).ok());
  EXPECT_FALSE(ReadRunRecipe(folder_, {}).value().gates.like_examples);
}

TEST_F(ReverifyTest, AsksForAWordWhereTheRecipeNowDoes) {
  AddAttempt(0, "351", 1);

  const Reverification result = Reverified({"gates.approval=true"});

  ASSERT_EQ(result.task_flips.size(), 1U);
  EXPECT_EQ(result.task_flips[0].after, "waiting");
  EXPECT_EQ(result.task_flips[0].gate, "approved");
  EXPECT_EQ(result.rows_after, 0U);
}

TEST_F(ReverifyTest, KeepsToWhatAPersonSaid) {
  AddAttempt(0, "351", 1);
  store::Candidate candidate = store_->Candidates(1).value()[0];
  candidate.fate = store::CandidateFate::kWaiting;
  ASSERT_TRUE(store_->UpdateCandidate(candidate).ok());
  ASSERT_TRUE(
      store_->AddReview({.task_id = task_.id, .task_hash = task_.Hash(), .by = "Ann"}).ok());
  candidate.fate = store::CandidateFate::kRejected;
  candidate.verdict.gates.push_back({.gate = "approved", .verdict = Verdict::kFailed});
  ASSERT_TRUE(store_->UpdateCandidate(candidate).ok());

  EXPECT_FALSE(Reverified({"gates.approval=true"}).flips());
}

TEST_F(ReverifyTest, NamesTheWordByWhichATaskNoLongerWaits) {
  AddAttempt(0, "351", 1);
  store::Candidate candidate = store_->Candidates(1).value()[0];
  candidate.fate = store::CandidateFate::kWaiting;
  ASSERT_TRUE(store_->UpdateCandidate(candidate).ok());
  ASSERT_TRUE(store_
                  ->AddReview({.task_id = task_.id,
                               .task_hash = task_.Hash(),
                               .decision = Decision::kApproved,
                               .by = "Ann"})
                  .ok());

  const Reverification result = Reverified({"gates.approval=true"});

  ASSERT_EQ(result.task_flips.size(), 1U);
  EXPECT_EQ(result.task_flips[0].before, "waiting");
  EXPECT_EQ(result.task_flips[0].after, "accepted");
  EXPECT_EQ(result.task_flips[0].gate, "approved");
  EXPECT_EQ(result.task_flips[0].evidence, "Approved by Ann.");
}

TEST_F(ReverifyTest, NamesAnAttemptWhoseRewardIsAnotherNow) {
  AddAttempt(0, "351", 1);
  AddAttempt(1, "352", 1);

  const Reverification result = Reverified();

  ASSERT_EQ(result.trajectory_flips.size(), 1U);
  EXPECT_EQ(result.trajectory_flips[0].before, 1.0);
  EXPECT_EQ(result.trajectory_flips[0].after, 0.0);
  ASSERT_EQ(result.rows_gone.size(), 1U);
  EXPECT_EQ(result.rows_gone[0].trajectory_id, result.trajectory_flips[0].id);
}

}  // namespace
}  // namespace sca::campaign
