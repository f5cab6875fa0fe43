#include "task/replay.h"

#include <fmt/format.h>

#include "base/text.h"

namespace sca::task {

Result<Replayed> Replay(const Trajectory& trajectory, const CodeAsTask& task,
                        const env::Environment& environment) {
  Replayed replayed;
  const auto episode = SCA_TRY(environment.Start(trajectory.seed));
  for (const Turn& turn : trajectory.turns) {
    if (!turn.calls.is_array()) continue;
    for (const Json& call : turn.calls) {
      if (!call.is_object()) continue;
      const std::string tool = GetStringOr(call, "tool", "");
      const env::ToolCall made =
          SCA_TRY(episode->CallTool(tool, GetStringOr(call, "arguments", "{}")));
      // The words of a refusal may be put better; what counts is that it is one.
      const bool same = made.failed == GetBoolOr(call, "failed", false) &&
                        (made.failed || made.result_json == GetStringOr(call, "result", ""));
      if (same || !replayed.difference.empty()) continue;
      replayed.difference =
          fmt::format("{}{} gives {} now.", tool, Shorten(made.arguments_json, 80),
                      Shorten(made.failed ? "the error " + made.error : made.result_json, 120));
    }
  }
  const env::VerdictResult verdict = SCA_TRY(episode->Verify(
      task.evaluation_function, trajectory.answer, env::Purity::kUnchecked, env::Verifier::kWorld));
  if (verdict.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, verdict.error};
  }
  replayed.reward = RewardOf(verdict);
  return replayed;
}

}  // namespace sca::task
