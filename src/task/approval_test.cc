#include "task/approval.h"

#include <gtest/gtest.h>

#include <vector>

#include "task/judge.h"

namespace sca::task {
namespace {

CodeAsTask ExampleTask() {
  return {.id = "t1-0",
          .instruction = "Halve 4.",
          .evaluation_function = "def evaluate(answer): return answer == 2",
          .solution = "answer = half(4)",
          .failure_cases = {"answer = 1", "answer = 3", "answer = 4"}};
}

Review Word(const CodeAsTask& task, Decision decision, std::string note) {
  return {.task_id = task.id,
          .task_hash = task.Hash(),
          .decision = decision,
          .by = "Ann",
          .note = std::move(note),
          .time = "2026-11-25T19:31:57Z"};
}

TEST(JudgeApproved, SaysWhoApprovedOrRejectedAndWhy) {
  const CodeAsTask task = ExampleTask();
  std::vector<Review> reviews = {Word(task, Decision::kApproved, "clear")};

  const auto approved = JudgeApproved(task, reviews, {}, {});
  reviews.push_back(Word(task, Decision::kRejected, ""));
  const auto rejected = JudgeApproved(task, reviews, {}, {});

  EXPECT_EQ(approved->gate, "approved");
  EXPECT_EQ(approved->verdict, Verdict::kPassed);
  EXPECT_EQ(approved->evidence, "Approved by Ann: clear");
  EXPECT_EQ(rejected->verdict, Verdict::kFailed);
  EXPECT_EQ(rejected->evidence, "Rejected by Ann.");
}

TEST(JudgeApproved, WaitsForAWordOnATaskThatChanged) {
  CodeAsTask task = ExampleTask();
  const std::vector<Review> reviews = {Word(task, Decision::kApproved, "")};
  task.evaluation_function = "def evaluate(answer): return True";

  EXPECT_FALSE(JudgeApproved(task, reviews, {}, {}).has_value());
}

TEST(JudgeApproved, NeverLetsAHeldOutTaskThrough) {
  CodeAsTask held_out = ExampleTask();
  held_out.id = "h1";
  held_out.solution = "answer = 2";
  const CodeAsTask task = ExampleTask();

  const auto verdict = JudgeApproved(task, std::vector{Word(task, Decision::kApproved, "")},
                                     std::vector{held_out}, {});

  EXPECT_EQ(verdict->verdict, Verdict::kFailed);
  EXPECT_NE(verdict->evidence.find("h1"), std::string::npos) << verdict->evidence;
}

TEST(JudgeApproved, IsSkippedWhereItIsOff) {
  GateSettings settings;
  settings.off = {"approved"};

  EXPECT_TRUE(CheckGatesOff(settings).ok());
  EXPECT_EQ(JudgeApproved(ExampleTask(), {}, {}, settings)->verdict, Verdict::kSkipped);
}

}  // namespace
}  // namespace sca::task
