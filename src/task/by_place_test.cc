#include "task/by_place.h"

#include <gtest/gtest.h>

namespace sca::task {
namespace {

TEST(ByPlace, IsAnIndexWithoutAnyChoice) {
  EXPECT_TRUE(TakesByPlace("answer = loans_of('M05')[0]['copy']"));
  EXPECT_TRUE(TakesByPlace("loans = loans_of('M05')\nanswer = loans[-1]"));
  EXPECT_TRUE(TakesByPlace("answer = [loans_of('M05')[0]]"));
}

TEST(ByPlace, IsNoListOfOneNumberNoKeyAndNoSlice) {
  EXPECT_FALSE(TakesByPlace("answer = [0]"));
  EXPECT_FALSE(TakesByPlace("[0]"));
  EXPECT_FALSE(TakesByPlace("answer = -1"));
  EXPECT_FALSE(TakesByPlace("answer = copy_of('K11')['shelf']"));
  EXPECT_FALSE(TakesByPlace("answer = loans[1:]"));
  EXPECT_FALSE(TakesByPlace(""));
}

TEST(ByPlace, IsNoneWhereTheCodeChoosesByWhatAThingIs) {
  EXPECT_FALSE(TakesByPlace("answer = [x for x in loans if x['title'] == 'Emma'][0]"));
  EXPECT_FALSE(TakesByPlace("answer = sorted(loans)[0]"));
  EXPECT_FALSE(TakesByPlace("answer = len(loans_of('M05')[0])"));
}

TEST(ByPlace, MayBeWhatTheInstructionAsksFor) {
  EXPECT_TRUE(SpeaksOfPlace("Which is the first loan?"));
  EXPECT_TRUE(SpeaksOfPlace("Name any loan."));
  EXPECT_TRUE(SpeaksOfPlace("Which loan ends soonest?"));
  EXPECT_FALSE(SpeaksOfPlace("Which loan does M05 have?"));
}

}  // namespace
}  // namespace sca::task
