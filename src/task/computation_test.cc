#include "task/computation.h"

#include <gtest/gtest.h>

#include <string>

namespace sca::task {
namespace {

bool ComputesOtherwise(const std::string& instruction, const std::string& solution,
                       const std::string& description = "Looks something up.") {
  ToolSpec tool;
  tool.name = "look_up";
  tool.description = description;
  CodeAsTask task;
  task.instruction = instruction;
  task.solution = solution;
  Trace trace;
  trace.calls.push_back({"look_up", "{}", "1"});
  return OtherComputation(task, trace, {tool}).has_value();
}

TEST(Computation, WantsAnAverageDivided) {
  const std::string average = "What do they weigh on average?";
  EXPECT_TRUE(ComputesOtherwise(average, "answer = sum(look_up(x) for x in names)"));
  EXPECT_FALSE(ComputesOtherwise(average, "answer = sum(look_up(x) for x in names) / 2"));
  EXPECT_FALSE(ComputesOtherwise(average, "answer = (look_up(1) + look_up(2)) * 0.5"));
  EXPECT_FALSE(ComputesOtherwise(average, "import statistics\nanswer = statistics.mean([1]) + 0"));
  EXPECT_FALSE(ComputesOtherwise(average, "answer = look_up(1) + 1", "The average of a day."));
  EXPECT_FALSE(ComputesOtherwise("What do they weigh?", "answer = sum([1])"));
}

TEST(Computation, TakesTheEndOfARankingThatIsAskedFor) {
  const std::string nearest = "Which is the nearest?";
  EXPECT_TRUE(ComputesOtherwise(nearest, "answer = max(names, key=look_up)"));
  EXPECT_TRUE(ComputesOtherwise(nearest, "answer = sorted(names, key=look_up)[-1]"));
  EXPECT_TRUE(ComputesOtherwise(nearest, "answer = sorted(names, key=look_up, reverse=True)[0]"));
  EXPECT_FALSE(ComputesOtherwise(nearest, "answer = min(names, key=look_up)"));
  EXPECT_FALSE(ComputesOtherwise(nearest, "answer = sorted(names, key=look_up)[0]"));
  EXPECT_FALSE(ComputesOtherwise(nearest, "answer = max(names, key=lambda x: -look_up(x))"));
  EXPECT_FALSE(ComputesOtherwise(nearest, "answer = max(0, look_up(1))"));
  EXPECT_FALSE(ComputesOtherwise("Round to the nearest cent.", "answer = max(names)"));
  EXPECT_FALSE(ComputesOtherwise("At least how many?", "answer = max(names)"));
  EXPECT_FALSE(ComputesOtherwise("The nearest and the farthest.", "answer = max(names)"));
  const std::string longest = "Who has been here for the longest time?";
  EXPECT_FALSE(ComputesOtherwise(longest, "since = look_up(1)\nanswer = min(since)"));
  EXPECT_TRUE(ComputesOtherwise(longest, "stays = look_up(1)\nanswer = min(stays)"));
}

TEST(Computation, WantsTheUnitThatIsAskedFor) {
  const std::string minutes = "How many minutes is that?";
  EXPECT_TRUE(ComputesOtherwise(minutes, "hours = look_up(1)\nanswer = hours"));
  EXPECT_FALSE(ComputesOtherwise(minutes, "hours = look_up(1)\nanswer = hours * 60"));
  EXPECT_FALSE(ComputesOtherwise(minutes, "answer = look_up(1)[\"minutes\"]"));
  EXPECT_FALSE(ComputesOtherwise(minutes, "answer = look_up(1)"));
}

}  // namespace
}  // namespace sca::task
