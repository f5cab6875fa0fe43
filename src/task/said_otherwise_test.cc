#include "task/said_otherwise.h"

#include <gtest/gtest.h>

namespace sca::task {
namespace {

TEST(SaidOtherwise, KnowsDatesInWordsAndFromOtherDates) {
  EXPECT_TRUE(SaysDate("the night of 9 march 2031", "2031-03-09"));
  EXPECT_TRUE(SaysDate("on march 9th", "2031-03-09"));
  EXPECT_TRUE(SaysDate("on the 9th of march", "2031-03-09"));
  EXPECT_TRUE(SaysDate("one week after 2031-03-01", "2031-03-08"));
  EXPECT_TRUE(SaysDate("the day before 1 march 2031", "2031-02-28"));
  EXPECT_FALSE(SaysDate("on 9 march 2030", "2031-03-09"));
  EXPECT_FALSE(SaysDate("on 9 april 2031", "2031-03-09"));
  EXPECT_FALSE(SaysDate("one week after 2031-03-01", "2031-03-09"));
  EXPECT_FALSE(SaysDate("on 9 march 2031", "the ninth"));
}

TEST(SaidOtherwise, KnowsTheCalendar) {
  EXPECT_TRUE(IsOfTheCalendar("sunday"));
  EXPECT_TRUE(IsOfTheCalendar("march"));
  EXPECT_FALSE(IsOfTheCalendar("someday"));
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

}  // namespace
}  // namespace sca::task
