#include "sandbox/control_group.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/files.h"

namespace sca::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMounts =
    "21 20 0:19 / /proc rw - proc proc rw\n"
    "30 20 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

// A folder with the files that the kernel would put there.
class ControlGroupTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "sca_control_group_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    own_ = name;
    Put("cgroup.controllers", "cpu memory pids\n");
    Put("cgroup.subtree_control", "");
  }
  void TearDown() override { fs::remove_all(own_); }

  void Put(const std::string& file, std::string_view text) {
    ASSERT_TRUE(WriteFileAtomically(own_ / file, text).ok());
  }
  std::string Text(const std::string& file) { return ReadFile(own_ / file).value(); }

  fs::path own_;
};

TEST_F(ControlGroupTest, LimitsMemoryAndProcessesAndGoes) {
  fs::path folder;
  {
    const ControlGroup group =
        ControlGroup::Make(own_, {.memory_bytes = 4096, .processes = 7}).value();
    folder = fs::path(group.Entrance()).parent_path();

    EXPECT_EQ(folder.parent_path(), own_);
    EXPECT_EQ(Text("cgroup.subtree_control"), "+memory +pids");
    EXPECT_EQ(ReadFile(folder / "memory.max").value(), "4096");
    EXPECT_EQ(ReadFile(folder / "pids.max").value(), "7");
    // In the kernel's folders files do not keep a group from being removed.
    fs::remove(folder / "memory.max");
    fs::remove(folder / "pids.max");
  }
  EXPECT_FALSE(fs::exists(folder));
}

TEST_F(ControlGroupTest, TakesMostOfTheMachinesMemoryWhereNoLimitIsGiven) {
  const ControlGroup group = ControlGroup::Make(own_, {}).value();
  const fs::path folder = fs::path(group.Entrance()).parent_path();

  EXPECT_GT(std::stoull(ReadFile(folder / "memory.max").value()), std::uint64_t{64} << 20);
  fs::remove_all(folder);
}

TEST_F(ControlGroupTest, IsMadeBesideTheLeafThatThisProcessMovedTo) {
  fs::create_directory(own_ / "sca-host");
  const ControlGroup group = ControlGroup::Make(own_ / "sca-host", {}).value();
  const fs::path folder = fs::path(group.Entrance()).parent_path();

  EXPECT_EQ(folder.parent_path(), own_);
  fs::remove_all(folder);
}

TEST_F(ControlGroupTest, TakesControllersThatAreHandedOnAlready) {
  Put("cgroup.subtree_control", "memory pids\n");
  const ControlGroup group = ControlGroup::Make(own_, {}).value();

  EXPECT_EQ(Text("cgroup.subtree_control"), "memory pids\n");
  fs::remove_all(fs::path(group.Entrance()).parent_path());
}

TEST_F(ControlGroupTest, SaysWhyThereIsNone) {
  Put("cgroup.controllers", "cpu io\n");
  const auto group = ControlGroup::Make(own_, {});

  ASSERT_FALSE(group.ok());
  EXPECT_EQ(group.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(group.error().message.find("memory and pids"), std::string::npos);
}

TEST(ControlGroupFolder, IsFoundFromWhatTheKernelSays) {
  const auto folder = [](std::string_view mounts, std::string_view groups) {
    return ControlGroup::OwnFolder(mounts, groups).value().string();
  };

  EXPECT_EQ(folder(kMounts, "3:cpu:/x\n0::/user.slice/run.scope\n"),
            "/sys/fs/cgroup/user.slice/run.scope");
  EXPECT_EQ(folder(kMounts, "0::/\n"), "/sys/fs/cgroup");
  EXPECT_EQ(folder("30 20 0:26 /pod/one /cg rw - cgroup2 c rw\n", "0::/pod/one\n"), "/cg");
  EXPECT_EQ(folder("30 20 0:26 /pod/one /cg rw - cgroup2 c rw\n", "0::/pod/one/a\n"), "/cg/a");
  EXPECT_FALSE(ControlGroup::OwnFolder("30 20 0:26 / /cg rw - cgroup c rw\n", "0::/\n").ok());
  EXPECT_FALSE(
      ControlGroup::OwnFolder("30 20 0:26 /other /cg rw - cgroup2 c rw\n", "0::/pod\n").ok());
}

}  // namespace
}  // namespace sca::sandbox
