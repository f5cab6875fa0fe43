#include "task/policy.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/files.h"
#include "task/judge.h"

namespace sca::task {
namespace {

class PolicyTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    environment_ =
        env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/environments/shop").value();
  }
  static void TearDownTestSuite() { environment_.reset(); }

  PolicyTest() {
    task_.id = "cancel";
    task_.instruction = "Please cancel order A108.";
    task_.solution = "cancel_order(\"A108\")";
    task_.evaluation_function =
        "def evaluate():\n    return changes_today() == [\"A108 cancelled\"]";
    task_.failure_cases = {"cancel_order(\"A111\")", "order = get_order(\"A108\")",
                           "change_address(\"A108\", \"1 Way\")"};
  }

  static Result<Policy> Parse(const std::string& toml) {
    return Policy::Parse(toml, "rules.toml", environment_->tools());
  }

  static std::string ErrorOf(const std::string& toml) {
    const Result<Policy> policy = Parse(toml);
    EXPECT_FALSE(policy.ok()) << toml;
    return policy.ok() ? "" : policy.error().message;
  }

  // Empty where the task keeps the rules.
  std::string Judge(const std::string& toml) const {
    GateSettings settings;
    settings.policy_file = "rules.toml";
    const TaskReport report =
        JudgeTask(task_, *environment_, settings, {}, 3, Parse(toml).value()).value();
    const GateVerdict* failure = report.verdict.first_failure();
    if (failure == nullptr) return {};
    EXPECT_EQ(failure->gate, "policy");
    return failure->evidence;
  }

  static std::unique_ptr<env::Environment> environment_;
  CodeAsTask task_;
};

std::unique_ptr<env::Environment> PolicyTest::environment_;

bool Says(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

TEST_F(PolicyTest, SaysThatThereAreNoRulesWithoutAFile) {
  const TaskReport report = JudgeTask(task_, *environment_, {}, {}, 3).value();

  ASSERT_TRUE(report.verdict.passed()) << report.verdict.first_failure()->evidence;
  for (const GateVerdict& gate : report.verdict.gates) {
    if (gate.gate != "policy") continue;
    EXPECT_EQ(gate.evidence, "There are no rules.");
  }
}

TEST_F(PolicyTest, DoesNotJudgeByRulesThatWereNotRead) {
  GateSettings settings;
  settings.policy_file = "rules.toml";

  const auto report = JudgeTask(task_, *environment_, settings, {}, 3);

  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(PolicyTest, NamesTheRuleAndTheCallThatBreaksIt) {
  const std::string evidence = Judge("forbidden_tools = [\"cancel_order\"]");

  EXPECT_TRUE(Says(evidence, "forbidden_tools")) << evidence;
  EXPECT_TRUE(Says(evidence, "A108")) << evidence;
}

TEST_F(PolicyTest, ForbidsCombinationsButNotTheirParts) {
  const std::string toml = "forbidden_combinations = [[\"cancel_order\", \"get_order\"]]";
  EXPECT_EQ(Judge(toml), "");

  task_.solution = "found = get_order(\"A108\")\ncancel_order(\"A108\")";

  EXPECT_TRUE(Says(Judge(toml), "forbidden_combinations"));
}

TEST_F(PolicyTest, ForbidsWholeWordsInAnyCase) {
  EXPECT_TRUE(Says(Judge("forbidden_words = [\"CANCEL order\"]"), "forbidden_words"));
  EXPECT_EQ(Judge("forbidden_words = [\"can\", \"rder\"]"), "");
}

TEST_F(PolicyTest, WantsAnOrderLookedUpBeforeItIsChanged) {
  const std::string toml = "[[confirm]]\ntool = \"cancel_order\"\nafter = \"get_order\"";
  EXPECT_TRUE(Says(Judge(toml), "confirm"));

  task_.instruction = "Please cancel order A108, not A111.";
  task_.solution = "found = get_order(\"A111\")\ncancel_order(\"A108\")";
  EXPECT_TRUE(Says(Judge(toml), "confirm")) << "another order was looked up";

  task_.solution = "found = get_order(\"A108\")\ncancel_order(\"A108\")";
  EXPECT_EQ(Judge(toml), "");
}

TEST_F(PolicyTest, RunsPredicatesThatMustGiveExactlyTrue) {
  const auto toml = [](const std::string& result) {
    return "[[predicate]]\nname = \"mine\"\ncode = '''\ndef holds(instruction, calls):\n    "
           "return " +
           result + "\n'''";
  };

  EXPECT_EQ(Judge(toml("calls[0]['arguments']['order'] == 'A108' and 'A108' in instruction")), "");
  for (const std::string result : {"False", "1", "None", "'yes'", "undefined", "calls[7]"}) {
    const std::string evidence = Judge(toml(result));
    EXPECT_TRUE(Says(evidence, "predicate mine")) << result << ": " << evidence;
  }
}

TEST_F(PolicyTest, LimitsANumberArgument) {
  Policy policy;
  policy.limits.push_back({.tool = "pay", .argument = "amount", .minimum = 1, .maximum = 50});
  const auto broken = [&](const std::string& amount) {
    Trace trace;
    trace.calls.push_back({"pay", "{\"amount\": " + amount + "}", "null"});
    return policy.Broken("", trace);
  };

  EXPECT_EQ(broken("1"), "");
  EXPECT_EQ(broken("50.0"), "");
  EXPECT_TRUE(Says(broken("50.5"), "at most 50")) << broken("50.5");
  EXPECT_TRUE(Says(broken("0"), "at least 1")) << broken("0");
}

TEST_F(PolicyTest, NamesTheKeyThatIsWrongAndWhatWouldBeRight) {
  EXPECT_TRUE(Says(ErrorOf("forbiden_tools = []"), "forbidden_tools"));
  EXPECT_TRUE(Says(ErrorOf("forbidden_tools = [\"fly\"]"), "cancel_order"));
  EXPECT_TRUE(Says(ErrorOf("forbidden_words = \"refund\""), "list of strings"));
  EXPECT_TRUE(Says(ErrorOf("forbidden_combinations = [[\"get_order\"]]"), "two tools"));
  EXPECT_TRUE(Says(ErrorOf("[[limit]]\ntool = \"cancel_order\"\nargument = \"days\"\nmaximum = 3"),
                   "limit.argument"));
  EXPECT_TRUE(Says(ErrorOf("[[limit]]\ntool = \"cancel_order\"\nargument = \"order\""), "minimum"));
  EXPECT_TRUE(
      Says(ErrorOf("[[confirm]]\ntool = \"get_order\"\nafter = \"list_orders\""), "only reads"));
  EXPECT_TRUE(Says(ErrorOf("[[predicate]]\nname = \"a\"\ncode = \"True\""), "holds("));
  EXPECT_TRUE(Says(ErrorOf("[[predicate]]\nnamed = \"a\"\ncode = \"def holds(i, c): ...\""),
                   "predicate.named"));
  EXPECT_TRUE(Says(ErrorOf("limit = 3"), "[[limit]]"));
  EXPECT_TRUE(Says(ErrorOf("a = "), "rules.toml"));
}

TEST_F(PolicyTest, TheExampleThatShipsIsRight) {
  const auto policy = Policy::Read(std::string(SCA_SOURCE_DIR) + "/recipes/policies/shop.toml",
                                   environment_->tools());

  ASSERT_TRUE(policy.ok()) << policy.error().message;
  EXPECT_GE(policy->rules(), 4);
}

}  // namespace
}  // namespace sca::task
