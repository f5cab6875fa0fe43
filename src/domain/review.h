// A person's word on a task that passed every other gate: whether it may be trained on.

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/json.h"

namespace sca {

enum class Decision { kApproved, kRejected };

std::string_view DecisionName(Decision decision);  // "approved", "rejected".

struct Review {
  std::string task_id;
  // CodeAsTask::Hash() of what the person was shown: a task that changed needs a new word.
  std::string task_hash;
  Decision decision = Decision::kRejected;
  std::string by;    // Whoever decided, as they call themselves.
  std::string note;  // Why; may be empty.
  std::string time;  // UTC: "2026-11-25T19:31:57Z".

  Json ToJson() const;
  static Result<Review> FromJson(const Json& json);
};

// The last word on the task of this hash; null where there is none.
const Review* LastReview(std::span<const Review> reviews, std::string_view task_hash);

}  // namespace sca
