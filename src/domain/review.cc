#include "domain/review.h"

namespace sca {

std::string_view DecisionName(Decision decision) {
  return decision == Decision::kApproved ? "approved" : "rejected";
}

Json Review::ToJson() const {
  return {{"task", task_id}, {"hash", task_hash}, {"decision", DecisionName(decision)},
          {"by", by},        {"note", note},      {"time", time}};
}

Result<Review> Review::FromJson(const Json& json) {
  Review review;
  review.task_id = SCA_TRY(GetString(json, "task"));
  review.task_hash = SCA_TRY(GetString(json, "hash"));
  // A word that is not known must never let a task pass.
  review.decision = SCA_TRY(GetString(json, "decision")) == DecisionName(Decision::kApproved)
                        ? Decision::kApproved
                        : Decision::kRejected;
  review.by = SCA_TRY(GetString(json, "by"));
  review.note = GetStringOr(json, "note", "");
  review.time = GetStringOr(json, "time", "");
  return review;
}

const Review* LastReview(std::span<const Review> reviews, std::string_view task_hash) {
  const Review* last = nullptr;
  for (const Review& review : reviews) {
    if (review.task_hash == task_hash) last = &review;
  }
  return last;
}

}  // namespace sca
