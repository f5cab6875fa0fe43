#include "env/world_bench.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace sca::env {
namespace {

namespace fs = std::filesystem;

TEST(WorldBench, SummarizesTimesByNearestRank) {
  std::vector<double> times(99, 100.0);
  times.push_back(1100.0);

  const BenchRow row = SummarizeTimes({.name = "attempt"}, times);

  EXPECT_EQ(row.name, "attempt");
  EXPECT_EQ(row.p50_us, 100);
  EXPECT_EQ(row.p99_us, 100);
  EXPECT_DOUBLE_EQ(row.per_second_per_core, 100 * 1e6 / 11'000);
  EXPECT_EQ(SummarizeTimes({}, {3, 1, 2}).p99_us, 3);
}

// Times decide nothing here: what is there, and that nothing is left behind.
TEST(WorldBench, MeasuresEveryRowAndRatio) {
  const fs::path folder =
      fs::temp_directory_path() / ("sca_world_bench_test_" + std::to_string(::getpid()));
  SilentProgress progress;

  const auto bench = MeasureWorlds({.folder = folder,
                                    .samples = 2,
                                    .small_bytes = 500,
                                    .json_bytes = 20'000,
                                    .heap_bytes = 30'000,
                                    .large_heap_bytes = 40'000},
                                   progress);
  fs::remove_all(folder);

  ASSERT_TRUE(bench.ok()) << bench.error().message;
  for (const char* name : {"fork_floor", "world_reset", "verification", "verification_in_world",
                           "attempt", "python3_subprocess"}) {
    EXPECT_TRUE(std::any_of(bench->rows.begin(), bench->rows.end(), [&](const BenchRow& row) {
      return row.name == name && row.p50_us > 0 && row.per_second_per_core > 0;
    })) << name;
  }
  const Json ratios = bench->ToJson()["ratios"];
  for (const char* name : {"confined_to_fork_20mb", "confined_to_fork_200mb", "confinement_share",
                           "to_python3", "to_bwrap"}) {
    EXPECT_TRUE(ratios.contains(name)) << name;
  }
  EXPECT_TRUE(ratios["to_python3"].is_number());
  EXPECT_EQ(ratios["to_bwrap"].is_null(), !bench->without_bwrap.empty());
}

}  // namespace
}  // namespace sca::env
