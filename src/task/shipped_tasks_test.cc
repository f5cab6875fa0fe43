// Every task that ships with an environment passes the gates that a generated one must pass.

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "task/judge.h"

namespace sca::task {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> ShippedEnvironments() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(SCA_SOURCE_DIR) / "environments")) {
    if (fs::exists(entry.path() / "environment.toml")) names.push_back(entry.path().filename());
  }
  return names;
}

class ShippedTasks : public testing::TestWithParam<std::string> {};

TEST_P(ShippedTasks, PassAllGates) {
  const auto environment =
      env::Environment::Load(env::Environment::Find(GetParam()).value()).value();
  std::vector<CodeAsTask> tasks = environment->heldout();
  tasks.insert(tasks.end(), environment->examples().begin(), environment->examples().end());
  GateSettings settings;
  settings.mutants_max = 40;

  int measured = 0;
  for (const CodeAsTask& task : tasks) {
    const TaskReport report = JudgeTask(task, *environment, settings, {}, 5).value();
    const GateVerdict* failure = report.verdict.first_failure();
    EXPECT_EQ(failure, nullptr) << task.id << " falls at " << failure->gate << ": "
                                << failure->evidence << "\n"
                                << task.instruction << "\n"
                                << task.solution << "\n"
                                << task.evaluation_function;
    if (report.mutant_score.has_value()) ++measured;
  }

  EXPECT_GT(measured, static_cast<int>(tasks.size()) / 2);
}

INSTANTIATE_TEST_SUITE_P(Shipped, ShippedTasks, testing::ValuesIn(ShippedEnvironments()),
                         [](const auto& environment) { return environment.param; });

}  // namespace
}  // namespace sca::task
