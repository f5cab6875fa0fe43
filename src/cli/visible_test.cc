#include "cli/visible.h"

#include <gtest/gtest.h>

namespace sca::cli {
namespace {

TEST(Visible, LeavesTextAsItIs) {
  const std::string text = "caf\xC3\xA9 \xE2\x80\x93 \xF0\x9F\x8D\xB2\n\tanswer = 1";

  EXPECT_EQ(Visible(text), text);
}

TEST(Visible, SpellsOutWhatATerminalWouldObeyOrHide) {
  EXPECT_EQ(Visible("a\x1b[2Jb\rc"), "a\\x1b[2Jb\\x0dc");
  EXPECT_EQ(Visible("x\xE2\x80\xAEy\xE2\x80\x8Bz"), "x\\u202ey\\u200bz");
  EXPECT_EQ(Visible("\xC2\x9B"
                    "31m"),
            "\\u009b31m");
}

TEST(Visible, SpellsOutWhatIsDrawnAsNothing) {
  EXPECT_EQ(Visible("\xCD\x8F|\xE1\x85\x9F|\xE1\xA0\x8E|\xE2\xA0\x80"),
            "\\u034f|\\u115f|\\u180e|\\u2800");
  EXPECT_EQ(Visible("\xE3\x85\xA4|\xEF\xB8\x8F|\xEF\xBE\xA0|\xEF\xBF\xB9"),
            "\\u3164|\\ufe0f|\\uffa0|\\ufff9");
  EXPECT_EQ(Visible("\xF3\xA0\x81\x81"), "\\ue0041");
}

TEST(Visible, SpellsOutBytesThatAreNoText) {
  EXPECT_EQ(Visible("a\xff"), "a\\xff");
  EXPECT_EQ(Visible("\xC0\x9B"), "\\xc0\\x9b");  // A longer form of ESC.
  EXPECT_EQ(Visible("\xE2\x80"), "\\xe2\\x80");
}

}  // namespace
}  // namespace sca::cli
