#include "campaign/reverify.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/files.h"
#include "base/parallel.h"
#include "base/random.h"
#include "campaign/approvals.h"
#include "campaign/run_folder.h"
#include "env/environment.h"
#include "store/store.h"
#include "task/approval.h"
#include "task/judge.h"
#include "task/known_tasks.h"
#include "task/pilot.h"
#include "task/policy.h"
#include "task/replay.h"

namespace sca::campaign {
namespace fs = std::filesystem;
namespace {

std::string Spelled(const store::Candidate& candidate) {
  const GateVerdict* failure = candidate.verdict.first_failure();
  if (failure == nullptr) return std::string(store::CandidateFateName(candidate.fate));
  return fmt::format("{} at {}", store::CandidateFateName(candidate.fate), failure->gate);
}

// One reverification at work.
class Judge {
 public:
  Judge(const Recipe& recipe, const env::Environment& environment, Progress& progress)
      : recipe_(recipe), environment_(environment), progress_(progress) {}

  Status Load(const store::Store& store) {
    before_ = SCA_TRY(store.Candidates(std::nullopt));
    std::erase_if(before_, [](const store::Candidate& candidate) {
      const GateVerdict* failure = candidate.verdict.first_failure();
      return !candidate.task.has_value() || (failure && failure->gate == "infrastructure");
    });
    after_ = before_;
    played_ = SCA_TRY(store.Trajectories());
    reviews_ = SCA_TRY(store.Reviews());
    held_out_ = SCA_TRY(HeldOutTasks(store, environment_.heldout()));
    replayed_ = played_;
    SCA_TRY(task::CheckGatesOff(recipe_.gates));
    policy_ = SCA_TRY(task::Policy::Read(recipe_.gates.policy_file, environment_.tools()));
    return {};
  }

  Status JudgeTrajectories();
  Status JudgeTasks();
  Result<Reverification> Compare();

 private:
  Status JudgeWave(std::size_t first, std::size_t end, task::KnownTasks& known);
  void JudgePilotOf(store::Candidate& candidate) const;
  void JudgeApprovalOf(store::Candidate& candidate) const;
  void CompareTasks(Reverification& result) const;
  void CompareTrajectories(Reverification& result) const;
  Status CompareRows(Reverification& result) const;

