// What calls names that nobody has, and what only looks so; over the library.

#include <gtest/gtest.h>

#include <string>

#include "task/gate_fixture.h"

namespace sca::task {
namespace {

struct Library {
  static constexpr const char* kFolder = "tests/defects/library";
};
struct Shop {
  static constexpr const char* kFolder = "environments/shop";
};

class CompilesTest : public GateFixture<Library> {
 protected:
  static Finding Judge(const std::string& solution) {
    return JudgeBy(JudgeCompiles, "Do it.", solution, "def evaluate(answer):\n    return True");
  }
};

TEST_F(CompilesTest, NamesAFunctionThatNobodyHas) {
  const Finding finding = Judge("answer = fine_of(\"M01\")");

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("The solution calls what is neither a tool"), std::string::npos);
  EXPECT_NE(finding.evidence.find("fine_of"), std::string::npos) << finding.evidence;
}

TEST_F(CompilesTest, SaysWhichLineCallsIt) {
  EXPECT_NE(Judge("first = 1\n\nanswer = fine_of(first)").evidence.find("line 3: NameError"),
            std::string::npos);
}

TEST_F(CompilesTest, LendsNoNameOfItsOwn) {
  for (const char* name : {"parts", "sca", "check", "ast"}) {
    EXPECT_FALSE(Judge(std::string("answer = ") + name + "(1)").passed) << name;
  }
}

TEST_F(CompilesTest, WantsAnEvaluate) {
  const Finding finding =
      JudgeBy(JudgeCompiles, "Do it.", "answer = 1", "def check(answer):\n    return answer == 1");

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("defines no evaluate"), std::string::npos) << finding.evidence;
  EXPECT_TRUE(
      JudgeBy(JudgeCompiles, "Do it.", "answer = 1", "evaluate = lambda answer: answer == 1")
          .passed);
}

TEST_F(CompilesTest, KnowsWhatCodeBindsItself) {
  for (const char* code : {
           "from math import *\nanswer = sqrt(4)",
           "import math as m, json\nanswer = m.sqrt(4) + len(json.dumps([]))",
           "def half(x):\n    return x / 2\nanswer = half(4)",
           "answer = (lambda call: call(4))(abs)",
           "half = abs\nanswer = half(4)",
           "for call in [abs]:\n    answer = call(-4)",
           "if True:\n    pass\n(a, b) = (1, 2)\nanswer = a",
           "try:\n    pass\nexcept (ValueError, ToolError) as error:\n    raise\nanswer = 1",
       }) {
    const Finding finding = Judge(code);
    EXPECT_TRUE(finding.passed) << code << ": " << finding.evidence;
  }
}

TEST_F(CompilesTest, TakesCodeThatIsNoPythonAndSaysWhichPart) {
  for (const std::string& code : {std::string("answer = ("), std::string(4000, '('),
                                  std::string("return 5"), std::string("answer = 1\0", 11)}) {
    const Finding finding = Judge(code);
    EXPECT_FALSE(finding.passed);
    EXPECT_EQ(finding.evidence.rfind("The solution does not compile: ", 0), 0U) << finding.evidence;
  }
}

class CompilesWithoutAnswersTest : public GateFixture<Shop> {
 protected:
  static bool Passes(const std::string& signature) {
    return JudgeBy(JudgeCompiles, "Do it.", "cancel_order(\"A130\")",
                   "def " + signature + ":\n    return True")
        .passed;
  }
};

TEST_F(CompilesWithoutAnswersTest, LetEvaluateTakeNoneThatIsNotGiven) {
  EXPECT_TRUE(Passes("evaluate()"));
  EXPECT_TRUE(Passes("evaluate(answer: object = None)"));
  EXPECT_FALSE(Passes("evaluate(answer)"));
}

}  // namespace
}  // namespace sca::task
