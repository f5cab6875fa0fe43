#include "campaign/training_rows.h"

#include <gtest/gtest.h>

namespace sca::campaign {
namespace {

store::Candidate AcceptedTask(const std::string& name) {
  store::Candidate candidate;
  candidate.fate = store::CandidateFate::kAccepted;
  candidate.task = CodeAsTask{.id = name,
                              .instruction = name,
                              .evaluation_function = "def evaluate(answer): return True",
                              .solution = "answer = 1",
                              .failure_cases = {}};
  return candidate;
}

store::StoredTrajectory Played(const store::Candidate& candidate, const std::string& purpose,
                               double reward, std::vector<int> tokens) {
  store::StoredTrajectory stored;
  stored.purpose = purpose;
  stored.trajectory.task_hash = candidate.task->Hash();
  stored.trajectory.reward = reward;
  stored.trajectory.tokens = std::move(tokens);
  stored.trajectory.by_agent.assign(stored.trajectory.tokens.size(), true);
  Json call = {{"tool", "f"}};
  stored.trajectory.turns.push_back({.agent = "", .observation = "", .calls = Json::array({call})});
  return stored;
}

Result<TrainingRow> Encode(const CodeAsTask& task) {
  return TrainingRow{.task_id = task.id, .tokens = {7, 7, 7}, .by_agent = {false, true, true}};
}

std::vector<TrainingRow> Select(std::vector<store::Candidate> candidates,
                                std::vector<store::StoredTrajectory> trajectories,
                                TrainSettings settings = {}) {
  return SelectRows(candidates, trajectories, settings, Encode).value();
}

TEST(SelectRows, TakesDistinctSuccessesUpToTheLimitAndTheDemonstration) {
  const store::Candidate task = AcceptedTask("a");
  TrainSettings settings;
  settings.rows_per_task_max = 2;

  const auto rows = Select({task},
                           {Played(task, "pilot", 1, {1}), Played(task, "pilot", 1, {1}),
                            Played(task, "rollout", 0, {2}), Played(task, "rollout", 1, {3}),
                            Played(task, "rollout", 1, {4})},
                           settings);

  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].tokens, std::vector{1});
  EXPECT_EQ(rows[1].tokens, std::vector{3});
  EXPECT_TRUE(rows[2].demonstration);
}

TEST(SelectRows, NeverTakesAHeldOutEpisodeWhateverItsRewardAndTask) {
  const store::Candidate task = AcceptedTask("a");
  TrainSettings settings;
  settings.demonstrations = false;
  const store::Candidate held_out = AcceptedTask("held out");

  const auto rows = Select({task},
                           {Played(task, "evaluation:before", 1, {1}),
                            Played(held_out, "rollout", 1, {2}), Played(held_out, "pilot", 1, {3})},
                           settings);

  EXPECT_TRUE(rows.empty());
}

TEST(SelectRows, LeavesOutTasksThatWereNotAccepted) {
  store::Candidate rejected = AcceptedTask("a");
  rejected.fate = store::CandidateFate::kRejected;
  store::Candidate aside = AcceptedTask("b");
  aside.fate = store::CandidateFate::kSetAside;

  EXPECT_TRUE(Select({rejected, aside},
                     {Played(rejected, "rollout", 1, {1}), Played(aside, "rollout", 1, {2})})
                  .empty());
}

TEST(SelectRows, LeavesOutAnAnswerThatWasGuessedWithoutATool) {
  const store::Candidate task = AcceptedTask("a");
  store::StoredTrajectory guess = Played(task, "rollout", 1, {1});
  guess.trajectory.turns[0].calls = Json::array();
  TrainSettings settings;
  settings.demonstrations = false;

  EXPECT_TRUE(Select({task}, {guess}, settings).empty());
}

TEST(NothingToTrainOn, BlamesPeopleOnlyWhereTheyApprovedNoTask) {
  store::Candidate refused = AcceptedTask("a");
  refused.fate = store::CandidateFate::kRejected;
  refused.verdict.gates.push_back({.gate = "approved", .verdict = Verdict::kFailed});
  const std::vector<store::Candidate> none_left = {refused, refused};
  const std::vector<store::Candidate> one_left = {refused, AcceptedTask("b")};

  const std::string by_people = NothingToTrainOn(none_left, 1, "run").message;
  const std::string by_attempts = NothingToTrainOn(one_left, 1, "run").message;

  EXPECT_NE(by_people.find("2 fell at their word"), std::string::npos) << by_people;
  EXPECT_EQ(by_people.find("Raise"), std::string::npos) << by_people;
  EXPECT_NE(by_attempts.find("Raise challenge.candidates"), std::string::npos) << by_attempts;
}

}  // namespace
}  // namespace sca::campaign