  const Recipe& recipe_;
  const env::Environment& environment_;
  Progress& progress_;
  task::Policy policy_;
  std::vector<store::Candidate> before_, after_;
  std::vector<store::StoredTrajectory> played_, replayed_;
  std::vector<Review> reviews_;
  std::vector<CodeAsTask> held_out_;        // Of today and of when the run began.
  std::map<std::size_t, std::string> why_;  // By index: what a flip would come from.
  int skipped_ = 0;
};

Status Judge::JudgeTrajectories() {
  std::map<std::string, const CodeAsTask*> tasks;
  for (const store::Candidate& candidate : before_)
    tasks[candidate.task->Hash()] = &*candidate.task;
  for (const CodeAsTask& task : environment_.heldout()) tasks[task.Hash()] = &task;
  std::vector<std::pair<std::size_t, const CodeAsTask*>> work;
  for (std::size_t index = 0; index < played_.size(); ++index) {
    const Trajectory& trajectory = played_[index].trajectory;
    const auto task = tasks.find(trajectory.task_hash);
    if (task == tasks.end() || trajectory.ending == EpisodeEnding::kInfrastructure) {
      ++skipped_;
    } else {
      work.emplace_back(index, task->second);
    }
  }
  std::vector<std::string> why(work.size());
  progress_.Begin("Replaying attempts", work.size(), "attempts");
  SCA_TRY(ForEachInParallel(work.size(), [&](std::size_t unit) -> Status {
    const std::size_t index = work[unit].first;
    const task::Replayed replayed =
        SCA_TRY(task::Replay(played_[index].trajectory, *work[unit].second, environment_));
    replayed_[index].trajectory.reward = replayed.reward.value;
    replayed_[index].trajectory.outcome = replayed.reward.outcome;
    why[unit] = replayed.difference;
    progress_.Advance(1);
    return {};
  }));
  progress_.End();
  for (std::size_t unit = 0; unit < work.size(); ++unit) {
    why_[work[unit].first] =
        why[unit].empty() ? "The calls give the same, the verification does not." : why[unit];
  }
  return {};
}

// As the campaign did: candidates of a wave did not see each other, the later of two like ones
// falls afterwards.
Status Judge::JudgeWave(std::size_t first, std::size_t end, task::KnownTasks& known) {
  std::vector<task::TaskReport> reports(end - first);
  SCA_TRY(ForEachInParallel(end - first, [&](std::size_t unit) -> Status {
    const store::Candidate& candidate = before_[first + unit];
    const std::uint64_t seed =
        DeriveSeed(recipe_.seed, fmt::format("challenge {}", candidate.iteration),
                   static_cast<std::uint64_t>(candidate.index));
    reports[unit] = SCA_TRY(
        task::JudgeTask(*candidate.task, environment_, recipe_.gates, known, seed, policy_));
    progress_.Advance(1);
    return {};
  }));
  for (std::size_t index = first; index < end; ++index) {
    task::TaskReport& report = reports[index - first];
    store::Candidate& candidate = after_[index];
    candidate.verdict = std::move(report.verdict);
    candidate.trace = report.trace.ToJson();
    candidate.fate = store::CandidateFate::kRejected;
    if (!candidate.verdict.passed()) continue;
    GateVerdict novel = task::JudgeNovel(known, *candidate.task, report.trace, recipe_.gates);
    if (novel.verdict == Verdict::kFailed) {
      std::erase_if(candidate.verdict.gates,
                    [&](const GateVerdict& gate) { return gate.gate == novel.gate; });
      candidate.verdict.gates.push_back(std::move(novel));
      continue;
    }
    known.Add(*candidate.task, report.trace);
    candidate.fate = store::CandidateFate::kSetAside;
    JudgePilotOf(candidate);
  }
  return {};
}

// By the attempts of its latest pilot, as they are rewarded now.
void Judge::JudgePilotOf(store::Candidate& candidate) const {
  const std::string hash = candidate.task->Hash();
  std::vector<Trajectory> attempts;
  int latest = 0;
  for (const store::StoredTrajectory& stored : replayed_) {
    if (stored.purpose != "pilot" || stored.trajectory.task_hash != hash) continue;
    if (stored.iteration > latest) attempts.clear();
    latest = std::max(latest, stored.iteration);
    if (stored.iteration == latest) attempts.push_back(stored.trajectory);
  }
  if (attempts.empty()) return;  // It waits for a pilot.
  const TaskVerdict pilot = task::JudgePilot(attempts, recipe_.gates);
  candidate.verdict.gates.insert(candidate.verdict.gates.end(), pilot.gates.begin(),
                                 pilot.gates.end());
  if (!pilot.passed()) return;
  candidate.fate = store::CandidateFate::kAccepted;
  if (recipe_.gates.approval) JudgeApprovalOf(candidate);
}

// By what people said of it; they are not asked again.
void Judge::JudgeApprovalOf(store::Candidate& candidate) const {
  std::optional<GateVerdict> approved =
      task::JudgeApproved(*candidate.task, reviews_, held_out_, recipe_.gates);
  candidate.fate = FateAfter(approved);
  if (approved.has_value()) candidate.verdict.gates.push_back(std::move(*approved));
}

Status Judge::JudgeTasks() {
  task::KnownTasks known = SCA_TRY(task::KnownTasks::Of(environment_));
  progress_.Begin("Judging tasks", before_.size(), "tasks");
  std::size_t first = 0;
  while (first < before_.size()) {
    const auto wave_of = [&](const store::Candidate& candidate) {
      return std::pair(candidate.iteration, candidate.index / std::max(1, recipe_.wave));
    };
    std::size_t end = first;
    while (end < before_.size() && wave_of(before_[end]) == wave_of(before_[first])) ++end;
    SCA_TRY(JudgeWave(first, end, known));
    first = end;
  }
  progress_.End();
  return {};
}

void Judge::CompareTasks(Reverification& result) const {
  for (std::size_t index = 0; index < before_.size(); ++index) {
    const GateVerdict* then = before_[index].verdict.first_failure();
    const GateVerdict* now = after_[index].verdict.first_failure();
    TaskFlip flip{.task_id = before_[index].task->id,
                  .before = Spelled(before_[index]),
                  .after = Spelled(after_[index])};
    if (flip.before == flip.after) continue;
    flip.gate = now != nullptr ? now->gate : then != nullptr ? then->gate : "";
    flip.evidence = now != nullptr ? now->evidence : "Every gate is passed.";
    if (after_[index].fate == store::CandidateFate::kWaiting) {
      flip.gate = "approved";
      flip.evidence = "No person has said anything about it.";
    } else if (now == nullptr) {
      const bool waited = before_[index].fate == store::CandidateFate::kWaiting;
      if (waited && after_[index].fate == store::CandidateFate::kAccepted) flip.gate = "approved";
      for (const GateVerdict& gate : after_[index].verdict.gates) {
        if (gate.gate == flip.gate) flip.evidence = gate.evidence;
      }
    }
    result.task_flips.push_back(std::move(flip));
  }
}

void Judge::CompareTrajectories(Reverification& result) const {
  for (const auto& [index, why] : why_) {
    const store::StoredTrajectory& then = played_[index];
    const store::StoredTrajectory& now = replayed_[index];
    if (then.trajectory.reward == now.trajectory.reward) continue;
    result.trajectory_flips.push_back({.id = then.id,
                                       .task_id = then.trajectory.task_id,
                                       .purpose = then.purpose,
                                       .before = then.trajectory.reward,
                                       .after = now.trajectory.reward,
                                       .why = why});
  }
}

// Without a model there are no tokens of a demonstration; one stands for them.
Result<std::vector<TrainingRow>> RowsWithoutTokens(
    const std::vector<store::Candidate>& candidates,
    const std::vector<store::StoredTrajectory>& trajectories, const Recipe& recipe) {
  std::vector<store::StoredTrajectory> material;
  for (const store::StoredTrajectory& stored : trajectories) {
    if (stored.purpose == "pilot" && recipe.gates.pilot_examples > 0) continue;
    material.push_back(stored);
  }
  std::vector<TrainingRow> rows = SCA_TRY(SelectRows(
      candidates, material, recipe.train, [](const CodeAsTask& task) -> Result<TrainingRow> {
        return TrainingRow{.task_id = task.id, .tokens = {-1}, .by_agent = {}};
      }));
  for (TrainingRow& row : rows) {
    row.tokens.clear();
    row.by_agent.clear();
  }
  return rows;
}

Status Judge::CompareRows(Reverification& result) const {
  const std::vector<TrainingRow> then = SCA_TRY(RowsWithoutTokens(before_, played_, recipe_));
  const std::vector<TrainingRow> now = SCA_TRY(RowsWithoutTokens(after_, replayed_, recipe_));
  result.rows_before = then.size();
  result.rows_after = now.size();
  const auto key = [](const TrainingRow& row) { return std::pair(row.task_id, row.trajectory_id); };
  std::set<std::pair<std::string, std::int64_t>> keys_then, keys_now;
  for (const TrainingRow& row : then) keys_then.insert(key(row));
  for (const TrainingRow& row : now) keys_now.insert(key(row));
  for (const TrainingRow& row : then) {
    if (!keys_now.contains(key(row))) result.rows_gone.push_back(row);
  }
  for (const TrainingRow& row : now) {
    if (!keys_then.contains(key(row))) result.rows_new.push_back(row);
  }
  return {};
}

Result<Reverification> Judge::Compare() {
  Reverification result;
  result.tasks = static_cast<int>(before_.size());
  result.trajectories = static_cast<int>(why_.size());
  result.trajectories_skipped = skipped_;
  CompareTasks(result);
  CompareTrajectories(result);
  SCA_TRY(CompareRows(result));
  return result;
}

}  // namespace

Result<Reverification> Reverify(const fs::path& folder, const std::vector<std::string>& overrides,
                                Progress& progress) {
  const auto store = SCA_TRY(store::Store::OpenReadOnly(folder / "run.db"));
  const Recipe recipe = SCA_TRY(ReadRunRecipe(folder, overrides));
  env::LoadOptions load;
  load.isolation_minimum = static_cast<sandbox::IsolationLevel>(recipe.sandbox_minimum);
  load.on_each_core = true;
  const auto environment =
      SCA_TRY(env::Environment::Load(SCA_TRY(env::Environment::Find(recipe.env_path)), load));
  Judge judge(recipe, *environment, progress);
  SCA_TRY(judge.Load(*store));
  SCA_TRY(judge.JudgeTrajectories());
  SCA_TRY(judge.JudgeTasks());
  return judge.Compare();
}

}  // namespace sca::campaign
