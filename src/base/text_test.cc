#include "base/text.h"

#include <gtest/gtest.h>

namespace sca {
namespace {

TEST(Text, TrimsWhiteSpaceAtBothEnds) {
  EXPECT_EQ(Trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(Trim(" \n "), "");
  EXPECT_EQ(Trim(""), "");
}

TEST(Text, SplitsLinesOfBothConventionsWithOrWithoutALastEnd) {
  const std::vector<std::string_view> expected{"a", "", "b"};

  EXPECT_EQ(SplitLines("a\n\nb"), expected);
  EXPECT_EQ(SplitLines("a\r\n\r\nb\r\n"), expected);
  EXPECT_TRUE(SplitLines("").empty());
}

TEST(Text, LowersAsciiLettersOnly) { EXPECT_EQ(Lowercase("ABz Ä9"), "abz Ä9"); }

TEST(Text, JoinsParts) {
  EXPECT_EQ(Join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(Join({}, ", "), "");
}

TEST(Text, ReplacesEveryOccurrenceOnce) {
  EXPECT_EQ(ReplaceAll("aXbX", "X", "XX"), "aXXbXX");
  EXPECT_EQ(ReplaceAll("abc", "", "x"), "abc");
}

TEST(Text, ShortensAtACharacterBoundary) {
  EXPECT_EQ(Shorten("kurz", 4), "kurz");
  EXPECT_EQ(Shorten("länger", 2), "l…");  // The second byte is the first half of ä.
  EXPECT_EQ(Shorten("länger", 3), "lä…");
  EXPECT_EQ(Shorten("\x80\x80\x80", 2), "…");  // No boundary at all.
}

TEST(Text, FillsEachSlotAndDoesNotLookIntoValues) {
  const auto filled = FillSlots("{{a}} and {{b}} and {{a}}", {{"a", "{{b}}"}, {"b", "2"}});

  EXPECT_EQ(filled.value(), "{{b}} and 2 and {{b}}");
}

TEST(Text, RefusesSlotsThatAreUnknownUnusedOrOpen) {
  EXPECT_EQ(FillSlots("{{b}}", {{"a", "1"}}).error().message, "The slot {{b}} is unknown.");
  EXPECT_EQ(FillSlots("text", {{"a", "1"}}).error().message,
            "The text has no slot {{a}}, which it needs.");
  EXPECT_EQ(FillSlots("{{a", {{"a", "1"}}).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace sca
