#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace sca {
namespace {

TEST(ForEachInParallel, DoesEveryUnitOnce) {
  std::vector<int> done(100, 0);

  const Status status = ForEachInParallel(done.size(), [&](std::size_t index) -> Status {
    ++done[index];
    return {};
  });

  EXPECT_TRUE(status.ok());
  EXPECT_EQ(done, std::vector<int>(100, 1));
}

TEST(ForEachInParallel, StopsAtAnErrorAndGivesItBack) {
  std::atomic<int> begun = 0;

  const Status status = ForEachInParallel(1'000'000, [&](std::size_t) -> Status {
    ++begun;
    return Error{ErrorCode::kUnavailable, "The world ended."};
  });

  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_LT(begun, 1000);
}

TEST(ForEachInParallel, KeepsEachThreadOnItsCore) {
  const std::size_t cores = CoreCount();
  std::atomic<int> elsewhere = 0;

  const Status status = ForEachInParallel(1'000, [&](std::size_t) -> Status {
    if (CoreOfThisThread() >= cores || CoreCount() != 1) ++elsewhere;
    return {};
  });

  EXPECT_TRUE(status.ok());
  EXPECT_EQ(elsewhere, 0);
  EXPECT_EQ(CoreOfThisThread(), 0);
}

TEST(RunOnCore, RunsThereAndWaits) {
  const std::size_t last = CoreCount() - 1;
  std::size_t core = last + 1;

  RunOnCore(last, [&] { core = CoreOfThisThread(); });

  EXPECT_EQ(core, last);
}

TEST(ForEachInParallel, HasNothingToDoForNoUnits) {
  EXPECT_TRUE(ForEachInParallel(0, [](std::size_t) -> Status {
                return Error{ErrorCode::kInternal, "called"};
              }).ok());
}

}  // namespace
}  // namespace sca
