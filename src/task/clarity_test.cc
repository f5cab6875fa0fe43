// What an instruction leaves open or says otherwise than the code does, over the kitchen and
// trains.

#include "task/clarity.h"

#include <gtest/gtest.h>

#include <string>

#include "task/gate_fixture.h"

namespace sca::task {
namespace {

struct Kitchen {
  static constexpr const char* kFolder = "environments/kitchen";
};

struct Transit {
  static constexpr const char* kFolder = "environments/transit";
};

// The gate `complete` says it; evaluate takes what the solution answers, and nothing else.
template <typename Place>
class ClarityOf : public GateFixture<Place> {
 protected:
  static bool IsClear(const std::string& instruction, const std::string& solution,
                      const std::string& answer) {
    return GateFixture<Place>::JudgeBy(JudgeComplete, instruction, solution,
                                       "def evaluate(answer):\n    return answer == " + answer)
        .passed;
  }
};

using ClarityTest = ClarityOf<Kitchen>;
using DirectionTest = ClarityOf<Transit>;

constexpr const char* kAtLeast =
    "answer = [n for n in (\"pancakes\", \"vegetable curry\") if cooking_minutes(n) >= 30]";
constexpr const char* kMore =
    "answer = [n for n in (\"pancakes\", \"vegetable curry\") if cooking_minutes(n) > 30]";

TEST_F(ClarityTest, DrawsTheLineWhereTheWordsDo) {
  const std::string of = "Of pancakes and vegetable curry, which take ";
  EXPECT_TRUE(IsClear(of + "at least 30 minutes?", kAtLeast, "[\"vegetable curry\"]"));
  EXPECT_TRUE(IsClear(of + "30 minutes or more?", kAtLeast, "[\"vegetable curry\"]"));
  EXPECT_TRUE(IsClear(of + "more than 30 minutes?", kMore, "[]"));
  EXPECT_FALSE(IsClear(of + "more than 30 minutes?", kAtLeast, "[\"vegetable curry\"]"));
  EXPECT_FALSE(IsClear(of + "at least 30 minutes?", kMore, "[]"));
  EXPECT_FALSE(IsClear(of + "between 30 and 90 minutes?", kAtLeast, "[\"vegetable curry\"]"));
  EXPECT_TRUE(
      IsClear(of + "between 30 and 90 minutes, inclusive?", kAtLeast, "[\"vegetable curry\"]"));
}

TEST_F(ClarityTest, MakesUseOfEachNumber) {
  const std::string solution = "answer = cooking_minutes(\"pancakes\")";
  EXPECT_FALSE(IsClear("How long do pancakes cook for 13 people?", solution, "25"));
  EXPECT_TRUE(IsClear("How long do pancakes cook, to 13 decimals?", solution, "25"));
  EXPECT_TRUE(IsClear("How many seconds do pancakes cook on 2 days?",
                      "answer = cooking_minutes(\"pancakes\") * 60 * 2", "3000"));
}

TEST_F(ClarityTest, DoesNotTakeTheFirstOfSeveralThatFit) {
  const std::string solution =
      "for name in [\"apples\", \"bananas\", \"butter\"]:\n"
      "    if storage_days(name, \"fridge\") > 20:\n"
      "        answer = name\n"
      "        break";
  const std::string of = "One of apples, bananas and butter keeps more than 20 days in a fridge. ";
  EXPECT_FALSE(IsClear(of + "Which is it?", solution, "\"apples\""));
  EXPECT_TRUE(IsClear(of + "Name the first of them in that order.", solution, "\"apples\""));
  EXPECT_FALSE(IsClear(of + "Which is it?",
                       "names = [\"apples\", \"bananas\", \"butter\"]\n"
                       "answer = next(n for n in names if storage_days(n, \"fridge\") > 20)",
                       "\"apples\""));
  EXPECT_FALSE(IsClear(of + "Which is it?",
                       "names = [\"apples\", \"bananas\", \"butter\"]\n"
                       "answer = [n for n in names if storage_days(n, \"fridge\") > 20][0]",
                       "\"apples\""));
}

TEST_F(ClarityTest, DoesNotTakeTheFirstThatFillsAnEmptyPlace) {
  const std::string instruction =
      "One of apples, bananas and butter keeps more than 20 days in a fridge. Which is it?";
  const std::string loop = "answer = None\nfor name in [\"apples\", \"bananas\", \"butter\"]:\n";
  EXPECT_FALSE(IsClear(instruction,
                       loop + "    if answer is None and storage_days(name, \"fridge\") > 20:\n"
                              "        answer = name",
                       "\"apples\""));
  EXPECT_TRUE(IsClear("Which of apples, bananas and butter keeps longest in a fridge?",
                      loop + "    if answer is None or storage_days(name, \"fridge\") > "
                             "storage_days(answer, \"fridge\"):\n        answer = name",
                      "\"butter\""));
}

TEST_F(DirectionTest, TellsAWayFromTheWayBack) {
  const std::string both =
      "answer = zones_between(\"market\", \"castle\")";  // The same in both directions.
  EXPECT_TRUE(IsClear("How many zones lie between market and castle?", both,
                      "zones_between(\"market\", \"castle\")"));
  EXPECT_TRUE(IsClear("How many minutes lie between 08:15 and 09:05?",
                      "answer = minutes_between(\"08:15\", \"09:05\")", "50"));
}

}  // namespace
}  // namespace sca::task
