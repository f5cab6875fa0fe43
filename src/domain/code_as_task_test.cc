#include "domain/code_as_task.h"

#include <gtest/gtest.h>

namespace sca {
namespace {

CodeAsTask CheeseTask() {
  return {.id = "cheese",
          .instruction = "Wie viel kostet Käse?",
          .evaluation_function = "def evaluate(answer):\n    return answer == 3",
          .solution = "answer = 3",
          .failure_cases = {"answer = 4"}};
}

TEST(CodeAsTask, ComesBackFromItsJson) {
  CodeAsTask task = CheeseTask();
  task.exploration = "print(price(\"cheese\"))";

  const CodeAsTask back = CodeAsTask::FromJson(task.ToJson()).value();

  EXPECT_EQ(back.ToJson(), task.ToJson());
  EXPECT_EQ(back.failure_cases, task.failure_cases);
  EXPECT_EQ(back.exploration, task.exploration);
}

// Worked out with Python's hashlib over ["instruction", "evaluation", "solution", "failure", ...].
TEST(CodeAsTask, HasAHashThatStaysTheSameForEver) {
  EXPECT_EQ(CheeseTask().Hash(),
            "dbc5f5849e6b7e81dffc16c5d87a1347295b16daa352f63f28f95b25647a588d");
}

TEST(CodeAsTask, HasAHashOfItsContentOnly) {
  CodeAsTask renamed = CheeseTask();
  renamed.id = "other";
  renamed.exploration = "print(1)";
  CodeAsTask changed = CheeseTask();
  changed.failure_cases.push_back("answer = 5");

  EXPECT_EQ(renamed.Hash(), CheeseTask().Hash());
  EXPECT_NE(changed.Hash(), CheeseTask().Hash());
}

TEST(CodeAsTask, TakesAnIdFromItsHashWhereTheFileGivesNone) {
  Json json = CheeseTask().ToJson();
  json.erase("id");

  EXPECT_EQ(CodeAsTask::FromJson(json).value().id, "dbc5f5849e6b7e81");
}

TEST(CodeAsTask, RefusesJsonWithoutAPartOrOfAnotherKind) {
  Json json = CheeseTask().ToJson();
  json["solution"] = 3;

  EXPECT_EQ(CodeAsTask::FromJson(json).error().message,
            "The key \"solution\" must be a string, but is number.");
  EXPECT_EQ(CodeAsTask::FromJson(Json::array()).error().code, ErrorCode::kInvalidArgument);
}

TEST(ParseTasks, ReadsOneTaskALine) {
  CodeAsTask second = CheeseTask();
  second.id = "second";
  const std::string lines = DumpJson(CheeseTask().ToJson()) + "\n\n" + DumpJson(second.ToJson());

  const auto tasks = ParseTasks(lines, "tasks.jsonl").value();

  ASSERT_EQ(tasks.size(), 2U);
  EXPECT_EQ(tasks[1].id, "second");
  EXPECT_TRUE(ParseTasks("", "tasks.jsonl").value().empty());
}

TEST(ParseTasks, LeavesAMissingPartEmptyWhereItMay) {
  const std::string line = R"({"instruction": "Cook.", "solution": null})";

  const auto tasks = ParseTasks(line, "tasks.jsonl", MissingParts::kEmpty).value();

  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(tasks[0].instruction, "Cook.");
  EXPECT_EQ(tasks[0].solution, "");
  EXPECT_TRUE(tasks[0].failure_cases.empty());
  EXPECT_FALSE(ParseTasks(line, "tasks.jsonl").ok());
}

TEST(ParseTasks, NamesTheFileAndTheTaskThatIsWrong) {
  const std::string line = DumpJson(CheeseTask().ToJson()) + "\n";

  EXPECT_TRUE(ParseTasks(line + "{}", "a.jsonl").error().message.starts_with("a.jsonl, task 2: "));
  EXPECT_EQ(ParseTasks(line + line, "a.jsonl").error().message,
            "a.jsonl: the task id \"cheese\" is used twice.");
  EXPECT_NE(ParseTasks(line + "{", "a.jsonl").error().message.find("a.jsonl line 2"),
            std::string::npos);
}

}  // namespace
}  // namespace sca
