#include "task/parse.h"

#include <gtest/gtest.h>

namespace sca::task {
namespace {

constexpr std::string_view kReply = R"(<instruction>How long do pancakes take?</instruction>
<evaluation_function>
def evaluate(answer):
    return answer == cooking_minutes("pancakes")
</evaluation_function>
<solution>
answer = cooking_minutes("pancakes")
</solution>
<failure_case>
answer = 1
</failure_case>
<failure_case>
answer = 2
</failure_case>
<failure_case>
answer = 3
</failure_case>)";

TEST(ParseCodeAsTask, ReadsBackWhatItRenders) {
  const ParsedReply parsed = ParseCodeAsTask(kReply);

  ASSERT_TRUE(parsed.task.has_value()) << parsed.problem;
  EXPECT_EQ(parsed.task->instruction, "How long do pancakes take?");
  EXPECT_EQ(parsed.task->solution, "answer = cooking_minutes(\"pancakes\")");
  EXPECT_EQ(parsed.task->failure_cases.size(), 3U);
  EXPECT_EQ(ParseCodeAsTask(RenderCodeAsTask(*parsed.task)).task->Hash(), parsed.task->Hash());
}

TEST(ParseCodeAsTask, ForgivesFencesProseNumbersAndAnOpenEnd) {
  const ParsedReply parsed = ParseCodeAsTask(
      "Sure! Here is the task:\n<Instruction>Do it.</Instruction>\n"
      "<evaluation_function>\n```python\n  def evaluate(answer):\n      return answer == 4\n```\n"
      "</evaluation_function>\n<solution>```\nanswer = f()\n```</solution>\n"
      "<failure_case_1>answer = 1</failure_case_1><failure_case_2>answer = 2</failure_case_2>"
      "<failure_case_3>answer = 3");

  ASSERT_TRUE(parsed.task.has_value()) << parsed.problem;
  EXPECT_EQ(parsed.task->evaluation_function, "def evaluate(answer):\n    return answer == 4");
  EXPECT_EQ(parsed.task->solution, "answer = f()");
  EXPECT_EQ(parsed.task->failure_cases.back(), "answer = 3");
}

TEST(ParseCodeAsTask, DropsAFourthFailureCaseThatIsCutOff) {
  const ParsedReply parsed =
      ParseCodeAsTask(std::string(kReply) + "\n<failure_case>\nanswer = price(");

  EXPECT_EQ(parsed.task->failure_cases.size(), 3U);
}

TEST(ParseCodeAsTask, NamesThePartThatIsMissing) {
  EXPECT_NE(
      ParseCodeAsTask("<instruction>Do it.</instruction>").problem.find("evaluation_function"),
      std::string::npos);
  EXPECT_NE(ParseCodeAsTask("").problem.find("instruction"), std::string::npos);
  std::string two(kReply);
  two.resize(two.rfind("<failure_case>"));
  EXPECT_NE(ParseCodeAsTask(two).problem.find("2 <failure_case> parts, but it needs 3"),
            std::string::npos);
}

TEST(ParseCodeAsTask, SurvivesEveryPrefixOfAReply) {
  for (std::size_t length = 0; length < kReply.size(); ++length) {
    const ParsedReply parsed = ParseCodeAsTask(kReply.substr(0, length));
    EXPECT_NE(parsed.task.has_value(), !parsed.problem.empty());
  }
}

TEST(ParseAction, TakesTheFirstBlockEvenIfItIsNotClosed) {
  EXPECT_EQ(ParseAction("I call it:\n```python\nx = f()\n```\nDone.").code, "x = f()");
  EXPECT_EQ(ParseAction("```\nx = f()").code, "x = f()");
}

TEST(ParseAction, TakesBareCodeButNotProse) {
  EXPECT_EQ(ParseAction("answer = f(\"a\")").code, "answer = f(\"a\")");
  EXPECT_FALSE(ParseAction("The answer is 5. I guessed it (sorry).").code.has_value());
  EXPECT_FALSE(ParseAction("").code.has_value());
}

}  // namespace
}  // namespace sca::task
