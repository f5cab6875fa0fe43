#include "task/reward.h"

#include <gtest/gtest.h>

namespace sca::task {
namespace {

using sandbox::Outcome;

TEST(RewardOf, IsOneOrZeroForAFinishedVerdictOnly) {
  EXPECT_EQ(RewardOf({.outcome = Outcome::kFinished, .passed = true}).value, 1.0);
  EXPECT_EQ(RewardOf({.outcome = Outcome::kFinished, .passed = false}).value, 0.0);
}

TEST(RewardOf, IsNoneWhereTheVerifierOrOursFailed) {
  for (const Outcome outcome :
       {Outcome::kRaised, Outcome::kTimedOut, Outcome::kOutOfMemory, Outcome::kOutputExceeded,
        Outcome::kKilled, Outcome::kProtocolError, Outcome::kInfrastructure}) {
    // A claim of success that comes with such an outcome is worth nothing.
    const Reward reward = RewardOf({.outcome = outcome, .passed = true});
    EXPECT_FALSE(reward.value.has_value());
    EXPECT_EQ(reward.outcome, sandbox::OutcomeName(outcome));
  }
  EXPECT_FALSE(RewardOf({.outcome = Outcome::kFinished}).value.has_value());
}

}  // namespace
}  // namespace sca::task
