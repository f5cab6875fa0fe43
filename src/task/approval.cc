#include "task/approval.h"

#include <fmt/format.h>

namespace sca::task {

std::optional<GateVerdict> JudgeApproved(const CodeAsTask& task, std::span<const Review> reviews,
                                         std::span<const CodeAsTask> held_out,
                                         const GateSettings& settings) {
  GateVerdict verdict{.gate = "approved"};
  if (settings.IsOff(verdict.gate)) {
    verdict.verdict = Verdict::kSkipped;
    verdict.evidence = "Switched off by gates.off.";
    return verdict;
  }
  for (const CodeAsTask& measured : held_out) {
    if (task.instruction != measured.instruction) continue;
    verdict.verdict = Verdict::kFailed;
    verdict.evidence =
        fmt::format("It is the held-out task {}, which is for measuring only.", measured.id);
    return verdict;
  }
  const Review* review = LastReview(reviews, task.Hash());
  if (review == nullptr) return std::nullopt;
  verdict.verdict = review->decision == Decision::kApproved ? Verdict::kPassed : Verdict::kFailed;
  verdict.evidence =
      fmt::format("{} by {}{}", review->decision == Decision::kApproved ? "Approved" : "Rejected",
                  review->by, review->note.empty() ? "." : ": " + review->note);
  return verdict;
}

}  // namespace sca::task
