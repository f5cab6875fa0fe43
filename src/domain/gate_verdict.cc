#include "domain/gate_verdict.h"

namespace sca {

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return "passed";
    case Verdict::kFailed:
      return "failed";
    case Verdict::kSkipped:
      return "skipped";
  }
  return "failed";
}

Json GateVerdict::ToJson() const {
  return {{"gate", gate},
          {"verdict", VerdictName(verdict)},
          {"evidence", evidence},
          {"milliseconds", milliseconds},
          {"isolation_level", isolation_level}};
}

Result<GateVerdict> GateVerdict::FromJson(const Json& json) {
  GateVerdict gate_verdict;
  gate_verdict.gate = SCA_TRY(GetString(json, "gate"));
  const std::string name = SCA_TRY(GetString(json, "verdict"));
  gate_verdict.verdict = name == "passed"    ? Verdict::kPassed
                         : name == "skipped" ? Verdict::kSkipped
                                             : Verdict::kFailed;
  gate_verdict.evidence = GetStringOr(json, "evidence", "");
  gate_verdict.milliseconds = GetNumberOr(json, "milliseconds", 0);
  gate_verdict.isolation_level = static_cast<int>(GetIntegerOr(json, "isolation_level", 0));
  return gate_verdict;
}

bool TaskVerdict::passed() const { return first_failure() == nullptr; }

const GateVerdict* TaskVerdict::first_failure() const {
  for (const GateVerdict& gate : gates) {
    if (gate.verdict == Verdict::kFailed) return &gate;
  }
  return nullptr;
}

}  // namespace sca
