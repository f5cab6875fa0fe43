// Verification that writes, would write, or changes what it is given; over the library.

#include <gtest/gtest.h>

#include <string>

#include "task/gate_fixture.h"

namespace sca::task {
namespace {

struct PureLibrary {
  static constexpr const char* kFolder = "tests/defects/library";
};

class PureTest : public GateFixture<PureLibrary> {
 protected:
  // `body` of evaluate(answer), without its indentation.
  static Finding Judge(const std::string& body) {
    return JudgeBy(JudgePure, "Which copies of Emma are there?", "answer = copies_of(\"Emma\")",
                   "def evaluate(answer):\n    " + body);
  }
};

TEST_F(PureTest, NamesAWriteToolThatIsNotReached) {
  const Finding finding = Judge("return answer == [] and pay(\"M01\", 1.0) > 0");

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("evaluate calls pay"), std::string::npos) << finding.evidence;
}

TEST_F(PureTest, TakesMethodsOfTheSameNameForWhatTheyAre) {
  EXPECT_TRUE(Judge("return answer.reserve() if False else True").passed);
}

TEST_F(PureTest, FindsAnAnswerThatIsUsedUpButNotACopy) {
  EXPECT_FALSE(Judge("answer.remove(\"K11\"); return answer == [\"K12\"]").passed);
  EXPECT_TRUE(
      Judge("answer = list(answer); answer.remove(\"K11\"); return answer == [\"K12\"]").passed);
  EXPECT_TRUE(Judge("rest = list(answer); rest.pop(); return rest == [\"K11\"]").passed);
  EXPECT_FALSE(Judge("answer = list(answer) if isinstance(answer, tuple) else answer; "
                     "answer.sort(); return answer == [\"K11\", \"K12\"]")
                   .passed);
  EXPECT_TRUE(Judge("return sorted(answer) == [\"K11\", \"K12\"]").passed);
}

}  // namespace
}  // namespace sca::task
