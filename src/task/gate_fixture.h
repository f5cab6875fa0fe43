// For tests of one gate: an environment that is loaded once for all tests of a suite, and a task
// judged by that gate alone.

#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "task/gate.h"

namespace sca::task {

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
    CodeAsTask task;
    task.instruction = instruction;
    task.solution = solution;
    task.evaluation_function = evaluation_function;
    const GateSettings settings;
    const KnownTasks known;
    const Policy policy;
    Candidate candidate(task, *environment_, settings, known, policy, 1);
    return gate(candidate).value();
  }

  static inline std::unique_ptr<env::Environment> environment_;
};

}  // namespace sca::task
