#include "domain/gate_verdict.h"

#include <gtest/gtest.h>

namespace sca {
namespace {

TEST(GateVerdict, ComesBackFromItsJsonWithEachVerdict) {
  for (const Verdict verdict : {Verdict::kPassed, Verdict::kFailed, Verdict::kSkipped}) {
    const GateVerdict gate{.gate = "idle_rejected",
                           .verdict = verdict,
                           .evidence = "evaluate() gave False.",
                           .milliseconds = 2.5,
                           .isolation_level = 3};

    const GateVerdict back = GateVerdict::FromJson(gate.ToJson()).value();

    EXPECT_EQ(back.verdict, verdict);
    EXPECT_EQ(back.ToJson(), gate.ToJson());
  }
}

// A word that is not known must never let a task pass.
TEST(GateVerdict, TakesAnUnknownVerdictForAFailure) {
  const Json json = {{"gate", "novel"}, {"verdict", "Passed!"}};

  EXPECT_EQ(GateVerdict::FromJson(json).value().verdict, Verdict::kFailed);
}

TEST(GateVerdict, IsRefusedWithoutGateOrVerdict) {
  EXPECT_EQ(GateVerdict::FromJson({{"gate", "novel"}}).error().message,
            "The key \"verdict\" is missing.");
  EXPECT_EQ(GateVerdict::FromJson(Json(3)).error().code, ErrorCode::kInvalidArgument);
}

TEST(TaskVerdict, PassesWhereNoGateFailedAndNamesTheFirstThatDid) {
  TaskVerdict verdict{{{.gate = "parses", .verdict = Verdict::kPassed},
                       {.gate = "policy", .verdict = Verdict::kSkipped}}};
  EXPECT_TRUE(verdict.passed());
  EXPECT_EQ(verdict.first_failure(), nullptr);

  verdict.gates.push_back({.gate = "pure", .verdict = Verdict::kFailed});
  verdict.gates.push_back({.gate = "novel", .verdict = Verdict::kFailed});
  EXPECT_FALSE(verdict.passed());
  EXPECT_EQ(verdict.first_failure()->gate, "pure");
}

}  // namespace
}  // namespace sca
