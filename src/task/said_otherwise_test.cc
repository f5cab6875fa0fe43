#include "task/said_otherwise.h"

#include <gtest/gtest.h>

namespace sca::task {
namespace {

TEST(SaidOtherwise, KnowsWhichIndexAPlaceHas) {
  CodeAsTask task;
  task.instruction = "Who runs in lane 5?";
  task.solution = "answer = lanes()[4] + str(4 * len([3]))";

  EXPECT_EQ(PlacesSaid(task, {}), std::set<double>{4});
  task.solution = "answer = lanes()[5]";
  EXPECT_TRUE(PlacesSaid(task, {}).empty());
  ToolSpec lanes;
  lanes.name = "lanes";
  lanes.parameters = {{"properties", {{"heat", {{"type", "integer"}}}}}};
  task.solution = "answer = lanes(5)[4]";  // The five is that of the heat.
  EXPECT_TRUE(PlacesSaid(task, {lanes}).empty());
}

TEST(SaidOtherwise, KnowsWhatIsPutTogether) {
  CodeAsTask task;
  task.instruction = "A label of name and year.";
  task.solution = "label(\"M24\", f\"{thing['name']}, {thing['year']}\")";
  Trace trace;
  trace.calls.push_back({"get", "{}", R"({"name": "harp", "year": 1805})"});

  EXPECT_TRUE(IsPutTogether(task, trace, "harp, 1805"));
  EXPECT_FALSE(IsPutTogether(task, trace, "harp, 1806"));
  EXPECT_FALSE(IsPutTogether(task, trace, "harp"));
  task.solution = "label(\"M24\", \"harp, 1805\")";
  EXPECT_FALSE(IsPutTogether(task, trace, "harp, 1805"));
}

TEST(SaidOtherwise, KnowsAVoteByItsSide) {
  CodeAsTask task;
  task.instruction = "How many more were against the bill than in favour?";
  EXPECT_TRUE(IsSaid(task, Trace(), {}, "no"));
  EXPECT_TRUE(IsSaid(task, Trace(), {}, "yes"));
  EXPECT_FALSE(IsSaid(task, Trace(), {}, "norway"));
  EXPECT_FALSE(IsSaid(task, Trace(), {}, "yesterday"));
}

TEST(SaidOtherwise, KnowsFiguresByTheirQualities) {
  CodeAsTask task;
  task.instruction = "Was it colder at Erebus or at Diacria?";
  EXPECT_TRUE(IsSaid(task, Trace(), {}, "temperature"));
  EXPECT_FALSE(IsSaid(task, Trace(), {}, "pressure"));
}

TEST(SaidOtherwise, KnowsPluralsOfWordsThatEndInYAndF) {
  CodeAsTask task;
  task.instruction = "They buy 2 batteries.";
  EXPECT_TRUE(IsSaid(task, Trace(), {}, "battery"));
  EXPECT_FALSE(IsSaid(task, Trace(), {}, "lorry"));
  task.instruction = "They buy one ripe banana.";
  EXPECT_TRUE(IsSaid(task, Trace(), {}, "bananas"));
  EXPECT_TRUE(IsSaid(task, Trace(), {}, "ripe bananas"));
  EXPECT_FALSE(IsSaid(task, Trace(), {}, "green bananas"));
  task.instruction = "They buy 2 rye loaves.";
  EXPECT_TRUE(IsSaid(task, Trace(), {}, "rye loaf"));
}

TEST(SaidOtherwise, TakesStatesThatAreLookedThroughForKnown) {
  ToolSpec tool;
  tool.name = "list_tickets";
  tool.description = "Tickets with a status: \"new\", \"waiting\" or \"closed\".";
  CodeAsTask task;
  task.solution = "for status in (\"new\", \"waiting\"):\n    list_tickets(status)";
  EXPECT_TRUE(IsOneOfSeveralTried(task, {tool}, "waiting"));
  EXPECT_FALSE(IsOneOfSeveralTried(task, {tool}, "closed"));
  task.solution = "list_tickets(\"waiting\")";
  EXPECT_FALSE(IsOneOfSeveralTried(task, {tool}, "waiting"));
  task.solution = "for name in (\"Ann\", \"Bob\"):\n    list_tickets(name)";
  EXPECT_FALSE(IsOneOfSeveralTried(task, {tool}, "ann"));
}

}  // namespace
}  // namespace sca::task
