// What an instruction leaves open or says otherwise than the code does, over the kitchen and tools
// of a map.

#include "task/clarity.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "task/gate_fixture.h"

namespace sca::task {
namespace {

struct Kitchen {
  static constexpr const char* kFolder = "environments/kitchen";
};

// The gate `complete` says it; evaluate takes what the solution answers, and nothing else.
class ClarityTest : public GateFixture<Kitchen> {
 protected:
  static bool IsClear(const std::string& instruction, const std::string& solution,
                      const std::string& answer) {
    return JudgeBy(JudgeComplete, instruction, solution,
                   "def evaluate(answer):\n    return answer == " + answer)
        .passed;
  }
};

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

// What a model writes as a number becomes part of a pattern; and it may compare without end.
TEST_F(ClarityTest, ReadsComparisonsOfAnyFormAndNumber) {
  for (const std::string number : {"1e+5", "0x1f", "1_000", "1.", "1e999", "00.5"}) {
    EXPECT_FALSE(IsClear("Is it more than 5 and at least " + number + "?",
                         "answer = [1 > " + number + ", " + number + " <= 1, 5 >= 5]",
                         "[False, False, True]"))
        << number;
  }
  std::string many = "answer = [5 > 4";
  for (int count = 0; count < 1000; ++count) many += ", 5 > 5";
  EXPECT_FALSE(IsClear("Is it at least 5?", many + "]", "[True] + [False] * 1000"));
}

TEST_F(ClarityTest, MakesUseOfEachNumber) {
  const std::string solution = "answer = cooking_minutes(\"pancakes\")";
  EXPECT_FALSE(IsClear("How long do pancakes cook for 13 people?", solution, "25"));
  EXPECT_TRUE(IsClear("How long do pancakes cook, to 13 decimals?", solution, "25"));
  EXPECT_TRUE(IsClear("I am 71 and hungry: how long do pancakes cook?", solution, "25"));
  EXPECT_FALSE(IsClear("I am 71 minutes early: how long do pancakes cook?", solution, "25"));
  EXPECT_TRUE(IsClear("How many seconds do pancakes cook on 2 days?",
                      "answer = cooking_minutes(\"pancakes\") * 60 * 2", "3000"));
}

TEST_F(ClarityTest, NamesTheUnitThatAnAnswerIsConvertedTo) {
  const std::string hours = "answer = cooking_minutes(\"pancakes\") / 60";
  EXPECT_FALSE(IsClear("How long do pancakes cook?", hours, "25 / 60"));
  EXPECT_TRUE(IsClear("How many hours do pancakes cook?", hours, "25 / 60"));
  EXPECT_TRUE(
      IsClear("How long do pancakes cook?", "answer = cooking_minutes(\"pancakes\")", "25"));
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

TEST_F(ClarityTest, TakesTheLeastNumberThatIsEnough) {
  const std::string sum = "n * price_per_kilogram(\"sugar\") ";
  EXPECT_TRUE(IsClear(
      "How many whole kilograms of sugar cost more than 5 euros?",
      "for n in range(1, 6):\n    if " + sum + "> 5:\n        answer = n\n        break", "4"));
  EXPECT_TRUE(IsClear("How many whole kilograms of sugar cost more than 5 euros?",
                      "answer = next(n for n in range(1, 6) if " + sum + "> 5)", "4"));
  EXPECT_FALSE(IsClear("One of 1 to 5 is odd. Which?",
                       "answer = next(n for n in range(1, 6) if n % 2 == 1)", "1"));
}

TEST_F(ClarityTest, DoesNotKeepTheLastOfSeveralThatFit) {
  const std::string loop =
      "for name in [\"apples\", \"bananas\", \"butter\"]:\n"
      "    if storage_days(name, \"fridge\") ";
  const std::string instruction =
      "One of apples, bananas and butter keeps 30 days in a fridge. How long does it keep in a "
      "freezer?";
  const std::string keeps = ":\n        kept = name\nanswer = storage_days(kept, \"freezer\")";
  EXPECT_FALSE(IsClear(instruction, loop + "in (28, 30, 60)" + keeps,
                       "storage_days(\"butter\", \"freezer\")"));
}

// Ways that are longer uphill, and two letters of one day.
constexpr std::string_view kTools = R"py(
from sca import read

def load_state():
    return {"up": ["Lake", "Hut", "Peak"], "due": {"red letter": "2031-03-02",
            "blue letter": "2031-03-02", "green letter": "2031-04-01"}}

@read
def walk_minutes(state, origin: str, destination: str) -> int:
    """Minutes of a walk, for example ("Lake", "Hut")."""
    up = state["up"]
    return 50 if up.index(origin) < up.index(destination) else 30

@read
def walk_metres(state, origin: str, destination: str) -> int:
    """Metres of a walk, for example ("Lake", "Hut")."""
    return 900

@read
def letters(state, field: str, value: str) -> list:
    """Letters by "colour" or "day", for example ("day", "2031-03-02")."""
    of = {name.split()[0] if field == "colour" else day: name for name, day in state["due"].items()}
    return [of[value]] if value in of else []

@read
def fare(state, zone: str) -> float:
    """Euros of a ride in a zone, for example "inner"."""
    return {"inner": 100.25, "outer": 100.75}[zone]

@read
def stages(state, kind: str) -> list:
    """Numbers of stages of a kind, for example "hilly"."""
    return [4, 7, 9]

@read
def climb(state, stage: int) -> int:
    """Metres to climb in a stage, for example 3."""
    return 100 * stage

@read
def due(state, letter: str) -> str:
    """The day on which a letter is due, for example "red letter"."""
    return state["due"][letter]
)py";

class WaysTest : public WrittenGateFixture {
 protected:
  WaysTest() : WrittenGateFixture(kTools, "required") {}

