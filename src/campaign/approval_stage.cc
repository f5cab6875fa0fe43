#include <fmt/format.h>

#include "campaign/approvals.h"
#include "campaign/stages.h"
#include "task/approval.h"

namespace sca::campaign {
namespace {

constexpr char kStage[] = "approval";

Status CheckAudit(const RunContext& run) {
  const store::AuditCheck check = SCA_TRY(run.store.VerifyAudit());
  if (check.intact) return {};
  return Error{ErrorCode::kDataLoss,
               fmt::format("The audit chain of {} is broken, so that no approval in it can be "
                           "trusted: {} Restore run.db from a copy.",
                           run.folder.string(), check.problem)};
}

}  // namespace

Result<std::size_t> Approve(RunContext& run, int iteration) {
  if (!run.recipe.gates.approval) return 0;
  if (SCA_TRY(run.store.WavesDone(kStage, iteration)) > 0) return 0;
  // From here on nobody can give another word until all are taken up.
  store::Transaction transaction = SCA_TRY(run.store.Begin());
  const std::vector<Review> reviews = SCA_TRY(run.store.Reviews());
  const std::vector<CodeAsTask> held_out =
      SCA_TRY(HeldOutTasks(run.store, run.environment.heldout()));
  std::size_t undecided = 0;
  std::vector<store::Candidate> decided;
  for (store::Candidate& candidate : SCA_TRY(run.store.Candidates(std::nullopt))) {
    if (candidate.fate != store::CandidateFate::kWaiting) continue;
    std::optional<GateVerdict> approved =
        task::JudgeApproved(*candidate.task, reviews, held_out, run.recipe.gates);
    candidate.fate = FateAfter(approved);
    if (!approved.has_value()) {
      ++undecided;
      continue;
    }
    candidate.verdict.gates.push_back(std::move(*approved));
    decided.push_back(std::move(candidate));
  }
  if (undecided > 0) return undecided;
  if (!decided.empty()) SCA_TRY(CheckAudit(run));
  for (const store::Candidate& candidate : decided) SCA_TRY(run.store.UpdateCandidate(candidate));
  SCA_TRY(run.store.MarkWave(kStage, iteration, 0));
  SCA_TRY(transaction.Commit());
  return 0;
}

}  // namespace sca::campaign
