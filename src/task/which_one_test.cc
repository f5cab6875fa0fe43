// Which thing an instruction means, over tables of a court and a school.

#include "task/which_one.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "task/gate_fixture.h"

namespace sca::task {
namespace {

constexpr std::string_view kWhichOneTools = R"py(
from sca import ToolError, read, write

def load_state():
    return {"cases": {"24-1028": {"party": "Underhill", "defence": "2031-03-25"},
                      "24-1057": {"party": "Underhill", "disclosure": "2031-04-03"}},
            "motions": {"M1": {"case": "24-1028", "status": "pending"},
                        "M2": {"case": "24-1028", "status": "accepted"},
                        "M3": {"case": "24-1028", "status": "rejected"}},
            "deadlines": [],
            "runners": ["Eva Novak", "Petra Novak"] + [f"Runner {n}" for n in range(14)],
            "lessons": [{"start": "15:00", "teacher": "Omar", "pupils": 8},
                        {"start": "16:00", "teacher": "Ines", "pupils": 8},
                        {"start": "17:00", "teacher": "Omar", "pupils": 3}],
            "orders": [{"order": f"A{n}", "customer": f"C{n % 97}", "note": "x" * 40}
                       for n in range(3000)]}

@read
def find_cases(state, party: str) -> list[str]:
    """Cases of a party, for example "Nevin"."""
    return [key for key, case in state["cases"].items() if case["party"] == party]

@read
def case_of(state, case: str) -> dict:
    """A case, for example "24-1100"."""
    if case not in state["cases"]:
        raise ToolError(f"There is no case {case}.")
    return state["cases"][case]

@read
def motions(state, case: str) -> list[dict]:
    """Motions of a case, for example "24-1100"."""
    return [dict(id=key, status=one["status"]) for key, one in state["motions"].items()
            if one["case"] == case]

@read
def ranking(state) -> list[str]:
    """All runners, best first."""
    return state["runners"]

@read
def lanes(state) -> list[str]:
    """Runners by their lanes."""
    return state["runners"][2:8]

@read
def time_of(state, runner: str) -> float:
    """Seconds of a runner, for example "Eva Novak"."""
    return 50.5 + 1.5 * state["runners"].index(runner)

@read
def lessons(state) -> list[dict]:
    """Lessons of the day: start, teacher and pupils."""
    return state["lessons"]

@read
def orders(state) -> list[dict]:
    """All orders."""
    return state["orders"]

@write
def decide(state, motion: str, status: str) -> str:
    """Decides a motion, for example ("M7", "accepted")."""
    state["motions"][motion]["status"] = status
    return status

@write
def set_deadline(state, case: str, day: str) -> str:
    """Sets a deadline of a case, for example ("24-1100", "2031-01-05")."""
    state["deadlines"].append([case_of(state, case) and case, day])
    return day
)py";

class WhichOneTest : public WrittenGateFixture {
 protected:
  WhichOneTest() : WrittenGateFixture(kWhichOneTools, "required") {}

  Finding Judge(const std::string& instruction, const std::string& solution,
                const std::string& condition = "False") {
    return JudgeAlone(*environment_, JudgeComplete, instruction, solution,
                      "def evaluate(answer):\n    return " + condition);
  }
};

TEST_F(WhichOneTest, IsNotToldByAYearThatItsDatesHave) {
  const std::string solution = "set_deadline(\"24-1057\", \"2031-05-16\")\nanswer = \"24-1057\"";

  EXPECT_FALSE(Judge("Set a deadline of 2031-05-16 in Underhill's case.", solution).passed);
  EXPECT_TRUE(
      Judge("Set a deadline of 2031-05-16 in Underhill's case that has one on 3 April 2031.",
            solution)
          .passed);
}

TEST_F(WhichOneTest, IsToldByTheVerb) {
  const std::string solution =
      "for motion in motions(\"24-1028\"):\n    if motion[\"status\"] == \"pending\":\n"
      "        decide(motion[\"id\"], \"rejected\")\nanswer = len(motions(\"24-1028\"))";

  EXPECT_TRUE(Judge("Reject the pending motion of 24-1028. How many has it?", solution).passed);
  EXPECT_FALSE(Judge("Decide the pending motion of 24-1028. How many has it?", solution).passed);
}

TEST_F(WhichOneTest, HasNoEqualInRecordsThatAreAddedUp) {
  const std::string instruction = "Which teacher has the most pupils, all lessons together?";
  const std::string condition = "answer == \"Omar\"";

  EXPECT_TRUE(Judge(instruction,
                    "totals = {}\nfor one in lessons():\n    totals[one[\"teacher\"]] = "
                    "totals.get(one[\"teacher\"], 0) + one[\"pupils\"]\n"
                    "answer = max(totals, key=totals.get)",
                    condition)
                  .passed);
  EXPECT_FALSE(Judge("Which teacher has the most pupils in one lesson?",
                     "answer = max(lessons(), key=lambda one: one[\"pupils\"])[\"teacher\"]",
                     condition)
                   .passed);
}

TEST_F(WhichOneTest, IsOneOfThoseWithANameInALongList) {
  const std::string solution = "answer = time_of(\"Eva Novak\")";

  EXPECT_TRUE(Judge("How fast was Eva Novak?", solution, "answer == 50.5").passed);
  EXPECT_FALSE(Judge("How fast was Novak?", solution, "answer == 50.5").passed);
}

TEST_F(WhichOneTest, IsTheFirstOfARankingWhereTheWinnerIsAskedFor) {
  const std::string condition = "answer == \"Eva Novak\"";

  EXPECT_TRUE(Judge("Who won?", "answer = ranking()[0]", condition).passed);
  EXPECT_TRUE(Judge("Name the champion.", "answer = ranking()[0]", condition).passed);
  EXPECT_FALSE(Judge("Name an athlete.", "answer = ranking()[0]", condition).passed);
}

TEST_F(WhichOneTest, IsToldByThePlaceThatItsIndexHas) {
  const std::string solution = "answer = lanes()[3]";
  const std::string condition = "answer == \"Runner 3\"";

  EXPECT_TRUE(Judge("Who runs in lane 4?", solution, condition).passed);
  EXPECT_FALSE(Judge("Who runs in lane 6?", solution, condition).passed);
}

TEST_F(WhichOneTest, IsNotTheOneInTheMiddleUnasked) {
  EXPECT_FALSE(Judge("Who teaches one of the lessons?", "answer = lessons()[1][\"teacher\"]",
                     "answer == \"Ines\"")
                   .passed);
  EXPECT_TRUE(Judge("Who teaches the second lesson?", "answer = lessons()[1][\"teacher\"]",
                    "answer == \"Ines\"")
                  .passed);
}

// Beside each of 3,000 records stand 2,999 others.
TEST_F(WhichOneTest, IsLookedForInLongListsToo) {
  const std::string solution =
      "answer = len([one for one in orders() if one[\"customer\"] == \"C5\"])";

  EXPECT_TRUE(Judge("How many orders has customer C5?", solution, "answer == 31").passed);
}

}  // namespace
}  // namespace sca::task
