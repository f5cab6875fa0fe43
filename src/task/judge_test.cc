#include "task/judge.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "task/gate.h"
#include "task/parse.h"

namespace sca::task {
namespace {

// One task that is right, over the kitchen that ships; each test plants one defect in it.
class JudgeTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    environment_ =
        env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/environments/kitchen").value();
  }
  static void TearDownTestSuite() { environment_.reset(); }

  JudgeTest() {
    task_.instruction = "What do 7 kilograms of sugar cost in euros?";
    task_.evaluation_function =
        "def evaluate(answer):\n"
        "    expected = price_per_kilogram(\"sugar\") * 7\n"
        "    return isinstance(answer, (int, float)) and abs(answer - expected) < 0.01";
    task_.solution = "price = price_per_kilogram(\"sugar\")\nanswer = price * 7";
    task_.failure_cases = {"answer = price_per_kilogram(\"sugar\")",
                           "answer = price_per_kilogram(\"flour\") * 7", "answer = 12"};
    task_.id = "sugar";
  }

  TaskReport Judge() const { return JudgeTask(task_, *environment_, settings_, known_, 3).value(); }

  std::string FirstFailure() const {
    const TaskReport report = Judge();
    const GateVerdict* failure = report.verdict.first_failure();
    return failure == nullptr ? "none" : failure->gate;
  }

  static std::unique_ptr<env::Environment> environment_;  // Loaded once: its zygotes take a moment.
  CodeAsTask task_;
  GateSettings settings_;
  KnownTasks known_;
};

std::unique_ptr<env::Environment> JudgeTest::environment_;

TEST_F(JudgeTest, PassesATaskThatIsRightThroughAllGates) {
  const TaskReport report = Judge();

  EXPECT_TRUE(report.verdict.passed()) << report.verdict.first_failure()->evidence;
  EXPECT_EQ(report.verdict.gates.size(), AllGates().size() + 1);
  EXPECT_EQ(report.trace.Shape(), "price_per_kilogram");
  EXPECT_GE(report.verdict.gates.back().isolation_level, 2);
}

TEST_F(JudgeTest, FindsCodeThatDoesNotCompile) {
  task_.failure_cases[1] = "answer = (";

  EXPECT_EQ(FirstFailure(), "compiles");
}

TEST_F(JudgeTest, NamesTheLineThatDoesNotCompile) {
  task_.evaluation_function = "def evaluate(answer)\n    return answer == 7";
  EXPECT_NE(Judge().verdict.first_failure()->evidence.find("line 1: SyntaxError"),
            std::string::npos)
      << Judge().verdict.first_failure()->evidence;

  task_.evaluation_function = "def evaluate(answer):\n    return (answer\n";
  EXPECT_NE(Judge().verdict.first_failure()->evidence.find("line 2: SyntaxError"),
            std::string::npos)
      << Judge().verdict.first_failure()->evidence;
}

TEST_F(JudgeTest, SaysWhichPartIsMissing) {
  const CodeAsTask whole = task_;
  const auto evidence = [&](TaskSource source) {
    const TaskReport report =
        JudgeTask(task_, *environment_, settings_, known_, 3, {}, source).value();
    const GateVerdict* failure = report.verdict.first_failure();
    return failure == nullptr ? "none" : failure->gate + ": " + failure->evidence;
  };

  task_.solution = "# Later.";
  EXPECT_EQ(evidence(TaskSource::kReply), "parses: The task has no solution.");
  task_ = whole;
  task_.instruction = " \n";
  EXPECT_EQ(evidence(TaskSource::kReply), "parses: The task has no instruction.");
  task_ = whole;
  task_.evaluation_function.clear();
  EXPECT_EQ(evidence(TaskSource::kReply), "parses: The task has no evaluation_function.");
  task_ = whole;
  task_.failure_cases.resize(1);
  EXPECT_EQ(evidence(TaskSource::kFile), "parses: The task has 1 failure case, but it needs 3.");
  EXPECT_EQ(evidence(TaskSource::kReply).substr(0, 12), "failures_run");
}

