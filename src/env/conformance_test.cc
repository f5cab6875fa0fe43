// Every environment that ships: its held-out tasks and examples hold what a task must hold.

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "env/environment.h"

namespace sca::env {
namespace {

namespace fs = std::filesystem;
using sandbox::Outcome;

std::vector<std::string> ShippedEnvironments() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(SCA_SOURCE_DIR) / "environments")) {
    if (fs::exists(entry.path() / "environment.toml")) names.push_back(entry.path().filename());
  }
  return names;
}

class Conformance : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    auto environment = Environment::Load(Environment::Find(GetParam()).value());
    ASSERT_TRUE(environment.ok()) << environment.error().message;
    environment_ = std::move(environment).value();
    tasks_ = environment_->heldout();
    tasks_.insert(tasks_.end(), environment_->examples().begin(), environment_->examples().end());
    ASSERT_FALSE(tasks_.empty());
  }

  // The verdict on a fresh world in which `code` has run; none if the code did not finish.
  std::optional<bool> Judge(const CodeAsTask& task, const std::string& code) {
    const auto episode = environment_->Start(0).value();
    const CodeResult result = episode->RunCode(code).value();
    EXPECT_EQ(result.outcome, Outcome::kFinished) << task.id << ": " << result.error;
    const VerdictResult verdict =
        episode->Verify(task.evaluation_function, result.answer_json).value();
    EXPECT_EQ(verdict.world_hash_before, verdict.world_hash_after) << task.id;
    return verdict.passed;
  }

  std::unique_ptr<Environment> environment_;
  std::vector<CodeAsTask> tasks_;
};

TEST_P(Conformance, AcceptsEverySolution) {
  for (const CodeAsTask& task : tasks_) EXPECT_EQ(Judge(task, task.solution), true) << task.id;
}

TEST_P(Conformance, RejectsEveryFailureCase) {
  for (const CodeAsTask& task : tasks_) {
    EXPECT_GE(task.failure_cases.size(), 3U) << task.id;
    for (const std::string& failure : task.failure_cases) {
      EXPECT_NE(Judge(task, failure), true) << task.id << "\n" << failure;
    }
  }
}

TEST_P(Conformance, RejectsDoingNothing) {
  for (const CodeAsTask& task : tasks_) EXPECT_NE(Judge(task, "pass"), true) << task.id;
}

TEST_P(Conformance, HasReadToolsThatLeaveTheStateAlone) {
  const auto episode = environment_->Start(0).value();
  const std::string before = episode->StateHash().value();
  for (const CodeAsTask& task : tasks_) {
    if (!task.exploration.empty()) {
      EXPECT_EQ(episode->RunCode(task.exploration).value().outcome, Outcome::kFinished) << task.id;
    }
  }
  bool writes = false;
  for (const ToolCall& call : episode->calls()) {
    for (const ToolSpec& tool : environment_->tools()) {
      writes = writes || (tool.name == call.tool && tool.writes);
    }
  }

  if (!writes) {
    EXPECT_EQ(episode->StateHash().value(), before);
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, Conformance, testing::ValuesIn(ShippedEnvironments()),
                         [](const auto& environment) { return environment.param; });

}  // namespace
}  // namespace sca::env
