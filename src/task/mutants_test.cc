#include "task/mutants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "task/answer_variants.h"
#include "task/call_variants.h"
#include "task/gate_fixture.h"
#include "task/instruction.h"
#include "task/judge.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

TEST(TokensOf, TellsStringsNumbersNamesAndSkipsComments) {
  const std::vector<Token> tokens = TokensOf("x = f('a b', 1_000.5)  # f(2)\ny = f\"{x}\"");

  std::vector<std::string> values;
  for (const Token& token : tokens) values.push_back(token.value);
  EXPECT_EQ(values, (std::vector<std::string>{"x", "=", "f", "(", "a b", ",", "1000.5", ")", "y",
                                              "=", "{x}"}));
  EXPECT_TRUE(tokens[4].plain);
  EXPECT_FALSE(tokens.back().plain);
}

TEST(TokensOf, SurvivesTextThatIsNotPython) {
  for (const std::string text : {"'", "\"\"\"", "f'", "\\", "1e", "'\\", "\xff\xfe", "b\"\\"}) {
    for (const Token& token : TokensOf(text)) EXPECT_LE(token.end, text.size()) << text;
  }
}

TEST(LiteralArguments, KnowsParametersByPositionAndName) {
  ToolSpec tool{.name = "send"};
  tool.parameters = {{"properties", {{"order", Json::object()}, {"days", Json::object()}}}};

  const auto arguments = LiteralArguments("send('A1', days=3); send(f(x), 4)", {tool});

  ASSERT_EQ(arguments.size(), 3U);
  EXPECT_EQ(arguments[0].parameter, "order");
  EXPECT_EQ(arguments[0].value, "A1");
  EXPECT_EQ(arguments[1].parameter, "days");
  EXPECT_EQ(arguments[2].value, 4);
}

// The shop keeps written state: each test plants one defect in the same right task.
class ShopMutants : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    environment_ =
        env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/environments/shop").value();
  }
  static void TearDownTestSuite() { environment_.reset(); }

  ShopMutants() {
    task_.instruction = "Send order A122 to 14 Elm Street and cancel order A130.";
    task_.solution = "change_address(\"A122\", \"14 Elm Street\")\ncancel_order(\"A130\")";
    task_.evaluation_function =
        "def evaluate():\n"
        "    return (changes_today() == [\"A122 address\", \"A130 cancelled\"]\n"
        "            and get_order(\"A122\")[\"address\"] == \"14 Elm Street\")";
    task_.failure_cases = {"cancel_order(\"A130\")", "change_address(\"A122\", \"14 Elm Street\")",
                           "change_address(\"A122\", \"4 Elm Street\")\ncancel_order(\"A130\")"};
  }

  TaskReport Judge() const { return JudgeTask(task_, *environment_, settings_, {}, 3).value(); }

  void LetTheCancellationBeLeftOut() {
    task_.evaluation_function =
        "def evaluate():\n"
        "    changes = changes_today()\n"
        "    return changes[:1] == [\"A122 address\"] and changes[1:] in ([], [\"A130 "
        "cancelled\"]) "
        "and get_order(\"A122\")[\"address\"] == \"14 Elm Street\"";
    task_.failure_cases[1] = "change_address(\"A122\", \"14 Elm Road\")";
  }

  // The task falls at mutants_rejected, with these words in the evidence.
  TaskReport JudgeToFallFor(const std::string& words) const {
    TaskReport report = Judge();
    const GateVerdict* failure = report.verdict.first_failure();
    EXPECT_EQ(failure == nullptr ? "none" : failure->gate, "mutants_rejected");
    if (failure != nullptr) {
      EXPECT_NE(failure->evidence.find(words), std::string::npos) << failure->evidence;
    }
    return report;
  }

  static std::unique_ptr<env::Environment> environment_;
  CodeAsTask task_;
  GateSettings settings_;
};

std::unique_ptr<env::Environment> ShopMutants::environment_;

TEST_F(ShopMutants, LeavesATaskThatIsRightAlone) {
  const TaskReport report = Judge();

  ASSERT_TRUE(report.verdict.passed()) << report.verdict.first_failure()->evidence;
  EXPECT_GE(report.mutant_score.value_or(0), 0.9);
}

TEST_F(ShopMutants, FindsAnArgumentThatTheVerifierDoesNotLookAt) {
  task_.evaluation_function =
      "def evaluate():\n"
      "    return changes_today() == [\"A122 address\", \"A130 cancelled\"]";
  task_.failure_cases.back() = "cancel_order(\"A130\")\ncancel_order(\"A122\")";

  JudgeToFallFor("address of change_address");
}

TEST_F(ShopMutants, FindsACallThatTheVerifierDoesNotLookAt) {
  task_.evaluation_function =
      "def evaluate():\n    return get_order(\"A122\")[\"address\"] == \"14 Elm Street\"";
  task_.failure_cases[1] = "change_address(\"A122\", \"14 Elm Road\")";

  JudgeToFallFor("evaluate");
}

