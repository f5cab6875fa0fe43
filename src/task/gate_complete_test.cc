// What an instruction must say, over the shop: ids that can be found out, and which one is meant.

#include <gtest/gtest.h>

#include <string>

#include "task/gate_fixture.h"
#include "task/reach.h"
#include "task/referent.h"

namespace sca::task {
namespace {

struct CompleteShop {
  static constexpr const char* kFolder = "environments/shop";
};

class CompleteTest : public GateFixture<CompleteShop> {
 protected:
  static Finding Judge(const std::string& instruction, const std::string& solution) {
    return JudgeBy(JudgeComplete, instruction, solution, "def evaluate():\n    return True");
  }
};

TEST_F(CompleteTest, FindsAnOrderByItsCustomerAndItem) {
  const Finding finding =
      Judge("Customer C02 wants the office chair cancelled.", "cancel_order(\"A104\")");

  EXPECT_TRUE(finding.passed) << finding.evidence;
  EXPECT_NE(finding.evidence.find("C02 → list_orders → A104, whose item is \"office chair\""),
            std::string::npos)
      << finding.evidence;
}

TEST_F(CompleteTest, FindsAnAddressTwoCallsAway) {
  const Finding finding = Judge("Send A111 to the home of the customer who ordered A106.",
                                "change_address(\"A111\", \"9 Park Avenue\")");

  EXPECT_TRUE(finding.passed) << finding.evidence;
}

TEST_F(CompleteTest, DoesNotFindWhatNoCallLeadsTo) {
  const Finding finding = Judge("Cancel an order.", "cancel_order(\"A104\")");

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("\"A104\""), std::string::npos) << finding.evidence;
}

TEST_F(CompleteTest, TurnsAwayOneOfTwoPlacedOrders) {
  for (const std::string solution :
       {"cancel_order(\"A136\")",
        "for order in list_orders(\"C16\"):\n    if get_order(order)[\"status\"] == \"placed\":\n"
        "        cancel_order(order)\n        break"}) {
    const Finding finding = Judge("C16 wants an order cancelled.", solution);

    EXPECT_FALSE(finding.passed) << solution;
    EXPECT_NE(finding.evidence.find("A137"), std::string::npos) << finding.evidence;
  }
}

TEST_F(CompleteTest, TakesTheOnlyOrderThatTheToolWouldAccept) {
  const Finding finding = Judge("C02 wants the order cancelled.", "cancel_order(\"A104\")");

  EXPECT_TRUE(finding.passed) << finding.evidence;
}

TEST_F(CompleteTest, TakesOrdersThatAreAllTreatedAlike) {
  const Finding finding =
      Judge("Cancel both placed orders of C16.", "cancel_order(\"A136\")\ncancel_order(\"A137\")");

  EXPECT_TRUE(finding.passed) << finding.evidence;
}

TEST_F(CompleteTest, TellsOrdersApartByRankAndBound) {
  EXPECT_TRUE(Judge("Cancel the dearest order of C16.", "cancel_order(\"A136\")").passed);
  EXPECT_TRUE(Judge("C16 cancels orders above 50 euros.", "cancel_order(\"A136\")").passed);
  EXPECT_FALSE(Judge("C16 cancels an order for 50 euros.", "cancel_order(\"A136\")").passed);
}

TEST_F(CompleteTest, TurnsAwayAnotherThingThanTheInstructionNames) {
  const Finding finding = Judge("Cancel the order A105 of customer C02.", "cancel_order(\"A104\")");
  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("A104"), std::string::npos) << finding.evidence;
}

TEST_F(CompleteTest, WantsOneOfSeveralConstantsSaid) {
  EXPECT_FALSE(Judge("Take A106 back.", "return_order(\"A106\", \"damaged\")").passed);
  EXPECT_TRUE(
      Judge("Take A106 back, I changed my mind.", "return_order(\"A106\", \"changed mind\")")
          .passed);
}

TEST_F(CompleteTest, DoesNotTakeAPartOfAnIdForTheId) {
  EXPECT_FALSE(Judge("Cancel A1040.", "cancel_order(\"A104\")").passed);
}

TEST_F(CompleteTest, TakesOtherFormsOfAConstantThatADescriptionOffers) {
  EXPECT_TRUE(
      Judge("A106 has damage, take it back.", "return_order(\"A106\", \"damaged\")").passed);
  EXPECT_FALSE(Judge("A106 is ugly, take it back.", "return_order(\"A106\", \"damaged\")").passed);
}

// Over a library, whose lists of copies and loans the solutions read.
struct CompleteLibrary {
  static constexpr const char* kFolder = "tests/defects/library";
};

class PlacesTest : public GateFixture<CompleteLibrary> {
 protected:
  // `expected` is what evaluate compares the answer with.
  static Finding Judge(const std::string& instruction, const std::string& solution,
                       const std::string& expected) {
    return JudgeBy(JudgeComplete, instruction, solution,
                   "def evaluate(answer):\n    return answer in [" + expected + "]");
  }
};

