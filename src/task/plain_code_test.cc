// What counts as plain code, and so may share a process with other code of its candidate.

#include <gtest/gtest.h>

#include <string>

#include "task/judge.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

TEST(IsPlainCode, TakesCodeThatComputesAndCallsAndNothingElse) {
  for (const char* code :
       {"answer = price(\"sugar\") * 7", "def evaluate(answer):\n    return answer == 1.5",
        "names = [o for o in list_orders('C01') if get_order(o).get('status') == 'placed']",
        "answer = price('Möhren')  # Möhren", "answer = [1_000, 1.5, .5, 2., 3e-4, 1.5E6]",
        "try: x = float(answer)\nexcept (TypeError, ValueError): x = None"}) {
    EXPECT_TRUE(IsPlainCode(code)) << code;
  }
  for (const char* code :
       {"import math", "price.n = 1", "price.n, x = 1, 2", "for price.n in [1]: pass",
        "f\"{exec('x = 1')}\"", "x = ().__class__", "global n", "ToolError('x')",
        "match price:\n    case object(gi_frame=f):\n        f.clear()", "\uff45val('x = 1')",
        "def g():\n    try:\n        yield\n    finally:\n        price('x')",
        "type('X', (), {'_' '_del_' '_': price})", "\"{0.\\x5f_closure_\\x5f}\".format(price)",
        // Where Python and our tokens could differ.
        "answer = 0xe-eval('14')", "answer = 1if g.frame else 2", "x = 1 # c\reval('7')",
        "x = \"a\\\r\n\" ; eval('5') #\"", "g.\\\nframe", "f = g.frame\n(0)", "f = g.frame\n\"(\"",
        "del g.x # c\n(0)", "t\"{exec('x')}\"",
        // What tells code that it is not the first in its process.
        "x = list(map(id, [[], len]))", "try: x = bytes(9)\nexcept: x = 1",
        "try: x = bytes(9)\nexcept Exception: x = 1", "try: x = bytes(9)\nfinally: x = 1",
        "try: x = bytes(9)\nexcept ValueError.mro()[1]: x = 1"}) {
    EXPECT_FALSE(IsPlainCode(code)) << code;
  }
}

// Gates verify many answers, and may do so in one process. Whoever knew the first of them could
// accept it whatever it is, and be honest from then on.
TEST(IsPlainCode, LetsNoEvaluateTellItsFirstCallFromLaterOnes) {
  const auto kitchen =
      env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/environments/kitchen").value();
  const auto first_failure = [&](const std::string& body) {
    CodeAsTask task;
    task.id = "sugar";
    task.instruction = "What do 7 kilograms of sugar cost in euros?";
    task.solution = "answer = price_per_kilogram(\"sugar\") * 7";
    task.failure_cases = {"answer = price_per_kilogram(\"sugar\")", "answer = 12", "answer = -1"};
    task.evaluation_function =
        "def evaluate(answer):\n    right = isinstance(answer, (int, float)) and "
        "abs(answer - price_per_kilogram(\"sugar\") * 7) < 0.01\n" +
        body;
    const TaskReport report = JudgeTask(task, *kitchen, {}, {}, 3).value();
    const GateVerdict* failure = report.verdict.first_failure();
    return failure == nullptr ? "none" : failure->gate;
  };

  EXPECT_EQ(first_failure("    return right"), "none");
  EXPECT_EQ(first_failure("    g = (x for x in [1])\n    frame = g.gi_frame\n    (0)\n"
                          "    names = frame.f_builtins\n    (0)\n"
                          "    first = \"seen\" not in names\n    names[\"seen\"] = 1\n"
                          "    return first or right"),
            "failures_rejected");
  EXPECT_EQ(first_failure("    try:\n        hoard = bytes(600000000)\n        loop = [hoard]\n"
                          "        loop.append(loop)\n    except MemoryError:\n"
                          "        return right\n    return True"),
            "failures_rejected");
}

}  // namespace
}  // namespace sca::task
