// Calls in another order, over the desk of a yard: a queue, berths and bookings.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "task/gate_fixture.h"

namespace sca::task {
namespace {

constexpr std::string_view kEquivalentsTools = R"py(
from sca import read, write

def load_state():
    return {"queue": ["B1"], "stays": {}, "notes": []}

@read
def waiting(state) -> list[str]:
    """Ids of the boats that wait, the first to come first."""
    return state["queue"]

@read
def stays(state) -> list[str]:
    """Ids of all stays."""
    return list(state["stays"])

@read
def notes(state) -> list[str]:
    """All notes."""
    return state["notes"]

@write
def note(state, boat: str, text: str) -> str:
    """Writes something down of a boat, for example ("B7", "leaves early")."""
    state["notes"].append(text)
    return f"{boat} has {len(state['notes'])} notes."

@write
def join(state, boat: str) -> str:
    """Puts a boat at the end of the waiting list, for example "B7"."""
    state["queue"].append(boat)
    return f"Boat {boat} waits at place {len(state['queue'])}."

@write
def stay(state, boat: str, berth: str) -> str:
    """Books a berth for a boat and gives the stay's id, for example ("B7", "N1")."""
    state["stays"][f"{boat}-{berth}"] = True
    return f"{boat}-{berth}"
)py";

class EquivalentsTest : public WrittenGateFixture {
 protected:
  EquivalentsTest() : WrittenGateFixture(kEquivalentsTools, "none") {}

  Finding Judge(const std::string& instruction, const std::string& solution,
                const std::string& condition) {
    return JudgeAlone(*environment_, JudgeEquivalentsAccepted, instruction, solution,
                      "def evaluate():\n    return " + condition);
  }
};

TEST_F(EquivalentsTest, TakeAnotherPlaceInAQueueOnlyWhereItIsLeftFree) {
  const std::string solution = "join(\"B4\")\njoin(\"B2\")";
  const std::string strict = "waiting() == [\"B1\", \"B4\", \"B2\"]";

  EXPECT_TRUE(Judge("Put B4 and B2 on the waiting list.", solution, strict).passed);
  EXPECT_FALSE(
      Judge("Put B4 and B2 on the waiting list, in whichever order.", solution, strict).passed);
  EXPECT_TRUE(Judge("Put B4 and B2 on the waiting list, in whichever order.", solution,
                    "sorted(waiting()) == [\"B1\", \"B2\", \"B4\"]")
                  .passed);
}

TEST_F(EquivalentsTest, WaitAsTheInstructionNamesThem) {
  const std::string strict = "waiting() == [\"B1\", \"B2\", \"B4\"]";

  EXPECT_FALSE(
      Judge("Put B4 and B2 on the waiting list.", "join(\"B2\")\njoin(\"B4\")", strict).passed);
  EXPECT_TRUE(
      Judge("Put B2 and B4 on the waiting list.", "join(\"B2\")\njoin(\"B4\")", strict).passed);
}

TEST_F(EquivalentsTest, CountInSentences) {
  const std::string solution = "note(\"B1\", \"side door\")\nnote(\"B1\", \"ask for Ben\")";

  EXPECT_FALSE(Judge("B1 needs two more notes: \"side door\" and \"ask for Ben\".", solution,
                     "notes() == [\"side door\", \"ask for Ben\"]")
                   .passed);
}

TEST_F(EquivalentsTest, BookInAnotherOrderWhatKeepsItsName) {
  const std::string solution = "stay(\"B4\", \"N1\")\nstay(\"B4\", \"N2\")";
  const std::string strict = "stays() == [\"B4-N1\", \"B4-N2\"]";

  EXPECT_FALSE(Judge("B4 stays in N1 and in N2: book both.", solution, strict).passed);
  EXPECT_TRUE(Judge("B4 stays in N1, then in N2: book both.", solution, strict).passed);
}

TEST_F(EquivalentsTest, ServeOneOfTwoAfterTheOther) {
  const std::string solution =
      "stay(\"B4\", \"N1\")\njoin(\"B4\")\nstay(\"B2\", \"N2\")\njoin(\"B2\")";
  const std::string strict = "stays() == [\"B4-N1\", \"B2-N2\"] and len(waiting()) == 3";

  EXPECT_FALSE(Judge("Book N1 for B4 and N2 for B2, and note both down.", solution, strict).passed);
}

}  // namespace
}  // namespace sca::task