  // `condition` of evaluate(answer).
  Finding Judge(Result<Finding> (*gate)(Candidate&), const std::string& instruction,
                const std::string& solution, const std::string& condition) {
    return JudgeAlone(*environment_, gate, instruction, solution,
                      "def evaluate(answer):\n    return " + condition);
  }
};

TEST_F(WaysTest, WantTheirDirectionTold) {
  const std::string solution = "answer = walk_minutes(\"Lake\", \"Peak\")";
  const std::string condition = "answer == walk_minutes(\"Lake\", \"Peak\")";
  const Finding finding = Judge(
      JudgeComplete, "How many minutes is the walk between Lake and Peak?", solution, condition);

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("which way"), std::string::npos) << finding.evidence;
  EXPECT_TRUE(
      Judge(JudgeComplete, "How many minutes is the walk from Lake to Peak?", solution, condition)
          .passed);
  EXPECT_TRUE(Judge(JudgeComplete, "How many minutes is the walk between Lake and Peak?", solution,
                    condition + " or answer == walk_minutes(\"Peak\", \"Lake\")")
                  .passed);
}

TEST_F(WaysTest, AreTriedTheOtherWayRound) {
  const std::string instruction = "How many minutes is the walk from Lake to Peak?";
  const std::string solution = "answer = walk_minutes(\"Lake\", \"Peak\")";
  const Finding lenient =
      Judge(JudgeMutantsRejected, instruction, solution,
            "answer in (walk_minutes(\"Lake\", \"Peak\"), walk_minutes(\"Peak\", \"Lake\"))");

  EXPECT_FALSE(lenient.passed);
  EXPECT_NE(lenient.evidence.find("walk_minutes from \"Peak\" to \"Lake\""), std::string::npos)
      << lenient.evidence;
  EXPECT_TRUE(Judge(JudgeMutantsRejected, instruction, solution,
                    "answer == walk_minutes(\"Lake\", \"Peak\")")
                  .passed);
}

TEST_F(WaysTest, AreLongInMetresAndInMinutes) {
  const auto judge = [&](const std::string& instruction) {
    return Judge(JudgeComplete, instruction, "answer = walk_metres(\"Lake\", \"Peak\")",
                 "answer == walk_metres(\"Lake\", \"Peak\")");
  };
  const Finding finding = judge("How long is the way from Lake to Peak?");

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("walk_minutes"), std::string::npos) << finding.evidence;
  EXPECT_TRUE(judge("How many metres is the way from Lake to Peak?").passed);
}

TEST_F(WaysTest, NeedNoNameOfAFieldThatOnlyOneValueFits) {
  const auto judge = [&](const std::string& instruction, const std::string& field) {
    return Judge(JudgeComplete, instruction, "answer = letters(\"" + field + "\", \"green\")",
                 "answer == [\"green letter\"]");
  };
  const Finding finding = judge("Which letters are green?", "colour");

  EXPECT_TRUE(finding.passed) << finding.evidence;
  EXPECT_NE(finding.evidence.find("with \"colour\" alone"), std::string::npos) << finding.evidence;
  EXPECT_FALSE(judge("Which letters are green?", "day").passed);
}

TEST_F(WaysTest, AreMeasuredToTheMetre) {
  const auto judge = [&](const std::string& condition) {
    return Judge(JudgeMutantsRejected, "How many metres is the walk from Lake to Hut?",
                 "answer = walk_metres(\"Lake\", \"Hut\")", condition);
  };
  const Finding lenient = judge("answer // 60 == walk_metres(\"Lake\", \"Hut\") // 60");

  EXPECT_FALSE(lenient.passed);
  EXPECT_NE(lenient.evidence.find("the answer 902"), std::string::npos) << lenient.evidence;
  EXPECT_TRUE(judge("answer == walk_metres(\"Lake\", \"Hut\")").passed);
}

// Prices that lie so near one another that a tolerance takes both.
TEST_F(WaysTest, CostWhatTheirZoneDoesAndNotWhatAnotherDoes) {
  const auto judge = [&](const std::string& condition) {
    return Judge(JudgeMutantsRejected, "What is the fare of the inner zone, after \"outer\"?",
                 "fare(\"outer\")\nanswer = fare(\"inner\")", condition);
  };
  const Finding lenient = judge("answer in (fare(\"inner\"), fare(\"outer\"))");

  EXPECT_FALSE(lenient.passed);
  EXPECT_NE(lenient.evidence.find("\"outer\" in place of \"inner\""), std::string::npos)
      << lenient.evidence;
  EXPECT_TRUE(judge("abs(answer - fare(\"inner\")) < 1").passed);
}

TEST_F(WaysTest, AreNotTakenByTheirPlaceUnasked) {
  const auto judge = [&](const std::string& instruction) {
    return Judge(JudgeComplete, instruction, "answer = climb(stages(\"hilly\")[1])",
                 "answer == climb(stages(\"hilly\")[1])");
  };
  const Finding finding = judge("How many metres are to be climbed in the hilly stage?");

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("takes 7 of stages"), std::string::npos) << finding.evidence;
  EXPECT_TRUE(judge("How many metres are to be climbed in the second hilly stage?").passed);
}

TEST_F(WaysTest, HaveNoEarliestOfTwoOnOneDay) {
  const auto judge = [&](const std::string& letters) {
    return Judge(JudgeComplete, "Which of " + letters + " is due earliest?",
                 "answer = min([" + letters + "], key=due)",
                 "answer == min([" + letters + "], key=due)");
  };
  EXPECT_FALSE(judge(R"("red letter", "blue letter", "green letter")").passed);
  EXPECT_TRUE(judge(R"("red letter", "green letter")").passed);
}

}  // namespace
}  // namespace sca::task
