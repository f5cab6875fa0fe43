#include "task/spellings.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/text.h"

namespace sca::task {
namespace {

// The spellings as JSON text, without the solution's own.
std::string Spelled(const std::string& instruction, const std::string& answer_json,
                    const std::string& result_json = "null", const GateSettings& settings = {},
                    const std::string& description = "Looks something up.") {
  ToolSpec tool;
  tool.name = "look_up";
  tool.description = description;
  Trace trace;
  trace.calls.push_back({"look_up", "{}", result_json});
  trace.answer_json = answer_json;
  std::vector<std::string> parts;
  for (const Spelling& spelling : SpellingsOf(instruction, trace, {tool}, settings)) {
    parts.push_back(DumpJson(spelling.answer));
  }
  return Join(parts, " | ");
}

TEST(Spellings, GiveTheOtherTypeOfAWholeNumber) {
  EXPECT_EQ(Spelled("How many?", "5"), "5.0");
  EXPECT_EQ(Spelled("How many?", "5.0"), "5");
  EXPECT_EQ(Spelled("How many each?", R"({"a": 5, "b": [1.5]})"),
            R"({"a":5.0,"b":[1.5]} | {"b":[1.5],"a":5})");
  EXPECT_EQ(Spelled("How many each, sorted?", R"({"a": 1.5, "b": 2.5})"), "");
  EXPECT_EQ(Spelled("Is it so?", "true"), "");
  EXPECT_EQ(Spelled("Change it.", ""), "");
}

TEST(Spellings, LeaveOutTheNoiseOfFloatingPointAtAnyDepth) {
  EXPECT_EQ(Spelled("What do they cost?", "9.799999999999999"), "9.8");
  EXPECT_EQ(Spelled("What does each cost?", "[9.799999999999999, 1.5]"), "[9.8,1.5]");
}

TEST(Spellings, RoundAsTheInstructionAsks) {
  EXPECT_EQ(Spelled("Round to 2 decimals.", "1.61803"), "1.62");
  EXPECT_EQ(Spelled("Rounded to the nearest cent, please.", "1.61803"), "1.62");
  EXPECT_EQ(Spelled("Round the result to one decimal place.", "1.61803"), "1.6");
  EXPECT_EQ(Spelled("Round down to a whole number.", "1.61803"), "1.0");
  EXPECT_EQ(Spelled("Rounded up to two decimals.", "1.61103"), "1.62");
  EXPECT_EQ(Spelled("Round down to 1 decimal.", "9.799999999999999"), "9.8");
  EXPECT_EQ(Spelled("Please do not round it to a whole number.", "8.375"), "");
  EXPECT_EQ(Spelled("The route is round. It goes to the nearest whole farm.", "1.61803"), "");
}

TEST(Spellings, GiveTheNumberOfATextThatTheCodeMade) {
  EXPECT_EQ(Spelled("What does it cost?", R"("9.80")", "9.8"), "9.8");
  EXPECT_EQ(Spelled("How many are there?", R"("5")", "[1, 2, 3, 4, 5]"), "5");
}

TEST(Spellings, KeepATextThatAToolGaveOrThatIsAskedFor) {
  EXPECT_EQ(Spelled("What is in the field?", R"("5")", R"({"field": "5"})"), "");
  EXPECT_EQ(Spelled("Give the number as text.", R"("5")"), "");
  EXPECT_EQ(Spelled("What is the code?", R"("5")"), "");
  EXPECT_EQ(Spelled("What is the extension?", R"("0042")"), "");
  EXPECT_EQ(Spelled("How long?", R"("5 minutes")"), "");
}

TEST(Spellings, GiveTheNumberWhereAUnitOrCapitalsAreOfTheSolutionAlone) {
  EXPECT_EQ(Spelled("How many minutes?", R"("5 minutes")", "5"), "5");
  EXPECT_EQ(Spelled("Who wrote it?", R"("KIPLING")", R"("Kipling")"), R"("Kipling")");
  EXPECT_EQ(Spelled("Who wrote it, in capitals?", R"("KIPLING")", R"("Kipling")"), "");
}

// An agent that computes in Python has a number; only a recipe can say that a text will do.
TEST(Spellings, GiveTheTextOfANumberOnlyWhereTheRecipeAsks) {
  GateSettings settings;
  EXPECT_EQ(Spelled("How many?", "5", "5", settings), "5.0");

  settings.equivalents = {"texts_for_numbers"};

  EXPECT_EQ(Spelled("How many?", "5", "5", settings), R"("5")");
  EXPECT_EQ(Spelled("How much?", "9.799999999999999", "1.4", settings), R"("9.8")");
}

TEST(Spellings, TurnIdsOfOneCallRoundWhereNoOrderIsAskedFor) {
  const std::string given = R"(["K12", "K14", "K15"])";

  EXPECT_EQ(Spelled("Which copies are lent?", R"(["K12", "K14"])", given), R"(["K14","K12"])");
  EXPECT_EQ(Spelled("Which copies are lent? Sorted, please.", R"(["K12", "K14"])", given), "");
  EXPECT_EQ(Spelled("List all numbers.", R"(["24-1028", "24-1038"])", R"(["24-1028", "24-1038"])"),
            R"(["24-1038","24-1028"])");
  EXPECT_EQ(Spelled("List all results.", R"(["3-1", "2-0"])", R"(["3-1", "2-0"])"), "");
  EXPECT_EQ(Spelled("Which two were lent earliest?", R"(["K12", "K14"])", given), "");
  EXPECT_EQ(Spelled("Are K12 and K14 lent? List them.", R"(["K12", "K14"])", given), "");
}

TEST(Spellings, KeepTheOrderOfWhatMayHaveOneOfItsOwn) {
  EXPECT_EQ(Spelled("When do trains leave?", R"(["09:05", "10:05"])", R"(["09:05", "10:05"])"), "");
  EXPECT_EQ(Spelled("How is it made?", R"(["mix", "bake"])", R"(["mix", "bake"])"), "");
  EXPECT_EQ(Spelled("Which copies?", R"(["K12", "K14"])", R"(["K12"])"), "");
}

TEST(Spellings, AreNoneWhereTheRecipeTriesNone) {
  GateSettings settings;
  settings.equivalents = {};

  EXPECT_EQ(Spelled("Round to 2 decimals.", "1.61803", "null", settings), "");
}

TEST(Spellings, GiveNamesInAnotherOrderUnlessTheirToolHasOne) {
  constexpr const char* kNames = R"(["Hill","Lake"])";
  const auto spelled = [&](const std::string& instruction, const std::string& description) {
    return Spelled(instruction, kNames, R"(["Hill","Lake","Wood"])", {}, description);
  };

  EXPECT_EQ(spelled("Which sites are in the valley?", "Sites of a region."), R"(["Lake","Hill"])");
  EXPECT_EQ(spelled("Which sites are in the valley?", "Sites, largest first."), "");
  EXPECT_EQ(spelled("Where does the line call?", "Stops of a line."), "");
  EXPECT_EQ(spelled("Which of Hill and Lake are open?", "Sites of a region."), "");
  EXPECT_EQ(spelled("Which of Hill and Lake are open? In any order.", "Sites of a region."),
            R"(["Lake","Hill"])");
}

TEST(Spellings, GiveYesAsTheInstructionSpellsIt) {
  EXPECT_EQ(Spelled("Is it so? Say yes or no.", R"("NO")"), R"("no")");
  EXPECT_EQ(Spelled("Is it so? Say YES or NO.", R"("NO")"), "");
}

TEST(Spellings, KeepAWordThatIsARecord) {
  EXPECT_EQ(Spelled("How did Falk vote?", R"("no")", R"("no")"), "");
  EXPECT_NE(Spelled("Was Falk there?", R"("no")", "3"), "");
}

TEST(Spellings, GiveTheNumberWhereTheUnitIsNamed) {
  EXPECT_EQ(Spelled("What is it in euros?", R"("49.00 EUR")"), "49.0");
  EXPECT_EQ(Spelled("What does it cost?", R"("49.00 EUR")"), "");
  EXPECT_EQ(Spelled("How much is it?", R"("EUR 49.00")"), "49.0");
  EXPECT_EQ(Spelled("How far is it?", R"("14.9 nm")"), "14.9");
  EXPECT_EQ(Spelled("How far is it from B2?", R"("B2 14.9 nm")"), "");
  EXPECT_EQ(Spelled("Give the amount in euros in the form 1.00 EUR.", R"("49.00 EUR")"), "");
}

TEST(Spellings, GiveTheNameWithoutAWordOfTheSolutionsOwn) {
  EXPECT_EQ(Spelled("In which room is it?", R"("Room Elm")", R"("Elm")"), R"("Elm")");
  EXPECT_EQ(Spelled("Which code has it?", R"("Room Elm")", R"("Elm")"), "");
  EXPECT_EQ(Spelled("In which room is it?", R"("Room Elm 4")", R"("Elm")"), "");
}

TEST(Spellings, GiveAnotherOrderWhereNoneIsAskedForOfTheMost) {
  EXPECT_EQ(Spelled("Which two are the hottest, in no particular order?", R"(["june","july"])",
                    R"({"june": 1, "july": 2})"),
            R"(["july","june"])");
  EXPECT_EQ(
      Spelled("Which two are the hottest?", R"(["june","july"])", R"({"june": 1, "july": 2})"), "");
}

TEST(Spellings, GiveNumbersOfThingsInAnotherOrder) {
  EXPECT_EQ(Spelled("Which stages are hilly?", "[4, 7]", "[4, 7, 9]"), "[4.0,7.0] | [7,4]");
  EXPECT_EQ(Spelled("How long are the stages?", "[4, 7]", "[4, 7, 9]"), "[4.0,7.0]");
  EXPECT_EQ(Spelled("Which stages are hilly? Sorted, please.", "[4, 7]", "[4, 7, 9]"), "[4.0,7.0]");
}

TEST(Spellings, GiveAnotherOrderWhereOneThingIsNamed) {
  EXPECT_EQ(Spelled("Take K2 back. Then list the ids of all that are in.", R"(["K1","K2"])",
                    R"(["K1","K2"])"),
            R"(["K2","K1"])");
}

TEST(Spellings, GiveTheListForATextThatTheSolutionMade) {
  EXPECT_EQ(Spelled("Which hives were they?", R"("H14, H15")", R"(["H14","H15"])"),
            R"(["H14","H15"])");
  EXPECT_EQ(Spelled("Which hives were they?", R"("H14 / H15")", R"(["H14","H15"])"),
            R"(["H14","H15"])");
  EXPECT_EQ(Spelled("Which hives, separated by commas?", R"("H14, H15")", R"(["H14","H15"])"), "");
  EXPECT_EQ(Spelled("Which hive was it?", R"("Low, north")", R"(["Low, north"])"), "");
}

TEST(Spellings, GiveAWordAsTheInstructionAsksForIt) {
  EXPECT_EQ(Spelled("Feed it. When you have finished, say done.", R"("Done.")"), R"("done")");
  EXPECT_EQ(Spelled("When you have finished, say Done.", R"("Done.")"), "");
}

}  // namespace
}  // namespace sca::task
