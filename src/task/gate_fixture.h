// For tests of one gate: an environment that is loaded once for all tests of a suite, or written
// for one test, and a task judged by that gate alone.

#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/files.h"
#include "task/gate.h"

namespace sca::task {

inline Finding JudgeAlone(const env::Environment& environment, Result<Finding> (*gate)(Candidate&),
                          const std::string& instruction, const std::string& solution,
                          const std::string& evaluation_function) {
  CodeAsTask task;
  task.instruction = instruction;
  task.solution = solution;
  task.evaluation_function = evaluation_function;
  const GateSettings settings;
  const KnownTasks known;
  const Policy policy;
  Candidate candidate(task, environment, settings, known, policy, 1);
  return gate(candidate).value();
}

// A suite says where its environment lies, below the project: struct Shop { static constexpr const
// char* kFolder = "environments/shop"; }.
template <typename Place>
class GateFixture : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    environment_ =
        env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/" + Place::kFolder).value();
  }
  static void TearDownTestSuite() { environment_.reset(); }

  static Finding JudgeBy(Result<Finding> (*gate)(Candidate&), const std::string& instruction,
                         const std::string& solution, const std::string& evaluation_function) {
    return JudgeAlone(*environment_, gate, instruction, solution, evaluation_function);
  }

  static inline std::unique_ptr<env::Environment> environment_;
};

// An environment of a test's own tools.
class WrittenGateFixture : public testing::Test {
 protected:
  // `answer`: "required" or "none".
  WrittenGateFixture(std::string_view tools, std::string_view answer)
      : folder_(std::filesystem::temp_directory_path() /
                ("sca_gate_test_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    const std::string settings =
        "title = \"Test\"\ndescription = \"Tools of a test.\"\nturns_max = 3\nanswer = \"" +
        std::string(answer) + "\"\n";
    EXPECT_TRUE(WriteFileAtomically(folder_ / "environment.toml", settings).ok());
    EXPECT_TRUE(WriteFileAtomically(folder_ / "tools.py", tools).ok());
    environment_ = env::Environment::Load(folder_).value();
  }
  ~WrittenGateFixture() override {
    environment_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::filesystem::path folder_;
  std::unique_ptr<env::Environment> environment_;
};

}  // namespace sca::task