TEST_F(ShopMutants, FindsAVerifierThatDoesNotLookElsewhere) {
  task_.evaluation_function =
      "def evaluate():\n"
      "    return (get_order(\"A122\")[\"address\"] == \"14 Elm Street\"\n"
      "            and get_order(\"A130\")[\"status\"] == \"cancelled\")";

  JudgeToFallFor("that nobody asked for");
}

TEST_F(ShopMutants, FallForOneCallThatMayBeLeftOutAlthoughMostVariantsAreRejected) {
  LetTheCancellationBeLeftOut();

  const TaskReport report = JudgeToFallFor(R"(the call cancel_order{"order": "A130"} left out)");

  EXPECT_GT(report.mutant_score.value_or(0), settings_.mutants_rejected_min);
}

TEST_F(ShopMutants, AreNamedWhereTheyPassBecauseOnlyTheShareCounts) {
  LetTheCancellationBeLeftOut();
  settings_.mutants_each = false;

  const TaskReport report = Judge();

  ASSERT_TRUE(report.verdict.passed());
  const auto& gates = report.verdict.gates;
  const auto gate = std::find_if(gates.begin(), gates.end(), [](const GateVerdict& one) {
    return one.gate == "mutants_rejected";
  });
  ASSERT_NE(gate, gates.end());
  EXPECT_NE(gate->evidence.find("left out"), std::string::npos) << gate->evidence;
}

TEST_F(ShopMutants, AreTheSameForTheSameTaskAndNoMoreThanAskedFor) {
  const Trace trace = Judge().trace;
  const Entities entities = Entities::Of(task_, trace, *environment_).value();

  const std::vector<Mutant> first = MutantsOf(task_, trace, *environment_, entities, 9);
  const std::vector<Mutant> second = MutantsOf(task_, trace, *environment_, entities, 9);

  ASSERT_EQ(first.size(), 9U);
  std::set<std::string> groups;
  for (std::size_t index = 0; index < first.size(); ++index) {
    EXPECT_EQ(first[index].description, second[index].description);
    groups.insert(first[index].group);
  }
  EXPECT_GE(groups.size(), 5U);
}

TEST(Shifted, GivesOtherDatesAndIdsButNoOtherCents) {
  const std::vector<std::string> dates = Shifted("2025-06-20");

  ASSERT_EQ(dates.size(), 6U);
  EXPECT_EQ(dates[0], "2025-06-21");
  EXPECT_EQ(dates[1], "2025-06-19");
  EXPECT_EQ(dates[2], "2025-07-20");
  EXPECT_EQ(Shifted("A099"), (std::vector<std::string>{"A100", "A098"}));
  EXPECT_EQ(Shifted("20.06.2025").size(), 6U);
  EXPECT_TRUE(Shifted("9.50 euros").empty());
  EXPECT_TRUE(Shifted("urgent").empty());
}

TEST(IdsAround, AreOfTheSameFormTheNearestFirst) {
  const std::vector<std::string> around = IdsAround("V02");
  ASSERT_GE(around.size(), 5U);
  EXPECT_EQ(std::vector<std::string>(around.begin(), around.begin() + 5),
            (std::vector<std::string>{"V01", "V03", "V00", "V04", "V05"}));
  EXPECT_TRUE(IdsAround("2031-03-09").empty());
  EXPECT_TRUE(IdsAround("room 7").empty());
  EXPECT_TRUE(IdsAround("V1234567").empty());
  EXPECT_TRUE(IdsAround(std::string(1000, 'V') + "12").empty());
  EXPECT_TRUE(IdsAround("").empty());
}

TEST(AnswerVariants, AlterEachElementOfAListAndItsLength) {
  const Json answer = {7, 6};

  std::map<std::string, std::set<Json>> made;
  for (const AnswerVariant& one : AnswerVariants(answer, {})) made[one.what].insert(one.answer);

  EXPECT_EQ(made["element 1 of the answer"], (std::set<Json>{{8, 6}, {6, 6}}));
  EXPECT_EQ(made["element 2 of the answer"], (std::set<Json>{{7, 7}, {7, 5}}));
  EXPECT_TRUE(made["the length of the answer"].contains(Json::array()));
  EXPECT_TRUE(made["the length of the answer"].contains(Json::array({7})));
  EXPECT_EQ(made["the length of the answer"].size(), 4U);
}

TEST(AnswerVariants, TakeATextToPiecesAndTryOthersThatShareAWord) {
  std::set<Json> made;
  const AnswerSource source{.texts = {"Bonn", "Cora Weiss"}};
  for (const AnswerVariant& one : AnswerVariants("Cora Lind", source)) made.insert(one.answer);

  for (const char* text : {"", "Cora", "Lind", "Other Lind", "Cora Other", "Bonn", "Cora Weiss"}) {
    EXPECT_TRUE(made.contains(text)) << text;
  }
  EXPECT_FALSE(made.contains("Cora Lind"));
}

