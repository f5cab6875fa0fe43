#include "task/failure_cases.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "task/judge.h"

namespace sca::task {
namespace {

std::unique_ptr<env::Environment> Load(const std::string& name) {
  return env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/environments/" + name).value();
}

std::string FirstFailure(const CodeAsTask& task, const env::Environment& environment) {
  const TaskReport report = JudgeTask(task, environment, {}, {}, 1).value();
  const GateVerdict* failure = report.verdict.first_failure();
  return failure == nullptr ? "none" : failure->gate;
}

CodeAsTask Sugar() {
  CodeAsTask task;
  task.instruction = "What do 7 kilograms of sugar cost in euros?";
  task.evaluation_function =
      "def evaluate(answer):\n"
      "    return answer is not None and abs(answer - price_per_kilogram('sugar') * 7) < 0.01";
  task.solution = "answer = price_per_kilogram('sugar') * 7";
  return task;
}

TEST(CompleteFailureCases, ReplacesWhatDoesNotRunAndWhatTheSolutionDoes) {
  const auto kitchen = Load("kitchen");
  CodeAsTask task = Sugar();
  task.failure_cases = {"answer = (", "answer = price_per_kilogram('unicorn')",
                        "answer = 7 * price_per_kilogram('sugar')", "answer = 5"};

  EXPECT_EQ(CompleteFailureCases(task, *kitchen, 1).value(), 2);

  ASSERT_EQ(task.failure_cases.size(), 3U);
  EXPECT_EQ(task.failure_cases.front(), "answer = 5");
  EXPECT_EQ(FirstFailure(task, *kitchen), "none");
}

TEST(CompleteFailureCases, LeavesThreeGoodOnesAlone) {
  const auto kitchen = Load("kitchen");
  CodeAsTask task = Sugar();
  task.failure_cases = {"answer = 1", "answer = 2", "answer = 3"};
  const std::string before = task.Hash();

  EXPECT_EQ(CompleteFailureCases(task, *kitchen, 1).value(), 0);

  EXPECT_EQ(task.Hash(), before);
}

TEST(CompleteFailureCases, KeepsACaseThatALenientVerifierAccepts) {
  const auto kitchen = Load("kitchen");
  CodeAsTask task = Sugar();
  task.evaluation_function = "def evaluate(answer):\n    return answer is not None and answer > 4";
  task.failure_cases = {"answer = 5"};

  ASSERT_TRUE(CompleteFailureCases(task, *kitchen, 1).ok());

  EXPECT_EQ(task.failure_cases.front(), "answer = 5");
  EXPECT_EQ(FirstFailure(task, *kitchen), "failures_rejected");
}

TEST(CompleteFailureCases, AltersWriteCallsWhereThereIsNoAnswer) {
  const auto shop = Load("shop");
  CodeAsTask task = shop->examples().front();
  task.failure_cases.clear();

  EXPECT_EQ(CompleteFailureCases(task, *shop, 1).value(), 3);

  EXPECT_EQ(FirstFailure(task, *shop), "none");
}

TEST(CompleteFailureCases, LeavesATaskWhoseSolutionDoesNotPass) {
  const auto kitchen = Load("kitchen");
  CodeAsTask task = Sugar();
  task.solution = "answer = 1";
  task.failure_cases = {"answer = ("};
  const std::string before = task.Hash();

  EXPECT_EQ(CompleteFailureCases(task, *kitchen, 1).value(), 0);

  EXPECT_EQ(task.Hash(), before);
}

}  // namespace
}  // namespace sca::task
