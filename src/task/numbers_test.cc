#include "task/numbers.h"

#include <gtest/gtest.h>

namespace sca::task {
namespace {

TEST(NumbersIn, ReadsDigitsAndWords) {
  EXPECT_EQ(NumbersIn("1,200 euros and 3.5 kilograms"), (std::set<double>{3.5, 1200}));
  EXPECT_EQ(NumbersIn("twenty-five cups"), (std::set<double>{25}));
  EXPECT_EQ(NumbersIn("two hundred and fifty grams for thirteen"), (std::set<double>{13, 250}));
  EXPECT_EQ(NumbersIn("three thousand two hundred"), (std::set<double>{3200}));
  EXPECT_EQ(NumbersIn("half a dozen"), (std::set<double>{0.5, 2, 12}));
  EXPECT_EQ(NumbersIn("repaired"), std::set<double>());
}

TEST(NumbersImpliedBy, ReckonsWithShares) {
  for (const double number : {0.05, 1.05, 0.95, 105.0, 95.0}) {
    EXPECT_TRUE(Contains(NumbersImpliedBy("It gets 5 percent dearer."), number)) << number;
    EXPECT_TRUE(Contains(NumbersImpliedBy("5% off"), number)) << number;
    EXPECT_TRUE(Contains(NumbersImpliedBy("five per cent"), number)) << number;
  }
  EXPECT_TRUE(Contains(NumbersImpliedBy("two thirds of it"), 2.0 / 3));
  EXPECT_TRUE(Contains(NumbersImpliedBy("three quarters"), 0.75));
  EXPECT_TRUE(Contains(NumbersImpliedBy("3/8 of a cup"), 0.375));
  EXPECT_TRUE(Contains(NumbersImpliedBy("4 people, a child at half the price"), 3.5));
}

TEST(NumbersImpliedBy, ReckonsWithUnits) {
  EXPECT_TRUE(Contains(NumbersImpliedBy("How many hours?"), 60));
  EXPECT_TRUE(Contains(NumbersImpliedBy("for two weeks"), 14));
  EXPECT_TRUE(Contains(NumbersImpliedBy("an hour and a half"), 90));
  EXPECT_TRUE(Contains(NumbersImpliedBy("two and a half hours"), 150));
  EXPECT_TRUE(Contains(NumbersImpliedBy("three dozen"), 36));
}

TEST(NumbersImpliedBy, GivesNothingOfWhatIsNotSaid) {
  EXPECT_EQ(NumbersImpliedBy("How many days are left of K13?"), std::set<double>());
  EXPECT_EQ(NumbersImpliedBy("How high is the tax on it?"), std::set<double>());
  EXPECT_FALSE(Contains(NumbersImpliedBy("It gets 5 percent dearer."), 1.15));
}

TEST(ConversionsOf, KnowsUnitsInThePlural) {
  EXPECT_EQ(ConversionsOf("Minutes of a walk."), (std::set<double>{60}));
  EXPECT_EQ(ConversionsOf("night_hours: Hours."), (std::set<double>{24, 60, 3600}));
  EXPECT_EQ(ConversionsOf("The minute of a second."), std::set<double>());
}

TEST(Numbers, WholeOnesStandAlone) {
  EXPECT_EQ(WholeNumbersIn("Write 4 bicycles on B15, and (12) more."), (std::set<double>{4, 12}));
  EXPECT_TRUE(WholeNumbersIn("For 2.50 at 9:30, 1,200 of A104.").empty());
}

}  // namespace
}  // namespace sca::task