TEST(IsNearAnswer, TakesWhatATolerantVerifierMayTake) {
  EXPECT_TRUE(IsNearAnswer(9.8, 9.81));
  EXPECT_TRUE(IsNearAnswer("Cora Lind", "cora lind."));
  EXPECT_TRUE(IsNearAnswer("Lind", "Her name is Lind."));
  EXPECT_TRUE(IsNearAnswer("A101", "order A101"));
  EXPECT_TRUE(IsNearAnswer(Json({1, 2}), Json({2, 1})));
  EXPECT_TRUE(IsNearAnswer("5", 5));
  EXPECT_FALSE(IsNearAnswer(4, 5));
  EXPECT_FALSE(IsNearAnswer("Harbour", "Harbour United"));
  EXPECT_FALSE(IsNearAnswer("A10", "A101"));
  EXPECT_FALSE(IsNearAnswer("Cora Lind", "Lind"));
  EXPECT_FALSE(IsNearAnswer(Json({1, 2}), Json({1, 2, 2})));
  EXPECT_FALSE(IsNearAnswer(Json({{"a", 1}}), Json({{"b", 1}})));
}

TEST(LeavesChoice, IsWhereAnyThingOfAKindWillDo) {
  EXPECT_TRUE(LeavesChoice("Book any free room."));
  EXPECT_TRUE(LeavesChoice("Lend an available copy."));
  EXPECT_TRUE(LeavesChoice("Name the title of any copy that M05 has."));
  EXPECT_FALSE(LeavesChoice("Cancel A101. If there are any others, leave them."));
}

struct MutantsLibrary {
  static constexpr const char* kFolder = "tests/defects/library";
};

class LibraryMutants : public GateFixture<MutantsLibrary> {};

TEST_F(LibraryMutants, AreCallsInAnotherOrderWhereTheInstructionSaysFirstAndThen) {
  const auto judge = [&](const std::string& instruction) {
    return JudgeBy(JudgeMutantsRejected, instruction,
                   "reserve(\"Emma\", \"M01\")\nreserve(\"Kim\", \"M01\")\nanswer = 2",
                   "def evaluate(answer):\n"
                   "    titles = sorted(one[\"title\"] for one in reservations_of(\"M01\"))\n"
                   "    others = [one for m in (\"M02\", \"M03\", \"M04\", \"M05\", \"M06\") "
                   "for one in reservations_of(m)]\n"
                   "    return answer == 2 and titles == [\"Emma\", \"Kim\"] and "
                   "len(journal()) == 2 and not others");
  };
  const Finding finding = judge("For M01 reserve first Emma and then Kim: how many is that?");

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("reserve before reserve"), std::string::npos) << finding.evidence;
  EXPECT_TRUE(judge("For M01 reserve Emma and Kim: how many is that?").passed);
}

// The kitchen's tasks end with an answer.
class KitchenEquivalents : public testing::Test {
 protected:
  std::string FirstFailure(const std::string& condition) {
    const auto environment =
        env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/environments/kitchen").value();
    CodeAsTask task;
    task.instruction = "What do 7 kilograms of sugar cost in euros?";
    task.solution = "answer = price_per_kilogram(\"sugar\") * 7";
    task.evaluation_function =
        "def evaluate(answer):\n    expected = price_per_kilogram(\"sugar\") * 7\n    return " +
        condition;
    task.failure_cases = {"answer = 1", "answer = price_per_kilogram(\"flour\") * 7",
                          "answer = price_per_kilogram(\"sugar\")"};
    const TaskReport report = JudgeTask(task, *environment, {}, {}, 3).value();
    const GateVerdict* failure = report.verdict.first_failure();
    return failure == nullptr ? "none" : failure->gate;
  }
};

TEST_F(KitchenEquivalents, AreNotAskedOfAVerifierThatAllowsForRounding) {
  EXPECT_EQ(FirstFailure("answer is not None and abs(answer - expected) < 0.01"), "none");
}

// 1.4 * 7 is 9.799999999999999: whoever says 9.8 is as right.
TEST_F(KitchenEquivalents, FindAVerifierThatWantsTheNoiseOfFloatingPoint) {
  EXPECT_EQ(FirstFailure("answer == expected"), "equivalents_accepted");
}

// Its memory lives in a module, so verifications in one process would not be independent.
TEST_F(KitchenEquivalents, LeaveAVerifierWithAMemoryToTheMutants) {
  EXPECT_EQ(FirstFailure("answer is not None and answer > 9 and __import__('math').__dict__"
                         ".setdefault('seen', answer) == answer"),
            "mutants_rejected");
}

TEST_F(KitchenEquivalents, LeaveAVerifierThatAcceptsFarTooMuchToTheMutants) {
  EXPECT_EQ(FirstFailure("answer is not None and answer > 9.5"), "mutants_rejected");
}

}  // namespace
}  // namespace sca::task
