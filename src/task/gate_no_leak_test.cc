// What gives an answer away, and what only lists what it is one of; over the library.

#include <gtest/gtest.h>

#include <string>

#include "task/gate_fixture.h"

namespace sca::task {
namespace {

struct LeakLibrary {
  static constexpr const char* kFolder = "tests/defects/library";
};

class NoLeakTest : public GateFixture<LeakLibrary> {
 protected:
  static Finding Judge(const std::string& instruction, const std::string& solution) {
    return JudgeBy(JudgeNoLeak, instruction, solution, "def evaluate(answer):\n    return True");
  }
};

TEST_F(NoLeakTest, FindsTheAnswerAndShowsIt) {
  const Finding finding =
      Judge("Who wrote K19? I guess Shelley did.", "answer = copy_of(\"K19\")[\"author\"]");

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("it says \"Shelley\""), std::string::npos) << finding.evidence;
}

TEST_F(NoLeakTest, FindsAnAnswerThatTheSolutionHasWrittenDownUnasked) {
  EXPECT_FALSE(
      Judge("K19 is by Shelley. Who wrote it?", "copy_of(\"K19\")\nanswer = \"Shelley\"").passed);
}

TEST_F(NoLeakTest, FindsAListOfWhichAllStandsThere) {
  EXPECT_FALSE(
      Judge("Emma's copies are K11 and K12. List them.", "answer = copies_of(\"Emma\")").passed);
  EXPECT_TRUE(Judge("One copy of Emma is K11. List all.", "answer = copies_of(\"Emma\")").passed);
}

TEST_F(NoLeakTest, TakesOneOfSeveralThatAreListed) {
  EXPECT_TRUE(
      Judge("Was K19 written by Shelley or by Stoker?", "answer = copy_of(\"K19\")[\"author\"]")
          .passed);
  EXPECT_TRUE(Judge("Of Emma and Ulysses, which has more copies?",
                    "answer = max([\"Emma\", \"Ulysses\"], key=lambda t: len(copies_of(t)))")
                  .passed);
  EXPECT_TRUE(Judge("If Emma is lent say \"none\", otherwise \"free\".",
                    "answer = \"none\" if copies_of(\"Emma\") else \"free\"")
                  .passed);
}

TEST_F(NoLeakTest, TakesAWordThatIsAskedFor) {
  EXPECT_TRUE(Judge("Lend K12 to M06 and answer with the word \"finished\".",
                    "lend(\"K12\", \"M06\")\nanswer = \"finished\"")
                  .passed);
  EXPECT_TRUE(Judge("K12 has to be lent to M06; answer with the word \"lent\".",
                    "lend(\"K12\", \"M06\")\nanswer = \"lent\"")
                  .passed);
}

TEST_F(NoLeakTest, TakesWhatIsPartOfALongerNameOrWord) {
  EXPECT_TRUE(Judge("Which shelf has Emmas?", "copies_of(\"Emma\")\nanswer = \"emma\"").passed);
}

TEST_F(NoLeakTest, ReadsNumbersOnlyWhereTheyStandAlone) {
  const std::string solution = "answer = 10 + copy_of(\"K13\")[\"days_left\"]";  // 22.
  EXPECT_TRUE(Judge("How many days has K22 or K13 on 2025-06-22?", solution).passed);
  EXPECT_TRUE(Judge("How many days are 10 more, on the 22nd?", solution).passed);
  EXPECT_FALSE(Judge("How many days are 10 more? I make it 22.", solution).passed);
  EXPECT_FALSE(Judge("How many days are 10 more? I make it twenty-two.", solution).passed);
}

TEST_F(NoLeakTest, TakesASmallNumberInWordsForChanceUnlessItIsToldOutright) {
  const std::string solution = "answer = copy_of(\"K11\")[\"days_left\"]";  // 5.
  EXPECT_TRUE(Judge("One of five readers has K11. How many days are left?", solution).passed);
  EXPECT_FALSE(Judge("How many days are left of K11? It is five.", solution).passed);
  EXPECT_FALSE(Judge("For 5 days K11 is lent.", solution).passed);
  EXPECT_FALSE(Judge("How many days are left of K11 (5)?", solution).passed);
}

TEST_F(NoLeakTest, FindsTheNameOfAFunction) {
  EXPECT_FALSE(
      Judge("Use copy_of on K19: who wrote it?", "answer = copy_of(\"K19\")[\"author\"]").passed);
}

TEST_F(NoLeakTest, FindsCodeWhateverItCalls) {
  const std::string solution = "days = copy_of(\"K11\")[\"days_left\"]\nanswer = 24 * days - 1";
  EXPECT_FALSE(Judge("How many hours is K11 lent? Set answer = the hours.", solution).passed);
  EXPECT_FALSE(Judge("How many hours is K11 lent? Take copy[\"days\"].", solution).passed);
  EXPECT_FALSE(
      Judge("How long is K11 lent: days = copy_of(\"K11\")[\"days_left\"]", solution).passed);
  EXPECT_FALSE(Judge("How many hours is K11 lent? Take sum(hours).", solution).passed);
  EXPECT_TRUE(
      Judge("How many hours is K11 (Emma) lent, an hour less? For Ann: soon.", solution).passed);
}

TEST_F(NoLeakTest, FindsANumberInSeveralWords) {
  const std::string solution = "answer = loans_of(\"M05\")[1][\"days_left\"] + 87";
  EXPECT_FALSE(Judge("It is one hundred and seven: the days and 87?", solution).passed);
  EXPECT_TRUE(Judge("It is one hundred and ten: the days and 87?", solution).passed);
}

TEST_F(NoLeakTest, TakesTheEndOfARangeForNoAnswer) {
  const std::string solution = "answer = loans_of(\"M05\")[1][\"days_left\"]";
  EXPECT_TRUE(Judge("Of days 1 to 20, how long is the loan?", solution).passed);
  EXPECT_FALSE(Judge("The 20 of the loan: how long is it?", solution).passed);
}

TEST_F(NoLeakTest, TakesAKeyOfTheCodeForNoOtherThing) {
  const std::string solution =
      "answer = max([\"M01\", \"M03\"], key=lambda one: member_of(one)[\"fine\"])";
  EXPECT_FALSE(Judge("M03 has a fine. Who owes most?", solution).passed);
}

}  // namespace
}  // namespace sca::task
