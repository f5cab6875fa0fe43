// What is written twice, and answered as it comes to be then, over the balances of tenants.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "task/gate_fixture.h"

namespace sca::task {
namespace {

constexpr std::string_view kTools = R"py(
from sca import read, write

def load_state():
    return {"T1": {"balance": 300, "paid": []}, "T2": {"balance": 200, "paid": []}}

@read
def tenant(state, tenant: str) -> dict:
    """Balance and payments of a tenant, for example "T2"."""
    return state[tenant]

@write
def pay(state, tenant: str, amount: int) -> int:
    """Books a payment and gives the new balance, for example ("T2", 50)."""
    state[tenant]["balance"] -= amount
    state[tenant]["paid"].append(amount)
    return state[tenant]["balance"]
)py";

class MutantsRejectedTest : public WrittenGateFixture {
 protected:
  MutantsRejectedTest() : WrittenGateFixture(kTools, "required") {}

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

}  // namespace
}  // namespace sca::task
