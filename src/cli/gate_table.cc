#include "cli/gate_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/parallel.h"
#include "base/random.h"
#include "base/text.h"

namespace sca::cli {

namespace {

// By origin, what a task of it must differ from. Tasks of the environment's own files are in what
// others are compared with from the start.
class Known {
 public:
  static Result<Known> Of(const env::Environment& environment) {
    Known known;
    known.elsewhere_ = SCA_TRY(task::KnownTasks::Of(environment));
    known.examples_ = known.elsewhere_;
    known.examples_.Forget(task::KnownTasks::Source::kExample);
    known.held_out_ = known.elsewhere_;
    known.held_out_.Forget(task::KnownTasks::Source::kHeldOut);
    return known;
  }

  task::KnownTasks& For(TaskOrigin origin) {
    if (origin == TaskOrigin::kExamples) return examples_;
    return origin == TaskOrigin::kHeldOut ? held_out_ : elsewhere_;
  }

 private:
  task::KnownTasks elsewhere_;
  task::KnownTasks examples_;
  task::KnownTasks held_out_;
};

Status JudgeNoveltyInOrder(const std::vector<TaskToCheck>& tasks,
                           const env::Environment& environment, const GateSettings& settings,
                           std::vector<CheckedTask>& checked) {
  if (settings.IsOff("novel")) return {};
  Known known = SCA_TRY(Known::Of(environment));
  for (std::size_t index = 0; index < checked.size(); ++index) {
    CheckedTask& one = checked[index];
    if (!one.report.verdict.passed()) continue;
    task::KnownTasks& others = known.For(tasks[index].origin);
    const GateVerdict novel = task::JudgeNovel(others, one.task, one.report.trace, settings);
    for (GateVerdict& gate : one.report.verdict.gates) {
      if (gate.gate != novel.gate) continue;
      gate.verdict = novel.verdict;
      gate.evidence = novel.evidence;
    }
    if (one.report.verdict.passed()) others.Add(one.task, one.report.trace);
  }
  return {};
}

}  // namespace

Result<std::vector<CheckedTask>> CheckTasks(const std::vector<TaskToCheck>& tasks,
                                            const env::Environment& environment,
                                            const GateSettings& settings, Progress& progress) {
  std::vector<CheckedTask> checked(tasks.size());
  const task::KnownTasks nothing_known;
  SCA_TRY(task::CheckGatesOff(settings));
  const task::Policy policy =
      SCA_TRY(task::Policy::Read(settings.policy_file, environment.tools()));
  progress.Begin("Checking tasks", tasks.size(), "tasks");
  const Status status = ForEachInParallel(tasks.size(), [&](std::size_t index) -> Status {
    task::TaskReport report =
        SCA_TRY(task::JudgeTask(tasks[index].task, environment, settings, nothing_known,
                                DeriveSeed(1, "check", index), policy, task::TaskSource::kFile));
    checked[index] = {tasks[index].task, std::move(report)};
    progress.Advance(1);
    return {};
  });
  progress.End();
  if (!status.ok()) return status.error();
  SCA_TRY(JudgeNoveltyInOrder(tasks, environment, settings, checked));
  return checked;
}

namespace {

constexpr std::size_t kIdBytesMax = 24;
constexpr std::size_t kInstructionBytesShown = 60;

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
                 Shorten(ReplaceAll(one.task.instruction, "\n", " "), kInstructionBytesShown));
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
