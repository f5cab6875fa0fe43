#include "task/said_dates.h"

#include <gtest/gtest.h>

#include "task/said_otherwise.h"

namespace sca::task {
namespace {

TEST(SaidDates, KnowsDatesInWordsAndFromOtherDates) {
  EXPECT_TRUE(SaysDate("the night of 9 march 2031", "2031-03-09"));
  EXPECT_TRUE(SaysDate("on march 9th", "2031-03-09"));
  EXPECT_TRUE(SaysDate("on 9 mar 2031", "2031-03-09"));
  EXPECT_TRUE(SaysDate("on 9.3.2031", "2031-03-09"));
  EXPECT_TRUE(SaysDate("on 03/09/2031", "2031-03-09"));
  EXPECT_FALSE(SaysDate("on 9.4.2031", "2031-03-09"));
  EXPECT_TRUE(SaysDate("on the 9th of march", "2031-03-09"));
  EXPECT_TRUE(SaysDate("from 10 to 17 august 2026", "2026-08-10"));
  EXPECT_TRUE(SaysDate("from the 10th to the 17th of august 2026", "2026-08-10"));
  EXPECT_TRUE(SaysDate("august 10-17, 2026", "2026-08-17"));
  EXPECT_FALSE(SaysDate("from 10 to 17 august 2026", "2026-08-18"));
  std::string many = "on the ";
  for (int count = 0; count < 200; ++count) many += "1st, june 2025 ";
  EXPECT_TRUE(SaysDate(many, "2025-06-01"));
  EXPECT_FALSE(SaysDate(many, "2025-06-02"));
  EXPECT_TRUE(SaysDate("in june 2025 (the 1st to the 14th)", "2025-06-14"));
  EXPECT_FALSE(SaysDate("in june 2025 (the 1st to the 14th)", "2025-06-15"));
  EXPECT_TRUE(SaysDate("one week after 2031-03-01", "2031-03-08"));
  EXPECT_TRUE(SaysDate("the day before 1 march 2031", "2031-02-28"));
  EXPECT_FALSE(SaysDate("on 9 march 2030", "2031-03-09"));
  EXPECT_FALSE(SaysDate("on 9 april 2031", "2031-03-09"));
  EXPECT_FALSE(SaysDate("one week after 2031-03-01", "2031-03-09"));
  EXPECT_FALSE(SaysDate("on 9 march 2031", "the ninth"));
}

TEST(SaidDates, KnowsTheEndsOfAMonthAndAYear) {
  CodeAsTask task;
  task.instruction = "How much rain fell in February 2028?";
  task.solution = "answer = sum(rain(\"2028-02-01\", \"2028-02-29\"))";
  const auto says = [&](const std::string& day) { return IsSaidByTheCalendar(task, {}, day); };

  EXPECT_TRUE(says("2028-02-01"));
  EXPECT_TRUE(says("2028-02-29"));
  task.solution = "answer = rain(\"2028-02-01\")";  // One day of it.
  EXPECT_FALSE(says("2028-02-01"));
  task.solution = "answer = sum(rain(\"2028-02-01\", \"2028-03-01\"))";
  EXPECT_TRUE(says("2028-03-01"));
  task.instruction = "How much rain fell in February 2027?";
  EXPECT_FALSE(says("2028-03-01"));
  task.instruction = "How much rain fell in 2027?";
  task.solution = "answer = sum(rain(\"2027-01-01\", \"2028-01-01\"))";
  EXPECT_TRUE(says("2027-01-01"));
  EXPECT_TRUE(says("2028-01-01"));
}

TEST(SaidDates, KnowsMonthsOfAYear) {
  EXPECT_TRUE(SaysMonth("in march 2031", "2031-03"));
  EXPECT_TRUE(SaysMonth("from 2031-01 to 2031-06", "2031-03"));
  EXPECT_TRUE(SaysMonth("from january to june 2031", "2031-03"));
  EXPECT_TRUE(SaysMonth("in the first quarter of 2031", "2031-03"));
  EXPECT_TRUE(SaysMonth("in the second half of 2031", "2031-07"));
  EXPECT_FALSE(SaysMonth("in march 2030", "2031-03"));
  EXPECT_FALSE(SaysMonth("from 2031-04 to 2031-06", "2031-03"));
  EXPECT_FALSE(SaysMonth("in the first quarter of 2031", "2031-04"));
  EXPECT_FALSE(SaysMonth("in 2031", "2031-03"));
}

TEST(SaidDates, KnowsTimesOfTheDayInWords) {
  EXPECT_TRUE(SaysTime("at 3 pm", "15:00"));
  EXPECT_TRUE(SaysTime("at 3:30 p.m. sharp", "15:30"));
  EXPECT_TRUE(SaysTime("at 8:30", "08:30"));
  EXPECT_TRUE(SaysTime("after 8.30 in the evening", "20:30"));
  EXPECT_TRUE(SaysTime("at nine o'clock", "09:00"));
  EXPECT_TRUE(SaysTime("at half past three", "15:30"));
  EXPECT_TRUE(SaysTime("at a quarter to nine", "20:45"));
  EXPECT_TRUE(SaysTime("at 10 minutes past 7", "07:10"));
  EXPECT_TRUE(SaysTime("before noon", "12:00"));
  EXPECT_TRUE(SaysTime("at 12 am", "00:00"));
  EXPECT_FALSE(SaysTime("at 3 pm", "03:00"));
  EXPECT_FALSE(SaysTime("at 8:30", "20:30"));
  EXPECT_FALSE(SaysTime("at 8:30", "08:35"));
  EXPECT_FALSE(SaysTime("it costs 8.30 euros", "08:30"));
  EXPECT_FALSE(SaysTime("from nine to ten", "09:10"));
  EXPECT_FALSE(SaysTime("at half past three", "16:30"));
  EXPECT_FALSE(SaysTime("at noon", "noon"));
}

TEST(SaidDates, KnowsTheCalendar) {
  EXPECT_TRUE(IsOfTheCalendar("sunday"));
  EXPECT_TRUE(IsOfTheCalendar("march"));
  EXPECT_FALSE(IsOfTheCalendar("someday"));
}

TEST(SaidDates, KnowsDaysAndNumbersBetween) {
  EXPECT_TRUE(SaysDate("from 2031-03-01 to 2031-03-10", "2031-03-04"));
  EXPECT_FALSE(SaysDate("from 2031-03-01 to 2031-03-10", "2031-03-11"));
  CodeAsTask task;
  task.instruction = "From 2021 to 2024, before 10 September, in kilograms: over 5 kilograms.";
  task.solution = "for year in range(2021, 2025):\n    pass";
  const std::set<double> said = NumbersSaid(task, Trace(), {});

  for (const double number : {2022.0, 2025.0, 9.0, 5000.0}) EXPECT_TRUE(said.contains(number));
  EXPECT_FALSE(said.contains(2026));
  EXPECT_FALSE(said.contains(8));
}

}  // namespace
}  // namespace sca::task
