#include "task/literals.h"

#include <gtest/gtest.h>

#include <string>

namespace sca::task {
namespace {

// The names that a solution needs which books a room for a day.
std::string NamesNeeded(const std::string& solution, const std::string& day = "2025-07-18") {
  CodeAsTask task;
  task.solution = solution;
  Trace trace;
  trace.calls.push_back({"visit_of", R"({"pet": "P7"})", R"({"day": "2025-07-11"})"});
  trace.calls.push_back({"book", R"({"pet": "P7", "day": ")" + day + "\"}", "true"});
  std::string names;
  for (const NeededName& need : NeedsOf(task, trace, {}).names) names += need.name + " ";
  return names;
}

TEST(Needs, AreWhatNoEarlierCallGave) {
  EXPECT_EQ(NamesNeeded("visit_of(\"P7\")\nbook(\"P7\", \"2025-07-18\")"), "p7 2025-07-18 ");
}

TEST(Needs, LeaveOutADayThatCodeWorksOut) {
  EXPECT_EQ(NamesNeeded("day = date.fromisoformat(visit_of(\"P7\")[\"day\"])\n"
                        "book(\"P7\", str(day + timedelta(days=7)))"),
            "p7 ");
}

TEST(Needs, LeaveOutATimeThatCodeWorksOut) {
  EXPECT_EQ(NamesNeeded("visit_of(\"P7\")", "17:30"), "p7 ");
  EXPECT_EQ(NamesNeeded("visit_of(\"P7\")\nbook(\"P7\", \"17:30\")", "17:30"), "p7 17:30 ");
}

TEST(IsConstant, IsOneOfSeveralOffersByAWordThatNoOtherHas) {
  ToolSpec tool;
  tool.name = "discard";
  tool.description = "Discards it: \"expired\", \"positive test\" or \"damaged bag\".";

  EXPECT_TRUE(IsConstant({tool}, "positive test", "it came back positive: discard it."));
  EXPECT_FALSE(IsConstant({tool}, "positive test", "discard it."));
  tool.description = "The time of a runner, for example \"Eva Novak\".";
  EXPECT_FALSE(IsConstant({tool}, "eva novak", "how fast was novak?"));
  tool.description = "Sets it: \"low\", \"normal\" or \"high\".";
  EXPECT_FALSE(IsConstant({tool}, "high", "give it a higher priority."));
  tool.description = "Discards it: \"expired\", \"positive test\" or \"damaged bag\".";
  EXPECT_FALSE(IsConstant({tool}, "positive test", "it is positive and expired: discard it."));
}

TEST(MaskedTriples, AreTheSameWhoeverItIsAbout) {
  const auto masked = [](const std::string& instruction, const std::string& name) {
    CodeAsTask task;
    task.instruction = instruction;
    Trace trace;
    trace.calls.push_back({"book", "{\"tenant\": \"" + name + "\"}", "12"});
    return MaskedTriples(task, trace);
  };
  EXPECT_EQ(masked("Book 40 euros from Ann Lee. What does she still owe?", "Ann Lee"),
            masked("Book 25 euros from Bo Rehn. What does he still owe?", "Bo Rehn"));
}

}  // namespace
}  // namespace sca::task
