#include "sandbox/zygote.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"

namespace sca::sandbox {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

std::vector<pid_t> ChildrenOf(const std::string& process) {
  std::vector<pid_t> children;
  for (const auto& thread : fs::directory_iterator("/proc/" + process + "/task")) {
    std::ifstream file(thread.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

std::string RunInCell(Process& cell, std::string_view code) {
  const Deadline deadline = std::chrono::steady_clock::now() + 10s;
  cell.channel().Send({{"op", "run"}, {"turn", 1}, {"code", code}}, deadline);
  return GetStringOr(cell.channel().Receive(deadline).message, "output", "(no reply)");
}

class ZygoteTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("sca_zygote_test_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  ZygoteOptions WithTools(std::string_view text) {
    EXPECT_TRUE(WriteFileAtomically(folder_ / "tools.py", text).ok());
    ZygoteOptions options;
    options.folder = folder_;
    return options;
  }

  fs::path folder_;
};

TEST_F(ZygoteTest, ForksCellsThatRunPython) {
  const auto zygote = Zygote::Start({}).value();
  Process cell = zygote->Fork(ChildKind::kCell, 1).value();

  EXPECT_EQ(RunInCell(cell, "6 * 7"), "42\n");
}

TEST_F(ZygoteTest, IsStartedAgainWhenItHasDied) {
  const auto zygote = Zygote::Start({}).value();
  Process before = zygote->Fork(ChildKind::kCell, 1).value();
  for (const pid_t child : ChildrenOf("self")) {
    for (const pid_t proper : ChildrenOf(std::to_string(child))) ::kill(proper, SIGKILL);
  }
  ASSERT_TRUE(before.WaitForEnd(std::chrono::steady_clock::now() + 10s));

  Process after = zygote->Fork(ChildKind::kCell, 1).value();

  EXPECT_EQ(RunInCell(before, "1"), "(no reply)");
  EXPECT_EQ(RunInCell(after, "1"), "1\n");
  // Though the new zygote may have buried a child of the same number.
  after.Kill();
  EXPECT_EQ(zygote->EndingOfChild(before).outcome, Outcome::kInfrastructure);
}

TEST_F(ZygoteTest, GoesWithItsHostsObject) {
  auto zygote = Zygote::Start({}).value();
  Process cell = zygote->Fork(ChildKind::kCell, 1).value();
  zygote.reset();

  EXPECT_TRUE(cell.WaitForEnd(std::chrono::steady_clock::now() + 10s));
}

TEST_F(ZygoteTest, ReportsTheLevelThatWasAskedForAtMost) {
  for (const IsolationLevel level :
       {IsolationLevel::kUnconfined, IsolationLevel::kSeccomp, IsolationLevel::kLandlock}) {
    const auto zygote =
        Zygote::Start({.level_min = IsolationLevel::kUnconfined, .level_max = level}).value();
    EXPECT_LE(zygote->isolation().level, level);
  }
}

TEST_F(ZygoteTest, RefusesToStartBelowTheLeastLevel) {
  const auto zygote = Zygote::Start(
      {.level_min = IsolationLevel::kNamespaces, .level_max = IsolationLevel::kSeccomp});

  ASSERT_FALSE(zygote.ok());
  EXPECT_EQ(zygote.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_NE(zygote.error().message.find("sandbox.minimum"), std::string::npos);
}

TEST_F(ZygoteTest, MeasuresItsForksAndForksOn) {
  const auto zygote = Zygote::Start({}).value();

  const std::vector<double> microseconds = zygote->MeasureForks(3).value();
  Process cell = zygote->Fork(ChildKind::kCell, 1).value();

  ASSERT_EQ(microseconds.size(), 3U);
  for (const double one : microseconds) EXPECT_GT(one, 0);
  EXPECT_EQ(RunInCell(cell, "1"), "1\n");
}

TEST_F(ZygoteTest, EndsAToolsFileThatNeverLoads) {
  ZygoteOptions options = WithTools("while True: pass\n");
  options.load_time = 300ms;

  const auto zygote = Zygote::Start(options);

  ASSERT_FALSE(zygote.ok());
  EXPECT_EQ(zygote.error().code, ErrorCode::kUnavailable);
  for (int i = 0; i < 100 && !ChildrenOf("self").empty(); ++i) std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(ChildrenOf("self").empty());
}

TEST_F(ZygoteTest, SaysWhatIsWrongWithATools) {
  const auto without_state = Zygote::Start(WithTools("x = 1\n"));
  const auto not_plain = Zygote::Start(WithTools("def load_state(): return {'a': {1, 2}}\n"));

  ASSERT_FALSE(without_state.ok());
  EXPECT_NE(without_state.error().message.find("load_state"), std::string::npos);
  ASSERT_FALSE(not_plain.ok());
  EXPECT_NE(not_plain.error().message.find("not JSON serializable"), std::string::npos);
}

}  // namespace
}  // namespace sca::sandbox