TEST_F(JudgeTest, ReadsInstructionsOfAnyKindUpToALength) {
  const std::string instruction = task_.instruction;
  for (const std::string part : {"a ",
                                 "from ",
                                 "hour ",
                                 "last ",
                                 "a",
                                 "9 march ",
                                 "say ",
                                 "1 to ",
                                 "\"",
                                 "between 5 ",
                                 "if any ",
                                 "half an ",
                                 "is ",
                                 "one hundred ",
                                 "do last x ",
                                 "a then ",
                                 "a1 to a2 ",
                                 "for a in ",
                                 "no order ",
                                 "1 to 2 may ",
                                 "may 1 to 2 ",
                                 "i am 7 ",
                                 "no matter who is ",
                                 "keep the ",
                                 "not round "}) {
    task_.instruction = instruction + " How many ";
    while (task_.instruction.size() + part.size() <= kInstructionBytesMax) {
      task_.instruction += part;
    }
    EXPECT_NE(FirstFailure(), "parses") << part;
    task_.instruction.resize(kInstructionBytesMax + 1, 'x');
    EXPECT_EQ(FirstFailure(), "parses") << part;
  }
}

TEST_F(JudgeTest, TakesACallThatIsRefusedWhereTheCodeActsOnThat) {
  task_.instruction = "Stone soup is unknown. What do 7 kilograms of sugar cost in euros?";
  const std::string price = "answer = price_per_kilogram(\"sugar\") * 7";
  task_.solution = "try:\n    servings_of(\"stone soup\")\nexcept ToolError:\n    pass\n" + price;
  EXPECT_EQ(FirstFailure(), "none");
  task_.solution =
      "try:\n    answer = servings_of(\"stone soup\")\nexcept Exception:\n    " + price;
  EXPECT_EQ(FirstFailure(), "none");
  for (const std::string handler : {"except:\n    pass", "except Exception:\n    pass"}) {
    task_.solution = "try:\n    servings_of(\"stone soup\")\n" + handler + "\n" + price;
    EXPECT_EQ(FirstFailure(), "solution_runs") << handler;
  }
}

TEST_F(JudgeTest, TellsAFailureCaseThatLeavesNone) {
  task_.failure_cases[1] = "answer = None";

  EXPECT_NE(Judge().verdict.first_failure()->evidence.find("None is none"), std::string::npos);
}

TEST_F(JudgeTest, FindsASolutionThatCallsWhatIsNotThere) {
  task_.solution = "answer = price_of(\"sugar\") * 7";

  EXPECT_EQ(FirstFailure(), "compiles");
}

TEST_F(JudgeTest, FindsASolutionThatDefinesAToolItself) {
  task_.solution = "def price_per_kilogram(x):\n    return 1.4\nanswer = price_per_kilogram(1) * 7";

  EXPECT_EQ(FirstFailure(), "solution_runs");
}

TEST_F(JudgeTest, FindsASolutionThatItsOwnVerifierRejects) {
  task_.solution = "price = price_per_kilogram(\"sugar\")\nanswer = price * 8";

  EXPECT_EQ(FirstFailure(), "solution_passes");
}

TEST_F(JudgeTest, FindsAFailureCaseThatOnlyFailsByAnError) {
  task_.failure_cases[0] = "answer = price_per_kilogram(\"gold\")";

  EXPECT_EQ(FirstFailure(), "failures_run");
}

TEST_F(JudgeTest, FindsALenientVerifier) {
  task_.evaluation_function = "def evaluate(answer):\n    return answer is not None";

  EXPECT_EQ(FirstFailure(), "failures_rejected");
}

TEST_F(JudgeTest, FindsAVerifierThatDoingNothingSatisfies) {
  task_.evaluation_function =
      "def evaluate(answer):\n    return answer is None or answer == price_per_kilogram('sugar') * "
      "7";

  EXPECT_EQ(FirstFailure(), "idle_rejected");
}

TEST_F(JudgeTest, FindsANumberThatTheInstructionDoesNotName) {
  task_.instruction = "What do some kilograms of sugar cost in euros?";

  EXPECT_EQ(FirstFailure(), "complete");
}

TEST_F(JudgeTest, FindsANameThatTheInstructionDoesNotName) {
  task_.instruction = "What do 7 kilograms of it cost in euros?";

  EXPECT_EQ(FirstFailure(), "complete");
}

TEST_F(JudgeTest, AcceptsNumbersInWords) {
  task_.instruction = "What do seven kilograms of sugar cost in euros?";

  EXPECT_EQ(FirstFailure(), "none");
}

TEST_F(JudgeTest, FindsCodeInTheInstruction) {
  task_.instruction += " Use price_per_kilogram(\"sugar\").";

  EXPECT_EQ(FirstFailure(), "no_leak");
}

