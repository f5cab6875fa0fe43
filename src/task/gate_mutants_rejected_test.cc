// Wrong variants of a task, over the tenants of a town.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "task/gate_fixture.h"

namespace sca::task {
namespace {

constexpr std::string_view kMutantsTools = R"py(
from sca import read, write

def load_state():
    return {"T1": {"balance": 300, "paid": []}, "T2": {"balance": 200, "paid": []}}

@read
def tenant(state, tenant: str) -> dict:
    """Balance and payments of a tenant, for example "T2"."""
    return state[tenant]

@read
def people(state, year: int) -> int:
    """How many people lived there in a year."""
    return 10000 + 37 * (year - 2000)

@write
def pay(state, tenant: str, amount: int) -> int:
    """Books a payment and gives the new balance, for example ("T2", 50)."""
    state[tenant]["balance"] -= amount
    state[tenant]["paid"].append(amount)
    return state[tenant]["balance"]
)py";

class MutantsRejectedTest : public WrittenGateFixture {
 protected:
  MutantsRejectedTest() : WrittenGateFixture(kMutantsTools, "required") {}

  Finding Judge(const std::string& paid) {
    return JudgeAlone(*environment_, JudgeMutantsRejected,
                      "T1 pays 100 euros. What does T1 owe then?", "answer = pay(\"T1\", 100)",
                      "def evaluate(answer):\n    other = tenant(\"T2\")\n"
                      "    one = tenant(\"T1\")\n"
                      "    return (other[\"balance\"] == 200 and " +
                          paid + " and answer == one[\"balance\"])");
  }
};

TEST_F(MutantsRejectedTest, FindsWhatMayBeDoneTwice) {
  EXPECT_TRUE(Judge("one[\"paid\"] == [100]").passed);
  const Finding twice = Judge("set(one[\"paid\"]) == {100}");
  EXPECT_FALSE(twice.passed);
  EXPECT_NE(twice.evidence.find("all of it done twice"), std::string::npos) << twice.evidence;
}

// Whole numbers of 64 bits have no room for a difference.
TEST_F(MutantsRejectedTest, TakesNumbersOfAnySize) {
  const Finding finding =
      JudgeAlone(*environment_, JudgeMutantsRejected,
                 "How many grains are that, 10**15 for each who lived "
                 "there in 2012?",
                 "answer = people(2012) * 10**15",
                 "def evaluate(answer):\n    return abs(answer - people(2012) * 10**15) < 10**17");

  EXPECT_TRUE(finding.passed) << finding.evidence;
  EXPECT_NE(finding.evidence.find("wrong variants"), std::string::npos) << finding.evidence;
}

// A range that happens to hold is no tolerance for counting.
TEST_F(MutantsRejectedTest, FindsAnyYearInPlaceOfOne) {
  const auto judge = [&](const std::string& condition) {
    return JudgeAlone(*environment_, JudgeMutantsRejected, "How many lived there in 2012?",
                      "answer = people(2012)", "def evaluate(answer):\n    return " + condition);
  };
  EXPECT_TRUE(judge("answer == people(2012)").passed);
  EXPECT_TRUE(judge("abs(answer - people(2012)) < 15").passed);
  EXPECT_FALSE(judge("answer in [people(year) for year in range(2005, 2020)]").passed);
}

}  // namespace
}  // namespace sca::task
