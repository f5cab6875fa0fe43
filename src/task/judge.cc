#include "task/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

#include "task/gate.h"

namespace sca::task {

Status CheckGatesOff(const GateSettings& settings) {
  std::vector<std::string_view> names;
  for (const Gate& gate : AllGates()) names.push_back(gate.name);
  names.insert(names.end(), {"solvable", "not_trivial"});
  for (const std::string& name : settings.off) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("gates.off names \"{}\", which is no gate that can be switched off; "
                             "these can: {}.",
                             name, fmt::join(names, ", "))};
  }
  return {};
}

Result<TaskReport> JudgeTask(const CodeAsTask& task, const env::Environment& environment,
                             const GateSettings& settings, const KnownTasks& known,
                             std::uint64_t seed, const Policy& policy) {
  Candidate candidate(task, environment, settings, known, policy, seed);
  TaskReport report;
  const int level = static_cast<int>(environment.isolation().level);
  report.verdict.gates.push_back({.gate = "parses",
                                  .verdict = Verdict::kPassed,
                                  .evidence = "All parts are there.",
                                  .isolation_level = level});
  for (const Gate& gate : AllGates()) {
    GateVerdict verdict{.gate = std::string(gate.name), .isolation_level = level};
    if (settings.IsOff(gate.name)) {
      verdict.verdict = Verdict::kSkipped;
      verdict.evidence = "Switched off by gates.off.";
      report.verdict.gates.push_back(std::move(verdict));
      continue;
    }
    const auto start = std::chrono::steady_clock::now();
    Finding finding = SCA_TRY(gate.judge(candidate));
    verdict.milliseconds =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    verdict.verdict = finding.passed ? Verdict::kPassed : Verdict::kFailed;
    verdict.evidence = std::move(finding.evidence);
    report.verdict.gates.push_back(std::move(verdict));
    if (!finding.passed) break;
  }
  if (report.verdict.gates.size() > 2) report.trace = SCA_TRY(candidate.Solution())->trace;
  report.mutant_score = candidate.mutant_score;
  return report;
}

}  // namespace sca::task
