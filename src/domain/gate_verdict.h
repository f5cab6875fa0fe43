// What one gate said of one candidate task, with the evidence a person would want to see.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace sca {

enum class Verdict { kPassed, kFailed, kSkipped };

std::string_view VerdictName(Verdict verdict);  // "passed", "failed", "skipped".

struct GateVerdict {
  std::string gate;  // A name of architecture section 6, for example "solution_passes".
  Verdict verdict = Verdict::kPassed;
  std::string evidence;  // A sentence: what was run and what came out.
  double milliseconds = 0;
  int isolation_level = 0;  // Of the processes that ran model code; see sandbox/isolation.

  Json ToJson() const;
  static Result<GateVerdict> FromJson(const Json& json);
};

// What all gates said of a task, in their order; the first failure ends the list.
struct TaskVerdict {
  std::vector<GateVerdict> gates;

  bool passed() const;
  const GateVerdict* first_failure() const;  // Null if there is none.
};

}  // namespace sca
