#include "task/agreement.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace sca::task {
namespace {

class AgreementTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    environment_ =
        env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/environments/shop").value();
  }
  static void TearDownTestSuite() { environment_.reset(); }

  static Json Call(const std::string& tool, const std::string& arguments, bool failed = false) {
    return {{"tool", tool}, {"arguments", arguments}, {"result", "\"\""}, {"failed", failed}};
  }

  static Trajectory Attempt(const Json& calls, double reward = 1) {
    Trajectory attempt;
    attempt.turns.push_back({.agent = "", .observation = "", .calls = calls});
    attempt.reward = reward;
    return attempt;
  }

  static Trace Solution() {
    Trace trace;
    trace.calls.push_back({"cancel_order", R"({"order": "A136"})", "\"\""});
    trace.calls.push_back({"cancel_order", R"({"order": "A137"})", "\"\""});
    return trace;
  }

  static std::unique_ptr<env::Environment> environment_;
};

std::unique_ptr<env::Environment> AgreementTest::environment_;

const std::string kFirst = R"({"order": "A136"})";
const std::string kSecond = R"({"order": "A137"})";

TEST_F(AgreementTest, CountsTheSameCallsWithoutLookingAnyFurther) {
  const std::vector<Trajectory> attempts = {
      Attempt(Json::array({Call("cancel_order", kFirst), Call("cancel_order", kSecond)}))};

  const Agreement agreement = AgreementOf(attempts, Solution(), *environment_).value();

  EXPECT_EQ(agreement.agreed, 1);
  EXPECT_EQ(agreement.by_another_trace, 0);
}

TEST_F(AgreementTest, CountsAnotherWayToTheSameEndStateApart) {
  const std::vector<Trajectory> attempts = {
      Attempt(Json::array({Call("list_orders", R"({"customer": "C16"})"),
                           Call("cancel_order", kSecond), Call("cancel_order", kFirst)}))};

  const Agreement agreement = AgreementOf(attempts, Solution(), *environment_).value();

  EXPECT_EQ(agreement.agreed, 1);
  EXPECT_EQ(agreement.by_another_trace, 1);
}

TEST_F(AgreementTest, DoesNotCountWhatOnlyItsLenientVerifierTookForRight) {
  const std::vector<Trajectory> attempts = {
      Attempt(Json::array({Call("cancel_order", kFirst)})),
      Attempt(Json::array({Call("cancel_order", kFirst), Call("cancel_order", kSecond)}), 0)};

  const Agreement agreement = AgreementOf(attempts, Solution(), *environment_).value();

  EXPECT_EQ(agreement.attempts, 2);
  EXPECT_EQ(agreement.agreed, 0);
}

TEST_F(AgreementTest, LeavesCallsThatFailedOutOfTheTrace) {
  Json calls = Json::array({Call("cancel_order", kFirst), Call("cancel_order", kSecond)});
  calls.push_back(Call("cancel_order", R"({"order": "A999"})", true));

  const Agreement agreement =
      AgreementOf(std::vector{Attempt(calls)}, Solution(), *environment_).value();

  EXPECT_EQ(agreement.by_another_trace, 0);
  EXPECT_EQ(agreement.agreed, 1);
}

}  // namespace
}  // namespace sca::task
