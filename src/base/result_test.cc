#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace sca {
namespace {

Result<int> Half(int number) {
  if (number % 2 != 0) return Error{ErrorCode::kInvalidArgument, "The number is odd."};
  return number / 2;
}

Result<int> Quarter(int number) { return SCA_TRY(Half(SCA_TRY(Half(number)))); }

Status CheckEven(int number) {
  SCA_TRY(Half(number));
  return {};
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> value = Half(8);
  const Result<int> error = Half(7);

  ASSERT_TRUE(value.ok());
  EXPECT_EQ(*value, 4);
  ASSERT_FALSE(error.ok());
  EXPECT_EQ(error.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(error.error().message, "The number is odd.");
}

TEST(Result, TryGivesTheValueOrPassesTheErrorUpAlsoWithinAnotherTry) {
  EXPECT_EQ(Quarter(12).value(), 3);
  EXPECT_EQ(Quarter(6).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Quarter(5).error().code, ErrorCode::kInvalidArgument);
}

TEST(Result, StatusIsSuccessUntilAnErrorIsReturned) {
  EXPECT_TRUE(CheckEven(2).ok());
  EXPECT_EQ(CheckEven(1).error().message, "The number is odd.");
}

TEST(Result, MovesAValueThatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);

  const std::unique_ptr<int> taken = std::move(result).value();

  EXPECT_EQ(*taken, 5);
}

TEST(Result, PutsWhatWasBeingDoneInFrontAndKeepsTheCode) {
  const Error error = WithContext({ErrorCode::kNotFound, "No such file."}, "Loading kitchen");

  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_EQ(error.message, "Loading kitchen: No such file.");
}

TEST(Result, NamesEveryCodeDifferently) {
  EXPECT_EQ(ErrorCodeName(ErrorCode::kOutOfSpace), "out of space");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kInternal), "internal");
  EXPECT_EQ(ErrorCodeName(ErrorCode::kDataLoss), "data loss");
}

TEST(ResultDeathTest, TakingTheValueOfAnErrorIsABugAndSaysWhich) {
  EXPECT_DEATH(static_cast<void>(Half(7).value()), "bug: The number is odd.");
}

TEST(CheckDeathTest, EndsTheProcessOnABrokenPreconditionAndNamesIt) {
  EXPECT_DEATH(SCA_CHECK(1 + 1 == 3), "result_test.cc:[0-9]+: bug: 1 \\+ 1 == 3");
}

}  // namespace
}  // namespace sca
