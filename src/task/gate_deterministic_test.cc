// What differs from process to process: hashes and the order of sets; over the library.

#include <gtest/gtest.h>

#include <string>

#include "task/gate_fixture.h"

namespace sca::task {
namespace {

struct DeterministicLibrary {
  static constexpr const char* kFolder = "tests/defects/library";
};

class DeterministicTest : public GateFixture<DeterministicLibrary> {
 protected:
  static Finding Judge(const std::string& solution, const std::string& evaluation) {
    return JudgeBy(JudgeDeterministic, "Which copies of Emma are there?", solution,
                   "def evaluate(answer):\n    return " + evaluation);
  }
};

TEST_F(DeterministicTest, FindsHashesAndIds) {
  EXPECT_FALSE(Judge("answer = hash(\"K11\")", "answer == hash(\"K11\")").passed);
  EXPECT_FALSE(Judge("answer = 1", "answer == 1 and id(answer) > 0").passed);
  EXPECT_TRUE(Judge("answer = 1", "answer == 1 and len(dict(id=1, hash=2)) == 2").passed);
}

TEST_F(DeterministicTest, FindsASolutionThatGoesByTheOrderOfASet) {
  for (const std::string taken :
       {"list({\"K11\", \"K12\"})[0]", "next(iter(set(copies_of(\"Emma\"))))",
        "\", \".join({copy for copy in copies_of(\"Emma\")})",
        "(set(copies_of(\"Emma\")) & {\"K11\", \"K12\"}).pop()",
        "max({\"K11\", \"K12\"}, key=len)"}) {
    const Finding finding = Judge("answer = " + taken, "bool(answer)");
    EXPECT_FALSE(finding.passed) << taken;
    EXPECT_NE(finding.evidence.find("a set gives"), std::string::npos) << finding.evidence;
  }
}

TEST_F(DeterministicTest, FindsAnEvaluateThatGoesByTheOrderOfASet) {
  const Finding finding = Judge("answer = 1", "list({\"K11\", \"K12\"}) == [\"K11\", \"K12\"]");

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("evaluate turns"), std::string::npos) << finding.evidence;
}

TEST_F(DeterministicTest, LetsSetsBeUsedForWhatHasNoOrder) {
  for (const std::string used :
       {"len({\"K11\", \"K12\"})", "sorted(set(copies_of(\"Emma\")))[0]", "list({\"K11\": 1})[0]",
        "sum({len(copy) for copy in copies_of(\"Emma\")})", "list(set(copies_of(\"Emma\")))"}) {
    EXPECT_TRUE(Judge("answer = " + used,
                      "len({1, 2} | {3}) == 3 and bool(list({answer if "
                      "isinstance(answer, int) else 1}))")
                    .passed)
        << used;
  }
}

}  // namespace
}  // namespace sca::task
