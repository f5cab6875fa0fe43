#include "task/agreement.h"

#include <optional>
#include <string>

#include "task/gate.h"
#include "task/mutants.h"

namespace sca::task {
namespace {

// The state after these calls; none where one of them fails, which is then no way at all. One that
// was refused before has no result, and changed nothing.
Result<std::optional<std::string>> StateAfter(const std::vector<Trace::Call>& writes,
                                              const env::Environment& environment) {
  const auto episode = SCA_TRY(environment.Start(0));
  for (const Trace::Call& call : writes) {
    if (call.result_json.empty()) continue;
    if (SCA_TRY(episode->CallTool(call.tool, call.arguments_json)).failed) {
      return std::optional<std::string>();
    }
  }
  return std::optional(SCA_TRY(episode->StateHash()));
}

}  // namespace

Trace TraceOf(const Trajectory& trajectory) {
  Trace trace;
  trace.answer_json = trajectory.answer.value_or("");
  for (const Turn& turn : trajectory.turns) {
    if (!turn.calls.is_array()) continue;
    for (const Json& call : turn.calls) {
      if (!call.is_object() || GetBoolOr(call, "failed", false)) continue;
      trace.calls.push_back({GetStringOr(call, "tool", ""), GetStringOr(call, "arguments", ""),
                             GetStringOr(call, "result", "")});
    }
  }
  return trace;
}

Result<Agreement> AgreementOf(std::span<const Trajectory> attempts, const Trace& solution,
                              const env::Environment& environment) {
  Agreement agreement;
  const std::vector<Trace::Call> writes = WriteCalls(solution, environment.tools());
  std::optional<std::string> state;  // Of the solution; asked for once, and only if needed.
  for (const Trajectory& attempt : attempts) {
    if (!attempt.reward.has_value()) continue;
    ++agreement.attempts;
    if (!attempt.succeeded()) continue;
    const Trace trace = TraceOf(attempt);
    const bool same_trace = trace.Key() == solution.Key();
    if (!same_trace) {
      if (!IsSameAnswer(trace.answer_json, solution.answer_json)) continue;
      const std::vector<Trace::Call> others = WriteCalls(trace, environment.tools());
      if (!writes.empty() || !others.empty()) {
        if (!state.has_value()) state = SCA_TRY(StateAfter(writes, environment));
        if (SCA_TRY(StateAfter(others, environment)) != state) continue;
      }
      ++agreement.by_another_trace;
    }
    ++agreement.agreed;
  }
  return agreement;
}

}  // namespace sca::task