TEST_F(PlacesTest, TurnsAwayOneOfTwoThatIsReadByItsPlace) {
  for (const std::string solution : {"answer = copy_of(copies_of(\"Emma\")[0])[\"status\"]",
                                     "for copy in copies_of(\"Emma\"):\n    found = copy_of(copy)\n"
                                     "    if found[\"author\"] == \"Austen\":\n        answer = "
                                     "found[\"status\"]\n        break"}) {
    const Finding finding = Judge("Emma by Austen: what is its status?", solution, "\"lent\"");

    EXPECT_FALSE(finding.passed) << solution;
    EXPECT_NE(finding.evidence.find("\"K12\" where the list is in another order"),
              std::string::npos)
        << finding.evidence;
  }
}

TEST_F(PlacesTest, TurnsAwayOneOfTwoRecords) {
  const Finding finding =
      Judge("How long may M03 keep it?", "answer = loans_of(\"M03\")[0][\"days_left\"]", "12");

  EXPECT_FALSE(finding.passed);
}

TEST_F(PlacesTest, TakesOneThatTheInstructionTellsApart) {
  EXPECT_TRUE(Judge("What is the status of the first copy of Emma?",
                    "answer = copy_of(copies_of(\"Emma\")[0])[\"status\"]", "\"lent\"")
                  .passed);
  EXPECT_TRUE(
      Judge("How long may M03 keep Ulysses?", "answer = loans_of(\"M03\")[0][\"days_left\"]", "12")
          .passed);
}

TEST_F(PlacesTest, TakesOneOfSeveralWhereEvaluateAcceptsEach) {
  EXPECT_TRUE(
      Judge("Name a copy of Emma.", "answer = copies_of(\"Emma\")[0]", "\"K11\", \"K12\"").passed);
  EXPECT_FALSE(Judge("Name a copy of Emma.", "answer = copies_of(\"Emma\")[0]", "\"K11\"").passed);
}

TEST(Referent, HoldsAWholeNameAgainstAPartOfAnother) {
  const Json printer = {{"item", "printer"}};
  const Json paper = {{"item", "printer paper"}};
  const auto apart = [](const std::string& instruction, const Json& meant, const Json& other) {
    return Referent(instruction).TellsApart(meant, other, {meant, other});
  };

  EXPECT_TRUE(apart("Cancel the printer.", printer, paper));
  EXPECT_TRUE(apart("Cancel the printer paper.", paper, printer));
  EXPECT_FALSE(apart("Cancel the thing.", paper, printer));
  EXPECT_TRUE(apart("Cancel everything but the printer paper.", printer, paper));
}

TEST(Referent, TakesTheOneWithMore) {
  const Json large = {{"people", 6}};
  const Json small = {{"people", 2}};
  const auto apart = [&](const std::string& instruction) {
    return Referent(instruction).TellsApart(large, small, {large, small});
  };

  EXPECT_TRUE(apart("Cancel the one with more people."));
  EXPECT_FALSE(apart("Cancel the one, for 3 days more."));
}

TEST(Referent, TakesOfWhatIsFarOnlyWholeTexts) {
  const Json map = {{"object", "O1"},
                    {"→object", {{"title", "Map of the Salt Road"}, {"room", 3}}}};
  const Json globe = {{"object", "O2"}, {"→object", {{"title", "Globe of the Salt"}, {"room", 4}}}};
  const auto apart = [&](const std::string& instruction) {
    return Referent(instruction).TellsApart(map, globe, {map, globe});
  };

  EXPECT_TRUE(apart("Approve the request for the Map of the Salt Road."));
  EXPECT_FALSE(apart("Approve the request for the map in room 3."));
}

TEST(StandingsIn, GivesTheValuesOfOneKeySiblings) {
  const auto result =
      ParseJson(R"([{"copy": "K1", "title": "Emma"}, {"copy": "K2", "title": "Kim"}])");

  const std::vector<Reached> standings = StandingsIn(*result);

  ASSERT_EQ(standings.size(), 4U);
  EXPECT_EQ(standings[0].standing.value, "K1");
  ASSERT_EQ(standings[0].siblings.size(), 1U);
  EXPECT_EQ(standings[0].siblings[0].value, "K2");
  EXPECT_EQ(standings[0].siblings[0].around->at("title"), "Kim");
}

TEST_F(PlacesTest, TakesTheNumberOfThingsThatAreNamedAsSaid) {
  const std::string mean =
      "answer = (member_of(\"M04\")[\"fine\"] + member_of(\"M05\")[\"fine\"] + "
      "member_of(\"M06\")[\"fine\"]) / 3";

  EXPECT_TRUE(Judge("What do M04, M05 and M06 owe on average?", mean, "answer").passed);
}

}  // namespace
}  // namespace sca::task
