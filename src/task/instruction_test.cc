#include "task/instruction.h"

#include <gtest/gtest.h>

namespace sca::task {
namespace {

TEST(Instruction, TellsARankingFromThingsThatWereOrdered) {
  EXPECT_TRUE(AsksForARanking("Rank the finishers."));
  EXPECT_TRUE(AsksForARanking("List them from the fastest to the slowest."));
  EXPECT_TRUE(AsksForARanking("All names, sorted, please."));
  EXPECT_TRUE(AsksForARanking("The podium, gold first, then silver, then bronze."));
  EXPECT_FALSE(AsksForARanking("Which items were ordered by customer C02?"));
  EXPECT_TRUE(AsksForARanking("Their names, the cheaper first."));
  EXPECT_FALSE(AsksForARanking("Cancel order A101."));
  EXPECT_FALSE(AsksForARanking("Which members did the order first have?"));
}

TEST(Instruction, TellsAnOrderFromWhenAndWhenceAndByWhat) {
  EXPECT_TRUE(AsksForAnOrder("List the huts by their beds, then the inns."));
  EXPECT_TRUE(AsksForAnOrder("List the stops from the market to the castle."));
  EXPECT_TRUE(AsksForAnOrder("List the huts by the number of beds."));
  EXPECT_FALSE(AsksForAnOrder("Which huts are reached from Juniper Hut by one trail?"));
  EXPECT_FALSE(AsksForAnOrder("Take M20 back. Then list all ids in the cabinet."));
  EXPECT_TRUE(AsksForARanking("List the huts, beginning with the one that has the fewest beds."));
}

TEST(Instruction, TellsSuperlativesFromGuests) {
  EXPECT_TRUE(AsksForAnOrder("The two highest huts."));
  EXPECT_FALSE(AsksForAnOrder("Which bookings has its guest?"));
}

TEST(Instruction, KnowsIdsBetweenTwo) {
  EXPECT_TRUE(StandsInARange("One of the stations ST1 to ST6.", "st3"));
  EXPECT_FALSE(StandsInARange("One of the stations ST1 to ST6.", "st7"));
  EXPECT_FALSE(StandsInARange("One of the stations ST1 to ST6.", "sx3"));
  EXPECT_FALSE(StandsInARange("From P1 to Q6.", "p3"));
  EXPECT_FALSE(StandsInARange("P1 to P99999999999999", "p99999999999999"));
}

TEST(Instruction, KnowsAnOrderThatIsLeftFree) {
  EXPECT_TRUE(LeavesOrderFree("The two best months, in no particular order."));
  EXPECT_TRUE(LeavesOrderFree("List them; the order does not matter."));
  EXPECT_TRUE(LeavesOrderFree("Book both; it does not matter which comes first."));
  EXPECT_FALSE(SaysWhatComesFirst("Book both; it does not matter which comes first."));
  EXPECT_TRUE(LeavesOrderFree("The ids as a list, however sorted."));
  EXPECT_TRUE(LeavesOrderFree("A list (sequence unimportant) of both."));
  EXPECT_TRUE(LeavesOrderFree("List them, the order is up to you."));
  EXPECT_FALSE(LeavesOrderFree("List the stops; I do not mind which day it is."));
  EXPECT_TRUE(LeavesOrderFree("Their names as a list; I do not mind the order."));
  EXPECT_TRUE(LeavesOrderFree("Two things for today, whichever you do first."));
  EXPECT_FALSE(LeavesOrderFree("List them in order."));
  EXPECT_FALSE(SaysWhatComesFirst("Enter the first-aid training of both."));
  EXPECT_FALSE(SaysWhatComesFirst("Keep 10 seats. How many are then kept?"));
  EXPECT_FALSE(SaysWhatComesFirst("How many are free in S3 then, and in S4 afterwards?"));
  EXPECT_TRUE(SaysWhatComesFirst("Keep 10 seats, then 5."));
  EXPECT_TRUE(SaysWhatComesFirst("Move all and keep the order in which they were booked."));
  EXPECT_TRUE(SaysWhatComesFirst("Keep 10 seats, then 5: how many are left?"));
}

TEST(Instruction, TellsADemandForASequence) {
  EXPECT_TRUE(DemandsSequence("First move M10 and only after that M05."));
  EXPECT_TRUE(DemandsSequence("In exactly this order: sign P20 up, take P17 off."));
  EXPECT_FALSE(DemandsSequence("First move M10, then M05."));
}

TEST(Instruction, TellsAnyOrderFromAnyThing) {
  EXPECT_TRUE(LeavesChoice("Take any free room."));
  EXPECT_FALSE(LeavesChoice("A list of the ids in any order."));
}

TEST(Instruction, TellsPlacesFromTimes) {
  EXPECT_TRUE(SpeaksOfPlaces("Who was the last?"));
  EXPECT_TRUE(SpeaksOfPlaces("Whose bid came just before the winning one?"));
  EXPECT_FALSE(SpeaksOfPlaces("How many nights did it sell in June of last year?"));
  EXPECT_FALSE(SettlesTies("Which sold the most in June of last year?"));
}

TEST(Instruction, TellsPlacesFromVerbs) {
  EXPECT_FALSE(SpeaksOfPlaces("How many minutes does the work last?"));
  EXPECT_TRUE(SpeaksOfPlaces("How many minutes does the last work take?"));
  EXPECT_FALSE(AsksForAnOrder("Which plays last less than 100 minutes?"));
  EXPECT_TRUE(AsksForAnOrder("Which were the last at the market?"));
  EXPECT_TRUE(SpeaksOfPlaces("What is the start of line 4?"));
  EXPECT_FALSE(SpeaksOfPlaces("An adult wants to start in the race in May."));
}

TEST(Instruction, KnowsWhatLiesBetweenTwoMonthsOrDays) {
  EXPECT_TRUE(StandsInARange("What did H13 use from January to March?", "february"));
  EXPECT_TRUE(StandsInARange("Saturday through Monday", "sunday"));
  EXPECT_FALSE(StandsInARange("What did H13 use from January to March?", "april"));
  EXPECT_FALSE(StandsInARange("January and March", "february"));
  EXPECT_FALSE(StandsInARange("Monday to Friday", "tomorrow"));
}

TEST(Instruction, KnowsIdsThatAreRanked) {
  EXPECT_TRUE(RanksIds("Give P09 the free bed with the highest number."));
  EXPECT_FALSE(RanksIds("Give P09 the cheapest bed."));
}

TEST(Instruction, SpeaksOfTwoInManyWords) {
  EXPECT_TRUE(SpeaksOfTwo("A ticket there and back."));
  EXPECT_TRUE(SpeaksOfTwo("One for me and my wife."));
  EXPECT_FALSE(SpeaksOfTwo("A ticket to the airport."));
}

}  // namespace
}  // namespace sca::task
