// What people said of tasks. Their words are entries of the audit chain, which shows what was
// changed or cut out of its middle, but not what somebody who may write the file cut off its end.
// A later word on the same content counts.

#include <fmt/format.h>

#include "store/database.h"
#include "store/store.h"

namespace sca::store {
Status Store::AddReview(const Review& review) {
  return Atomically([&]() -> Status {
    const std::optional<Candidate> candidate = SCA_TRY(CandidateOf(review.task_id));
    if (!candidate.has_value()) {
      return Error{ErrorCode::kNotFound,
                   fmt::format("The run has no task \"{}\".", review.task_id)};
    }
    if (candidate->fate != CandidateFate::kWaiting) {
      return Error{ErrorCode::kFailedPrecondition,
                   fmt::format("Task {} does not wait for approval.", review.task_id)};
    }
    if (const std::string hash = candidate->task->Hash(); hash != review.task_hash) {
      return Error{ErrorCode::kFailedPrecondition,
                   fmt::format("Task {} is not what was shown: its hash is {}, not {}. Look at it "
                               "again.",
                               review.task_id, hash.substr(0, 12), review.task_hash.substr(0, 12))};
    }
    return AppendAudit(DecisionName(review.decision), review.ToJson());
  });
}

Result<std::vector<Review>> Store::Reviews() const {
  Rows rows = SCA_TRY(
      database_->Query("SELECT payload FROM audit WHERE kind IN (?, ?) ORDER BY number",
                       {DecisionName(Decision::kApproved), DecisionName(Decision::kRejected)}));
  std::vector<Review> reviews;
  while (SCA_TRY(rows.Next())) {
    const Json json = SCA_TRY(ParseJson(rows.Text(0), "an audit entry"));
    reviews.push_back(SCA_TRY(Review::FromJson(json)));
  }
  return reviews;
}

}  // namespace sca::store
