#include "base/json.h"

#include <gtest/gtest.h>

namespace sca {
namespace {

Json Parse(std::string_view text) { return ParseJson(text).value(); }

TEST(Json, KeepsTheOrderOfKeysAndTheKindsOfNumbers) {
  EXPECT_EQ(DumpJson(Parse(R"({"b": 5, "a": 5.0})")), R"({"b":5,"a":5.0})");
}

TEST(Json, NamesTheTextThatIsNoJson) {
  const Result<Json> broken = ParseJson("{\"a\": ", "tasks.jsonl");

  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(broken.error().message.starts_with("tasks.jsonl is not valid JSON"));
}

TEST(Json, ReadsDeeplyNestedTextWithoutOverflowingTheStack) {
  EXPECT_TRUE(ParseJson(std::string(200'000, '[') + std::string(200'000, ']')).ok());
  EXPECT_FALSE(ParseJson(std::string(200'000, '[')).ok());
}

TEST(Json, ReadsOneValueALineSkipsEmptyLinesAndNamesABrokenOne) {
  const auto values = ParseJsonLines("1\n\n  \n\"two\"\r\n3", "numbers").value();
  const auto broken = ParseJsonLines("1\n\n{", "numbers");

  ASSERT_EQ(values.size(), 3U);
  EXPECT_EQ(values[1], "two");
  ASSERT_FALSE(broken.ok());
  EXPECT_NE(broken.error().message.find("numbers line 3"), std::string::npos);
}

TEST(Json, ReplacesInvalidUtf8InsteadOfFailing) {
  EXPECT_EQ(DumpJson(Json("a\xFF"
                          "b")),
            "\"a\xEF\xBF\xBD"
            "b\"");
}

TEST(Json, GivesMembersOfTheWantedType) {
  const Json object = Parse(R"({"s": "x", "i": -3, "n": 2.5, "b": true, "l": ["p", "q"]})");

  EXPECT_EQ(GetString(object, "s").value(), "x");
  EXPECT_EQ(GetInteger(object, "i").value(), -3);
  EXPECT_EQ(GetNumber(object, "n").value(), 2.5);
  EXPECT_EQ(GetNumber(object, "i").value(), -3.0);
  EXPECT_TRUE(GetBool(object, "b").value());
  EXPECT_EQ(GetStrings(object, "l").value(), (std::vector<std::string>{"p", "q"}));
}

TEST(Json, SaysWhichKeyIsMissingOrHasAnotherType) {
  const Json object = Parse(R"({"i": 1.5, "l": ["p", 3]})");

  EXPECT_EQ(GetString(object, "s").error().message, "The key \"s\" is missing.");
  EXPECT_EQ(GetInteger(object, "i").error().message,
            "The key \"i\" must be an integer, but is number.");
  EXPECT_EQ(GetStrings(object, "l").error().message,
            "The key \"l\" must be a list of strings, but is number.");
  EXPECT_EQ(GetString(Json::array(), "s").error().code, ErrorCode::kInvalidArgument);
}

TEST(Json, RefusesAnIntegerThatDoesNotFitIn64BitsWithSign) {
  const Json object = Parse(R"({"i": 18446744073709551615, "j": 9223372036854775807})");

  EXPECT_FALSE(GetInteger(object, "i").ok());
  EXPECT_EQ(GetIntegerOr(object, "i", 7), 7);
  EXPECT_EQ(GetInteger(object, "j").value(), INT64_MAX);
}

TEST(Json, GivesTheDefaultWhereAMemberIsMissingOrOfAnotherType) {
  const Json object = Parse(R"({"s": 1, "i": "x", "n": null, "b": 0})");

  EXPECT_EQ(GetStringOr(object, "s", "default"), "default");
  EXPECT_EQ(GetIntegerOr(object, "i", 4), 4);
  EXPECT_EQ(GetNumberOr(object, "n", 0.5), 0.5);
  EXPECT_TRUE(GetBoolOr(object, "b", true));
  EXPECT_EQ(GetIntegerOr(Json(3), "i", 4), 4);
}

TEST(Json, GivesAllStringsInTheirOrderWithOrWithoutKeys) {
  const Json json = Parse(R"({"b": ["x", {"a": "y"}], "c": 5, "d": "z"})");

  EXPECT_EQ(StringsIn(json, Keys::kLeftOut), (std::vector<std::string>{"x", "y", "z"}));
  EXPECT_EQ(StringsIn(json, Keys::kTaken),
            (std::vector<std::string>{"b", "x", "a", "y", "c", "d", "z"}));
  EXPECT_EQ(StringsIn(Parse("\"w\""), Keys::kTaken), (std::vector<std::string>{"w"}));
}

}  // namespace
}  // namespace sca
