#include "task/pilot.h"

#include <fmt/format.h>

namespace sca::task {

TaskVerdict JudgePilot(std::span<const Trajectory> rollouts, const GateSettings& settings) {
  int judged = 0;
  int successes = 0;
  for (const Trajectory& rollout : rollouts) {
    if (!rollout.reward.has_value()) continue;
    ++judged;
    if (rollout.succeeded()) ++successes;
  }
  const std::string evidence =
      fmt::format("{} of {} independent attempts agree.", successes, judged);
  GateVerdict solvable{.gate = "solvable", .evidence = evidence};
  GateVerdict not_trivial{.gate = "not_trivial", .evidence = evidence};
  solvable.verdict = settings.IsOff("solvable")                  ? Verdict::kSkipped
                     : successes >= settings.pilot_successes_min ? Verdict::kPassed
                                                                 : Verdict::kFailed;
  TaskVerdict verdict;
  verdict.gates.push_back(solvable);
  if (solvable.verdict == Verdict::kFailed) return verdict;
  const double rate = judged == 0 ? 0 : static_cast<double>(successes) / judged;
  not_trivial.verdict = settings.IsOff("not_trivial")     ? Verdict::kSkipped
                        : rate <= settings.pilot_rate_max ? Verdict::kPassed
                                                          : Verdict::kFailed;
  verdict.gates.push_back(not_trivial);
  return verdict;
}

}  // namespace sca::task
