#include "domain/recipe.h"

#include <gtest/gtest.h>

namespace sca {
namespace {

TEST(Recipe, ComesBackFromItsOwnToml) {
  const Recipe recipe =
      ParseRecipe("", "test", {"env.path=kitchen", "gates.equivalents=[\"numbers\"]"}).value();

  const Recipe again = ParseRecipe(recipe.ToToml(), "again", {}).value();

  EXPECT_EQ(again.ToJson(), recipe.ToJson());
  EXPECT_TRUE(again.gates.Tries("numbers"));
  EXPECT_FALSE(again.gates.Tries("call_order"));
}

TEST(Recipe, AsksNobodyForApprovalUnlessToldTo) {
  EXPECT_FALSE(ParseRecipe("", "test", {"env.path=kitchen"}).value().gates.approval);
  EXPECT_TRUE(ParseRecipe("[gates]\napproval = true\n", "test", {"env.path=kitchen"})
                  .value()
                  .gates.approval);
  EXPECT_EQ(ParseRecipe("", "test", {"env.path=kitchen", "gates.approval=Ann"}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST(Recipe, RefusesAnEquivalentThatDoesNotExist) {
  const auto recipe =
      ParseRecipe("", "test", {"env.path=kitchen", "gates.equivalents=[\"colours\"]"});

  ASSERT_FALSE(recipe.ok());
  EXPECT_EQ(recipe.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(recipe.error().message.find("numbers_for_text"), std::string::npos)
      << recipe.error().message;
}

}  // namespace
}  // namespace sca