TEST_F(JudgeTest, FindsTheAnswerInTheInstruction) {
  task_.instruction += " Tip: 9.8.";

  EXPECT_EQ(FirstFailure(), "no_leak");
}

TEST_F(JudgeTest, FindsATaskThatMakesTheCallsOfAKnownOne) {
  known_.Add(task_, Judge().trace);

  EXPECT_EQ(FirstFailure(), "novel");
}

TEST_F(JudgeTest, TurnsAwayWhatIsLikeAHeldOutTaskAndDoesNotQuoteIt) {
  known_ = KnownTasks::Of(*environment_).value();
  task_ = environment_->heldout().front();

  const TaskReport report = Judge();

  ASSERT_EQ(FirstFailure(), "novel");
  EXPECT_EQ(report.verdict.first_failure()->evidence.find(task_.instruction), std::string::npos);
}

TEST_F(JudgeTest, SkipsAGateThatIsSwitchedOff) {
  settings_.off = {"complete"};
  task_.instruction = "What does it cost?";

  EXPECT_EQ(FirstFailure(), "none");
}

TEST_F(JudgeTest, KeepsHeldOutTasksOutOfThePoolEvenWhereNoveltyIsSwitchedOff) {
  settings_.off = {"novel"};
  known_ = KnownTasks::Of(*environment_).value();
  const auto novel = [&](const CodeAsTask& task) {
    const auto episode = environment_->Start(0).value();
    EXPECT_TRUE(episode->RunCode(task.solution).ok());
    const Trace trace = Trace::Of(episode->calls(), "");
    return JudgeNovel(known_, task, trace, settings_).verdict;
  };

  EXPECT_EQ(novel(environment_->heldout().front()), Verdict::kFailed);
  EXPECT_EQ(novel(environment_->examples().front()), Verdict::kPassed);
}

TEST_F(JudgeTest, StopsAtTheQuotaOfATool) {
  settings_.tool_quota = 2;
  const auto judge = [&](const std::vector<std::string>& tools, const std::string& number) {
    Trace trace;
    for (const std::string& tool : tools) trace.calls.push_back({tool, "[" + number + "]", "1"});
    CodeAsTask other = task_;
    other.instruction = "Quite another wish, number " + number;
    const GateVerdict verdict = JudgeNovel(known_, other, trace, settings_);
    if (verdict.verdict == Verdict::kPassed) known_.Add(other, trace);
    return verdict;
  };
  EXPECT_EQ(judge({"servings_of", "servings_of"}, "11").verdict, Verdict::kPassed);
  EXPECT_EQ(judge({"servings_of"}, "12").verdict, Verdict::kPassed);

  const GateVerdict third = judge({"grams_per_cup", "servings_of"}, "13");

  EXPECT_EQ(third.verdict, Verdict::kFailed);
  EXPECT_NE(third.evidence.find("servings_of (gates.tool_quota)"), std::string::npos)
      << third.evidence;
  EXPECT_EQ(judge({"grams_per_cup"}, "14").verdict, Verdict::kPassed);
}

// Half of the runs end by an error; the seed is one whose first run does not.
TEST_F(JudgeTest, SaysWhyASecondRunDoesNotFinish) {
  task_.solution += "\nassert __import__(\"random\").random() < 0.5, \"no luck\"";
  std::string evidence;
  for (std::uint64_t seed = 1; seed <= 16 && evidence.empty(); ++seed) {
    const TaskReport report = JudgeTask(task_, *environment_, settings_, known_, seed).value();
    const GateVerdict* failure = report.verdict.first_failure();
    if (failure != nullptr && failure->gate == "deterministic") evidence = failure->evidence;
  }

  EXPECT_NE(evidence.find("A second run does not finish"), std::string::npos) << evidence;
  EXPECT_NE(evidence.find("no luck"), std::string::npos) << evidence;
}

