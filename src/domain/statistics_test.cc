#include "domain/statistics.h"

#include <gtest/gtest.h>

#include <vector>

namespace sca {
namespace {

TEST(WilsonInterval, GivesThePublishedValues) {
  // Newcombe (1998), table I, method 3: 81 of 263 and 15 of 148.
  const Interval first = WilsonInterval(81, 263);
  EXPECT_NEAR(first.low, 0.2553, 5e-5);
  EXPECT_NEAR(first.high, 0.3662, 5e-5);

  const Interval second = WilsonInterval(15, 148);
  EXPECT_NEAR(second.low, 0.0624, 5e-5);
  EXPECT_NEAR(second.high, 0.1605, 5e-5);
}

TEST(WilsonInterval, StaysWithinZeroAndOneAtTheEdges) {
  EXPECT_EQ(WilsonInterval(0, 20).low, 0);
  EXPECT_NEAR(WilsonInterval(0, 20).high, 0.1611, 5e-5);  // Newcombe: 0 of 20.
  EXPECT_EQ(WilsonInterval(20, 20).high, 1);
  EXPECT_EQ(WilsonInterval(0, 0).low, 0);
  EXPECT_EQ(WilsonInterval(0, 0).high, 1);
}

TEST(PassAtK, CountsTheDrawsWithAtLeastOneSuccess) {
  EXPECT_DOUBLE_EQ(PassAtK(4, 0, 4), 0);
  EXPECT_DOUBLE_EQ(PassAtK(4, 1, 4), 1);
  EXPECT_DOUBLE_EQ(PassAtK(4, 1, 1), 0.25);
  EXPECT_DOUBLE_EQ(PassAtK(4, 2, 2), 1 - 1.0 / 6);  // Of 6 pairs one has no success.
  EXPECT_NEAR(PassAtK(10, 3, 4), 1 - 35.0 / 210, 1e-12);
}

TEST(PassHatK, CountsTheDrawsOfSuccessesOnly) {
  EXPECT_DOUBLE_EQ(PassHatK(4, 4, 4), 1);
  EXPECT_DOUBLE_EQ(PassHatK(4, 3, 4), 0);
  EXPECT_DOUBLE_EQ(PassHatK(4, 2, 2), 1.0 / 6);
  EXPECT_NEAR(PassHatK(10, 6, 3), 20.0 / 120, 1e-12);
}

std::vector<TaskScore> Scores(const std::vector<int>& successes) {
  std::vector<TaskScore> scores;
  for (const int count : successes) {
    scores.push_back({.task_id = "task " + std::to_string(scores.size()),
                      .calls = 1,
                      .trials = 4,
                      .successes = count});
  }
  return scores;
}

TEST(PairedBootstrap, AgreesWithTheNormalApproximationOnManyTasks) {
  std::vector<int> before, after;  // Half the tasks gain one trial in four, half gain nothing.
  for (int task = 0; task < 400; ++task) {
    before.push_back(1);
    after.push_back(1 + task % 2);
  }

  const Comparison comparison = PairedBootstrap(Scores(before), Scores(after));

  EXPECT_DOUBLE_EQ(comparison.difference, 0.125);  // Standard error 0.125 / sqrt(400).
  EXPECT_NEAR(comparison.interval.low, 0.125 - 1.96 * 0.00625, 0.001);
  EXPECT_NEAR(comparison.interval.high, 0.125 + 1.96 * 0.00625, 0.001);
}

TEST(PairedBootstrap, HasNoSpreadWhereEveryTaskGainsTheSame) {
  const Comparison comparison = PairedBootstrap(Scores({0, 1, 2}), Scores({2, 3, 4}));

  EXPECT_DOUBLE_EQ(comparison.difference, 0.5);
  EXPECT_DOUBLE_EQ(comparison.interval.low, 0.5);
  EXPECT_DOUBLE_EQ(comparison.interval.high, 0.5);
}

TEST(PairedBootstrap, IsAFunctionOfItsSeed) {
  const std::vector<TaskScore> before = Scores({0, 1, 2, 0, 4, 1});
  const std::vector<TaskScore> after = Scores({3, 1, 4, 2, 3, 0});

  const Interval once = PairedBootstrap(before, after, {.seed = 7}).interval;
  const Interval again = PairedBootstrap(before, after, {.seed = 7}).interval;

  EXPECT_EQ(once.low, again.low);
  EXPECT_EQ(once.high, again.high);
}

TEST(PairedBootstrap, LeavesOutTasksThatOneSideDidNotScore) {
  std::vector<TaskScore> before = Scores({0, 0, 0});
  std::vector<TaskScore> after = Scores({4, 0});
  before[1].trials = 0;  // Infrastructure broke all of its trials.

  EXPECT_DOUBLE_EQ(PairedBootstrap(before, after).difference, 1);
  EXPECT_DOUBLE_EQ(PairedBootstrap({}, after).difference, 0);
}

}  // namespace
}  // namespace sca
