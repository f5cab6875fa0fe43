#include "report/examples.h"

#include <algorithm>
#include <map>
#include <set>

#include "report/trace_tools.h"

namespace sca::report {
namespace {

constexpr std::size_t kAcceptedShown = 4;

using Judged = std::vector<const store::StoredTrajectory*>;

// Judged trajectories of one purpose, in the order in which they were played.
Judged OfPurpose(const std::vector<store::StoredTrajectory>& trajectories,
                 const std::string& purpose) {
  Judged found;
  for (const store::StoredTrajectory& stored : trajectories) {
    if (stored.purpose == purpose && stored.trajectory.reward.has_value()) {
      found.push_back(&stored);
    }
  }
  return found;
}

// The trial of the same task and place whose outcome is the other one.
const store::StoredTrajectory* Improved(const store::StoredTrajectory& before,
                                        const Judged& after) {
  if (before.trajectory.succeeded()) return nullptr;
  for (const store::StoredTrajectory* stored : after) {
    if (stored->index == before.index && stored->trajectory.task_id == before.trajectory.task_id &&
        stored->trajectory.succeeded()) {
      return stored;
    }
  }
  return nullptr;
}

const store::StoredTrajectory* First(const Judged& trajectories, bool succeeded) {
  for (const store::StoredTrajectory* stored : trajectories) {
    if (stored->trajectory.succeeded() == succeeded) return stored;
  }
  return nullptr;
}

}  // namespace

std::vector<ExampleTask> AcceptedExamples(const std::vector<store::Candidate>& candidates) {
  std::vector<const store::Candidate*> accepted;
  for (const store::Candidate& candidate : candidates) {
    if (candidate.fate == store::CandidateFate::kAccepted && candidate.task.has_value()) {
      accepted.push_back(&candidate);
    }
  }
  std::stable_sort(accepted.begin(), accepted.end(),
                   [](const store::Candidate* a, const store::Candidate* b) {
                     return ToolsOf(a->trace).size() > ToolsOf(b->trace).size();
                   });
  std::vector<ExampleTask> examples;
  std::set<std::string> shapes;
  for (const store::Candidate* candidate : accepted) {
    if (examples.size() == kAcceptedShown) break;
    if (!shapes.insert(ShapeOf(candidate->trace)).second) continue;
    examples.push_back({.caption = "Accepted", .candidate = *candidate});
  }
  return examples;
}

std::vector<ExampleTask> RejectedExamples(const std::vector<store::Candidate>& candidates,
                                          const std::vector<GateFigures>& funnel) {
  std::map<std::string, const store::Candidate*> first;
  for (const store::Candidate& candidate : candidates) {
    const GateVerdict* failure = candidate.verdict.first_failure();
    if (failure != nullptr) first.emplace(failure->gate, &candidate);
  }
  std::vector<ExampleTask> examples;
  for (const GateFigures& gate : funnel) {
    const auto found = first.find(gate.gate);
    if (found == first.end()) continue;
    examples.push_back({.caption = gate.gate, .candidate = *found->second});
  }
  return examples;
}

std::vector<ExampleTrajectory> TrajectoryExamples(
    const std::vector<store::StoredTrajectory>& trajectories, const Summary& summary,
    const Json& instructions) {
  std::vector<ExampleTrajectory> examples;
  const auto add = [&](const store::StoredTrajectory* stored, const char* caption) {
    if (stored == nullptr) return;
    for (const ExampleTrajectory& example : examples) {
      if (example.stored.id == stored->id) return;
    }
    examples.push_back({.caption = caption,
                        .instruction = GetStringOr(instructions, stored->trajectory.task_id, ""),
                        .stored = *stored});
  };
  const Judged before = OfPurpose(trajectories, "evaluation:before");
  const Judged after = summary.after.has_value()
                           ? OfPurpose(trajectories, "evaluation:" + summary.after->stage)
                           : Judged();
  const store::StoredTrajectory* failed = nullptr;
  const store::StoredTrajectory* solved = nullptr;
  for (const store::StoredTrajectory* stored : before) {
    const store::StoredTrajectory* better = Improved(*stored, after);
    // The task that takes the most calls shows the most.
    if (better != nullptr &&
        (solved == nullptr || better->trajectory.tool_calls() > solved->trajectory.tool_calls())) {
      failed = stored;
      solved = better;
    }
  }
  add(failed, "Before training: failed");
  add(solved, "After training: the same task, solved");
  add(First(before, true), "Before training: solved");
  add(First(after, false), "After training: failed");
  if (failed == nullptr) add(First(before, false), "Before training: failed");
  if (solved == nullptr) add(First(after, true), "After training: solved");
  return examples;
}

}  // namespace sca::report