TEST_F(JudgeTest, FindsChanceAndTheClockWhereNoRunShowsThem) {
  const std::string compare = "    return abs(answer - price_per_kilogram(\"sugar\") * 7) < 0.01";
  for (const std::string line :
       {"import random; x = random.random()", "from uuid import uuid4; x = uuid4()",
        "import time; x = time.time() == 1700000000",
        "import datetime; x = datetime.datetime.now()",
        "from datetime import date; x = date.today()"}) {
    task_.evaluation_function =
        "def evaluate(answer):\n    if not answer: return False\n    " + line + "\n" + compare;
    EXPECT_EQ(FirstFailure(), "deterministic") << line;
  }
  for (const std::string line : {"import random; x = random.Random(3).random()",
                                 "time = {\"time\": 3}; x = time[\"time\"]"}) {
    task_.evaluation_function =
        "def evaluate(answer):\n    if not answer: return False\n    " + line + "\n" + compare;
    EXPECT_EQ(FirstFailure(), "none") << line;
  }
}

TEST_F(JudgeTest, FindsChanceThatTwoRunsMayNotShow) {
  task_.solution =
      "import random\nprice = price_per_kilogram(random.choice([\"sugar\", \"sugar\", "
      "\"flour\"]))\nanswer = 9.8";
  task_.evaluation_function = "def evaluate(answer):\n    return answer == 9.8";

  EXPECT_EQ(FirstFailure(), "deterministic");
}

TEST_F(JudgeTest, KeepsSeveralTasksThatDifferInNamesButNotAllOfThem) {
  settings_.alike_max = 2;
  const auto with = [&](const std::string& name) {
    Trace trace;
    trace.calls.push_back({"price_per_kilogram", "{\"ingredient\": \"" + name + "\"}", "1.0"});
    CodeAsTask like = task_;
    like.instruction = "What do 7 kilograms of " + name + " cost in euros?";
    return std::pair(like, trace);
  };
  for (const std::string name : {"rice", "milk"}) {
    const auto [like, trace] = with(name);
    EXPECT_EQ(JudgeNovel(known_, like, trace, settings_).verdict, Verdict::kPassed);
    known_.Add(like, trace);
  }
  const auto [third, trace] = with("cream");

  EXPECT_EQ(JudgeNovel(known_, third, trace, settings_).verdict, Verdict::kFailed);
}

// The kitchen has the same example about pancakes.
TEST_F(JudgeTest, TurnsAwayAnExampleWithAnotherNameUnlessTheRecipeTakesIt) {
  const KnownTasks known = KnownTasks::Of(*environment_).value();
  task_.instruction = "How many people does the recipe rice pudding serve?";
  Trace trace;
  trace.calls.push_back({"servings_of", R"({"recipe": "rice pudding"})", "4"});

  EXPECT_EQ(JudgeNovel(known, task_, trace, settings_).verdict, Verdict::kFailed);
  settings_.like_examples = true;
  settings_.alike_max = 2;  // The example is one.
  EXPECT_EQ(JudgeNovel(known, task_, trace, settings_).verdict, Verdict::kPassed);
}

// Milk and cream are equals there.
TEST_F(JudgeTest, FindsOneOfEqualsThatASetGivesFirst) {
  const auto judge = [&](const std::string& names) {
    task_.instruction = "Which of milk, cream and flour keeps the fewest days in a pantry?";
    task_.solution = "answer = min(" + names + ", key=lambda n: storage_days(n, \"pantry\"))";
    task_.evaluation_function = "def evaluate(answer):\n    return answer == min(" + names +
                                ", key=lambda n: storage_days(n, \"pantry\"))";
    task_.failure_cases = {"answer = \"flour\"", "answer = \"rice\"", "answer = \"x\""};
    return FirstFailure();
  };
  EXPECT_EQ(judge("set([\"milk\", \"cream\", \"flour\"])"), "deterministic");
  EXPECT_NE(judge("set([\"milk\", \"flour\"])"), "deterministic");
}

TEST_F(JudgeTest, FindsAnswersThatAreTakenForWantOfCare) {
  const std::string expected = "    expected = price_per_kilogram(\"sugar\") * 7\n";
  const std::string numbers = "    return abs(float(answer) - expected) < 0.01";
  task_.evaluation_function = "def evaluate(answer):\n" + expected +
                              "    if answer is None: return False\n    try:\n    " + numbers +
                              "\n    except ValueError:\n        return True";
  EXPECT_EQ(FirstFailure(), "mutants_rejected");

  task_.instruction = "What do 7 kilograms of sugar cost in euros, exact to the cent?";
  task_.evaluation_function = "def evaluate(answer):\n" + expected +
                              "    return isinstance(answer, (int, float)) and "
                              "int(answer) == int(expected)";
  EXPECT_EQ(FirstFailure(), "mutants_rejected");
}

}  // namespace
}  // namespace sca::task
