#include <gtest/gtest.h>

#include "store/store.h"

namespace sca::store {
namespace {

Candidate WaitingCandidate() {
  Candidate candidate;
  candidate.iteration = 1;
  candidate.task = CodeAsTask{.id = "t1-0",
                              .instruction = "Halve the recipe \"Lentils\".",
                              .evaluation_function = "def evaluate(answer): return answer == 2",
                              .solution = "answer = 2",
                              .failure_cases = {"answer = 1", "answer = 3", "answer = None"}};
  candidate.verdict.gates = {{.gate = "parses", .evidence = "All parts are there."}};
  candidate.fate = CandidateFate::kWaiting;
  return candidate;
}

TEST(Store, KeepsWhatPeopleSaidInTheAuditChain) {
  const auto store = Store::OpenInMemory().value();
  const Candidate candidate = WaitingCandidate();
  ASSERT_TRUE(store->AddCandidate(candidate).ok());
  Review review{.task_id = candidate.task->id,
                .task_hash = candidate.task->Hash(),
                .decision = Decision::kRejected,
                .by = "Ann",
                .note = "Which recipe?",
                .time = "2026-11-25T19:31:57Z"};

  ASSERT_TRUE(store->AddReview(review).ok());
  review.decision = Decision::kApproved;
  ASSERT_TRUE(store->AddReview(review).ok());

  const auto reviews = store->Reviews().value();
  ASSERT_EQ(reviews.size(), 2U);
  EXPECT_EQ(reviews[0].decision, Decision::kRejected);
  EXPECT_EQ(reviews[1].ToJson(), review.ToJson());
  EXPECT_EQ(store->Audit().value().back().kind, "approved");
  EXPECT_TRUE(store->VerifyAudit().value().intact);
}

TEST(Store, RefusesAWordOnWhatDoesNotWaitOrWasNotShown) {
  const auto store = Store::OpenInMemory().value();
  Candidate candidate = WaitingCandidate();
  ASSERT_TRUE(store->AddCandidate(candidate).ok());
  const Review review{.task_id = "t1-0", .task_hash = candidate.task->Hash(), .by = "Ann"};
  Review of_another = review;
  of_another.task_id = "t9-9";
  Review of_changed = review;
  CodeAsTask changed = *candidate.task;
  changed.failure_cases[0] = "answer = 0";
  of_changed.task_hash = changed.Hash();

  EXPECT_EQ(store->AddReview(of_another).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store->AddReview(of_changed).error().code, ErrorCode::kFailedPrecondition);
  candidate.fate = CandidateFate::kAccepted;
  ASSERT_TRUE(store->UpdateCandidate(candidate).ok());
  EXPECT_EQ(store->AddReview(review).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(store->Reviews().value().empty());
}

}  // namespace
}  // namespace sca::store
