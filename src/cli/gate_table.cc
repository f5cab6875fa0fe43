#include "cli/gate_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "base/random.h"
#include "base/text.h"

namespace sca::cli {

Result<std::vector<CheckedTask>> CheckTasks(const std::vector<CodeAsTask>& tasks,
                                            const env::Environment& environment,
                                            const GateSettings& settings, Progress& progress) {
  std::vector<CheckedTask> checked(tasks.size());
  const task::KnownTasks nothing_known;
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::optional<Error> error;
  progress.Begin("Checking tasks", tasks.size(), "tasks");
  {
    std::vector<std::jthread> workers;
    for (unsigned worker = 0; worker < std::max(1U, std::thread::hardware_concurrency());
         ++worker) {
      workers.emplace_back([&] {
        for (std::size_t index = next++; index < tasks.size(); index = next++) {
          auto report = task::JudgeTask(tasks[index], environment, settings, nothing_known,
                                        DeriveSeed(1, "check", index));
          progress.Advance(1);
          if (report.ok()) {
            checked[index] = {tasks[index], std::move(report).value()};
          } else {
            std::scoped_lock lock(mutex);
            error = report.error();
          }
        }
      });
    }
  }
  progress.End();
  if (error.has_value()) return *error;
  task::KnownTasks known;
  for (CheckedTask& one : checked) {
    if (!one.report.verdict.passed()) continue;
    GateVerdict novel = task::JudgeNovel(known, one.task, one.report.trace, settings);
    for (GateVerdict& gate : one.report.verdict.gates) {
      if (gate.gate == novel.gate && gate.verdict != Verdict::kSkipped) gate = novel;
    }
    if (one.report.verdict.passed()) known.Add(one.task, one.report.trace);
  }
  return checked;
}

void PrintChecked(const std::vector<CheckedTask>& checked, bool json) {
  std::size_t passed = 0;
  for (const CheckedTask& one : checked) {
    const GateVerdict* failure = one.report.verdict.first_failure();
    if (failure == nullptr) ++passed;
    if (json) {
      Json gates = Json::array();
      for (const GateVerdict& gate : one.report.verdict.gates) gates.push_back(gate.ToJson());
      fmt::print(
          "{}\n",
          DumpJson({{"id", one.task.id},
                    {"passed", failure == nullptr},
                    {"first_failed_gate", failure == nullptr ? Json(nullptr) : Json(failure->gate)},
                    {"gates", gates}}));
    } else if (failure != nullptr) {
      fmt::print("{:<24} falls at {:<18} {}\n", Shorten(one.task.id, 24), failure->gate,
                 Shorten(failure->evidence, 160));
    } else {
      fmt::print("{:<24} passes\n", Shorten(one.task.id, 24));
    }
  }
  if (!json) fmt::print("{} of {} tasks pass all gates.\n", passed, checked.size());
}

}  // namespace sca::cli
