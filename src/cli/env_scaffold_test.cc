#include "cli/env_scaffold.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/progress.h"
#include "cli/gate_table.h"
#include "env/environment.h"

namespace sca::cli {
namespace {
namespace fs = std::filesystem;

class EnvScaffold : public testing::Test {
 protected:
  EnvScaffold()
      : parent_(fs::temp_directory_path() / ("sca-scaffold-" + std::to_string(::getpid()))) {
    fs::create_directories(parent_);
  }
  ~EnvScaffold() override { fs::remove_all(parent_); }

  const fs::path parent_;
};

TEST_F(EnvScaffold, WritesAFolderWhoseTasksPassAllGates) {
  const fs::path folder = parent_ / "my_tools";

  const Status status = WriteEnvironmentFolder(folder);

  ASSERT_TRUE(status.ok()) << status.error().message;
  const auto environment = env::Environment::Load(folder);
  ASSERT_TRUE(environment.ok()) << environment.error().message;
  EXPECT_EQ((*environment)->settings().title, "My tools");
  EXPECT_GE((*environment)->examples().size(), 8U);
  SilentProgress progress;
  const GateSettings settings;
  std::vector<TaskToCheck> tasks;
  for (const CodeAsTask& task : (*environment)->examples()) {
    tasks.push_back({task, TaskOrigin::kExamples});
  }
  for (const CodeAsTask& task : (*environment)->heldout()) {
    tasks.push_back({task, TaskOrigin::kHeldOut});
  }
  const auto checked = CheckTasks(tasks, **environment, settings, progress);
  ASSERT_TRUE(checked.ok()) << checked.error().message;
  for (const CheckedTask& one : *checked) {
    EXPECT_TRUE(one.report.verdict.passed())
        << one.task.id << ": " << one.report.verdict.first_failure()->evidence;
  }
}

TEST_F(EnvScaffold, NeverWritesOverWhatIsThere) {
  const Status status = WriteEnvironmentFolder(parent_);

  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kAlreadyExists);
}

TEST_F(EnvScaffold, RefusesNamesThatWouldNotWorkAsOne) {
  for (const char* name : {"a b", "..", "", "-x", "ä"}) {
    const Status status = WriteEnvironmentFolder(parent_ / name);

    ASSERT_FALSE(status.ok()) << name;
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument) << name;
  }
}

}  // namespace
}  // namespace sca::cli
