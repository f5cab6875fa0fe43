#include "task/pilot.h"

#include <gtest/gtest.h>

#include <vector>

namespace sca::task {
namespace {

std::vector<Trajectory> Group(int successes, int failures, int broken) {
  std::vector<Trajectory> group;
  for (int index = 0; index < successes + failures + broken; ++index) {
    Trajectory trajectory;
    if (index < successes + failures) trajectory.reward = index < successes ? 1.0 : 0.0;
    group.push_back(trajectory);
  }
  return group;
}

TEST(JudgePilot, AcceptsATaskThatSomeAttemptsSolve) {
  const TaskVerdict verdict = JudgePilot(Group(1, 3, 0), {});

  EXPECT_TRUE(verdict.passed());
  EXPECT_EQ(verdict.gates[0].evidence, "1 of 4 independent attempts agree.");
}

TEST(JudgePilot, FindsNobodySolvingItNotSolvable) {
  EXPECT_EQ(JudgePilot(Group(0, 4, 0), {}).first_failure()->gate, "solvable");
}

TEST(JudgePilot, FindsEverybodySolvingItTrivialWhereTheRecipeSaysSo) {
  GateSettings settings;
  settings.pilot_rate_max = 0.9;

  EXPECT_EQ(JudgePilot(Group(4, 0, 0), settings).first_failure()->gate, "not_trivial");
  EXPECT_TRUE(JudgePilot(Group(3, 1, 0), settings).passed());
}

TEST(JudgePilot, LeavesBrokenAttemptsOut) {
  EXPECT_EQ(JudgePilot(Group(1, 1, 2), {}).gates[0].evidence, "1 of 2 independent attempts agree.");
}

TEST(JudgePilot, SkipsAGateThatIsSwitchedOff) {
  GateSettings settings;
  settings.off = {"solvable"};

  EXPECT_EQ(JudgePilot(Group(0, 4, 0), settings).gates[0].verdict, Verdict::kSkipped);
}

}  // namespace
}  // namespace sca::task
