// Doing nothing, and giving up by handing over to a person.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "task/gate_fixture.h"

namespace sca::task {
namespace {

constexpr std::string_view kIdleTools = R"py(
from sca import read, write

def load_state():
    return {"open": ["T1", "T2"], "log": []}

@read
def log(state) -> list[str]:
    """What was done."""
    return state["log"]

@write
def close_ticket(state, ticket: str) -> str:
    """Closes a ticket, for example "T1"."""
    state["log"].append(ticket + " closed")
    return "closed"

@write
def transfer_to_human_agents(state, summary: str) -> str:
    """Hands the user over to a person, with a summary."""
    state["log"].append("handed over")
    return "handed over"
)py";

class IdleRejectedTest : public WrittenGateFixture {
 protected:
  IdleRejectedTest() : WrittenGateFixture(kIdleTools, "none") {}

  Finding Judge(const std::string& solution, const std::string& condition) {
    return JudgeAlone(*environment_, JudgeIdleRejected, "Close T1.", solution,
                      "def evaluate():\n    return " + condition);
  }
};

TEST_F(IdleRejectedTest, FindsWhatHoldsAlready) {
  EXPECT_FALSE(Judge("close_ticket(\"T1\")", "len(log()) <= 1").passed);
  EXPECT_TRUE(Judge("close_ticket(\"T1\")", "log() == [\"T1 closed\"]").passed);
}

TEST_F(IdleRejectedTest, FindsThatHandingOverIsEnough) {
  const Finding finding = Judge("close_ticket(\"T1\")", "len(log()) == 1");

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("transfer_to_human_agents"), std::string::npos);
}

TEST_F(IdleRejectedTest, LetsASolutionHandOver) {
  EXPECT_TRUE(
      Judge("transfer_to_human_agents(\"A refund for T1.\")", "log() == [\"handed over\"]").passed);
}

}  // namespace
}  // namespace sca::task
