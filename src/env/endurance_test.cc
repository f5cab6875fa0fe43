#include "env/endurance.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace sca::env {
namespace {

TEST(Endurance, LeavesNothingBehindAndKeepsEpisodesApart) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("sca_endurance_test_" + std::to_string(::getpid()));
  SilentProgress progress;

  const auto endurance = MeasureEndurance(
      {.folder = folder, .verdicts = 400, .verdicts_a_world = 10, .episodes = 30}, progress);

  std::filesystem::remove_all(folder);
  ASSERT_TRUE(endurance.ok()) << endurance.error().message;
  EXPECT_EQ(endurance->verdicts, 400U);
  EXPECT_EQ(endurance->wrong_verdicts, 0U);
  EXPECT_EQ(endurance->mixed_up_episodes, 0U);
  // Less than one for each of the 38 worlds between; some may still be ending on a busy machine.
  EXPECT_LE(endurance->after.descriptors, endurance->before.descriptors + 24);
  EXPECT_LE(endurance->after.processes, endurance->before.processes + 24);
}

}  // namespace
}  // namespace sca::env
