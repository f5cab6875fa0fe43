// The gate against tasks that are known already, and against many of one kind.

#include <fmt/format.h>

#include "task/gate.h"
#include "task/known_tasks.h"

namespace sca::task {

GateVerdict JudgeNovel(const KnownTasks& known, const CodeAsTask& task, const Trace& trace,
                       const GateSettings& settings) {
  GateVerdict verdict{.gate = "novel", .verdict = Verdict::kFailed};
  const std::string key = trace.Key();
  const std::string shape = trace.Shape();
  const std::vector<std::string> triples = MaskedTriples(task, trace);
  // Switched off, it still keeps held-out tasks out of the pool.
  const bool only_held_out = settings.IsOff(verdict.gate);
  int alike = 0;
  for (const KnownTasks::Entry& entry : known.entries_) {
    const bool held_out = entry.source == KnownTasks::Source::kHeldOut;
    if (only_held_out && !held_out) continue;
    if (entry.key == key) {
      verdict.evidence =
          fmt::format("The solution makes the same calls as {}.",
                      held_out ? "a held-out task" : "an earlier task or an example");
      return verdict;
    }
    if (entry.shape != shape || Similarity(entry.triples, triples) <= settings.similarity_max) {
      continue;
    }
    if (held_out) {
      verdict.evidence = "The instruction is too close to a held-out task.";
      return verdict;
    }
    if (!only_held_out && !settings.like_examples && entry.source == KnownTasks::Source::kExample) {
      verdict.evidence =
          "It is an example with other names and numbers (gates.like_examples allows that).";
      return verdict;
    }
    ++alike;
  }
  if (!only_held_out && alike >= settings.alike_max) {
    verdict.evidence = fmt::format("{} tasks say the same with other names and numbers.", alike);
    return verdict;
  }
  const auto count = known.pool_shapes_.find(shape);
  if (!only_held_out && settings.shape_quota > 0 && count != known.pool_shapes_.end() &&
      count->second >= settings.shape_quota) {
    verdict.evidence =
        fmt::format("There are {} tasks already that call {}.", count->second, shape);
    return verdict;
  }
  for (const std::string& tool : trace.Tools()) {
    const auto calling = known.pool_tools_.find(tool);
    if (only_held_out || settings.tool_quota <= 0 || calling == known.pool_tools_.end()) continue;
    if (calling->second < settings.tool_quota) continue;
    verdict.evidence = fmt::format("There are {} tasks already that call {} (gates.tool_quota).",
                                   calling->second, tool);
    return verdict;
  }
  verdict.verdict = Verdict::kPassed;
  verdict.evidence = fmt::format("{} tasks are alike but for names and numbers.", alike);
  return verdict;
}

Result<Finding> JudgeNovelty(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  const GateVerdict verdict =
      JudgeNovel(candidate.known(), candidate.task(), solution->trace, candidate.settings());
  return Finding{.passed = verdict.verdict == Verdict::kPassed, .evidence = verdict.evidence};
}

}  // namespace sca::task
