#include "cli/gate_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/parallel.h"
#include "base/random.h"
#include "base/text.h"

namespace sca::cli {

Result<std::vector<CheckedTask>> CheckTasks(const std::vector<CodeAsTask>& tasks,
                                            const env::Environment& environment,
                                            const GateSettings& settings, Progress& progress) {
  std::vector<CheckedTask> checked(tasks.size());
  const task::KnownTasks nothing_known;
  SCA_TRY(task::CheckGatesOff(settings));
  const task::Policy policy =
      SCA_TRY(task::Policy::Read(settings.policy_file, environment.tools()));
  progress.Begin("Checking tasks", tasks.size(), "tasks");
  const Status status = ForEachInParallel(tasks.size(), [&](std::size_t index) -> Status {
    task::TaskReport report = SCA_TRY(task::JudgeTask(
        tasks[index], environment, settings, nothing_known, DeriveSeed(1, "check", index), policy));
    checked[index] = {tasks[index], std::move(report)};
    progress.Advance(1);
    return {};
  });
  progress.End();
  if (!status.ok()) return status.error();
  task::KnownTasks known;
  for (CheckedTask& one : checked) {
    if (!one.report.verdict.passed()) continue;
    const GateVerdict novel = task::JudgeNovel(known, one.task, one.report.trace, settings);
    for (GateVerdict& gate : one.report.verdict.gates) {
      if (gate.gate != novel.gate || gate.verdict == Verdict::kSkipped) continue;
      gate.verdict = novel.verdict;
      gate.evidence = novel.evidence;
    }
    if (one.report.verdict.passed()) known.Add(one.task, one.report.trace);
  }
  return checked;
}

namespace {

constexpr std::size_t kIdBytesMax = 24;
constexpr std::size_t kInstructionBytesMax = 60;

Json ToJson(const CheckedTask& checked, const GateVerdict* failure) {
  Json gates = Json::array();
  for (const GateVerdict& gate : checked.report.verdict.gates) gates.push_back(gate.ToJson());
  return {{"id", checked.task.id},
          {"passed", failure == nullptr},
          {"first_failed_gate", failure == nullptr ? Json(nullptr) : Json(failure->gate)},
          {"gates", gates}};
}

double Milliseconds(const TaskVerdict& verdict) {
  double sum = 0;
  for (const GateVerdict& gate : verdict.gates) sum += gate.milliseconds;
  return sum;
}

}  // namespace

Exit PrintChecked(const std::vector<CheckedTask>& checked, bool json) {
  std::map<std::string, int> falls;
  std::size_t passed = 0;
  double milliseconds = 0;
  for (const CheckedTask& one : checked) {
    const GateVerdict* failure = one.report.verdict.first_failure();
    milliseconds += Milliseconds(one.report.verdict);
    if (failure == nullptr) {
      ++passed;
    } else {
      ++falls[failure->gate];
    }
    if (json) {
      fmt::print("{}\n", DumpJson(ToJson(one, failure)));
    } else if (failure != nullptr) {
      fmt::print("{:<24} falls at {:<20} {}\n", Shorten(one.task.id, kIdBytesMax), failure->gate,
                 Shorten(ReplaceAll(failure->evidence, "\n", " "), 200));
    } else {
      fmt::print("{:<24} passes   {:>17.0f} ms {}\n", Shorten(one.task.id, kIdBytesMax),
                 Milliseconds(one.report.verdict),
                 Shorten(ReplaceAll(one.task.instruction, "\n", " "), kInstructionBytesMax));
    }
  }
  if (!json) {
    std::string where;
    for (const auto& [gate, count] : falls) {
      where += fmt::format("{}{} at {}", where.empty() ? "; the others fall: " : ", ", count, gate);
    }
    fmt::print("{} of {} tasks pass all gates{} ({:.0f} ms a task).\n", passed, checked.size(),
               where, milliseconds / static_cast<double>(std::max<std::size_t>(1, checked.size())));
  }
  return passed == checked.size() ? Exit::kDone : Exit::kGateNotMet;
}

}  // namespace sca::cli
