#include "cli/arguments.h"

#include <gtest/gtest.h>

namespace sca::cli {
namespace {

using Words = std::vector<std::string>;

TEST(SpreadOverrides, GivesEachOverrideAFlagOfItsOwn) {
  EXPECT_EQ(SpreadOverrides({"run", "a.toml", "--set", "seed=2", "train.epochs=3", "--quiet"}),
            (Words{"run", "a.toml", "--set", "seed=2", "--set", "train.epochs=3", "--quiet"}));
}

TEST(SpreadOverrides, LeavesARecipeAfterAnOverrideAlone) {
  const Words words{"run", "--set", "seed=2", "recipes/quickstart.toml"};

  EXPECT_EQ(SpreadOverrides(words), words);
}

TEST(SpreadOverrides, TakesWhateverComesRightAfterTheFlagAsItsValue) {
  const Words words{"run", "--set", "no-equals-sign", "a.toml"};

  EXPECT_EQ(SpreadOverrides(words), words);
}

TEST(SpreadOverrides, TouchesNothingWithoutTheFlag) {
  const Words words{"check", "a=b.jsonl", "--env", "kitchen"};

  EXPECT_EQ(SpreadOverrides(words), words);
}

TEST(SpreadOverrides, KnowsTheFormWithAnEqualsSign) {
  EXPECT_EQ(SpreadOverrides({"--set=seed=2", "wave=8", "x"}),
            (Words{"--set=seed=2", "--set", "wave=8", "x"}));
}

}  // namespace
}  // namespace sca::cli
