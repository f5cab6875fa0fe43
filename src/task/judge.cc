#include "task/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

#include "task/gate.h"
#include "task/parse.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

// What is missing or too long, or nothing. Code of which only comments are left is none.
std::string WhyItDoesNotParse(const CodeAsTask& task, TaskSource source) {
  if (task.instruction.find_first_not_of(" \t\r\n") == std::string::npos) {
    return "The task has no instruction.";
  }
  if (TokensOf(task.evaluation_function).empty()) return "The task has no evaluation_function.";
  if (TokensOf(task.solution).empty()) return "The task has no solution.";
  const auto cases = std::count_if(task.failure_cases.begin(), task.failure_cases.end(),
                                   [](const std::string& code) { return !TokensOf(code).empty(); });
  if (source == TaskSource::kFile && cases < static_cast<std::ptrdiff_t>(kFailureCasesMin)) {
    return fmt::format("The task has {} failure case{}, but it needs {}.", cases,
                       cases == 1 ? "" : "s", kFailureCasesMin);
  }
  const std::string* too_long = nullptr;
  for (const std::string* part : {&task.instruction, &task.evaluation_function, &task.solution}) {
    const std::size_t most = part == &task.instruction ? kInstructionBytesMax : kPartBytesMax;
    if (part->size() > most) too_long = part;
  }
  if (too_long != nullptr) {
    return fmt::format(
        "A part of the task has {} bytes; at most {} of an instruction and {} of a "
        "piece of code are read.",
        too_long->size(), kInstructionBytesMax, kPartBytesMax);
  }
  return {};
}

}  // namespace

Status CheckGatesOff(const GateSettings& settings) {
  std::vector<std::string_view> names;
  for (const Gate& gate : AllGates()) names.push_back(gate.name);
  names.insert(names.end(), {"solvable", "not_trivial", "approved"});
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
                             std::uint64_t seed, const Policy& policy, TaskSource source) {
  Candidate candidate(task, environment, settings, known, policy, seed);
  TaskReport report;
  const int level = static_cast<int>(environment.isolation().level);
  const std::string problem = WhyItDoesNotParse(task, source);
  report.verdict.gates.push_back({.gate = "parses",
                                  .verdict = problem.empty() ? Verdict::kPassed : Verdict::kFailed,
                                  .evidence = problem.empty() ? "All parts are there." : problem,
                                  .isolation_level = level});
  if (!problem.empty()) return report;
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
