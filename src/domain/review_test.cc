#include "domain/review.h"

#include <gtest/gtest.h>

#include <vector>

namespace sca {
namespace {

TEST(Review, ComesBackFromItsJsonWithEachDecision) {
  for (const Decision decision : {Decision::kApproved, Decision::kRejected}) {
    const Review review{.task_id = "t1-3",
                        .task_hash = "abc",
                        .decision = decision,
                        .by = "Ann",
                        .note = "clear",
                        .time = "2026-11-25T19:31:57Z"};

    const Review back = Review::FromJson(review.ToJson()).value();

    EXPECT_EQ(back.decision, decision);
    EXPECT_EQ(back.ToJson(), review.ToJson());
  }
}

TEST(Review, TakesAnUnknownDecisionForARejection) {
  const Json json = {{"task", "t1-3"}, {"hash", "abc"}, {"decision", "Approved"}, {"by", "Ann"}};

  EXPECT_EQ(Review::FromJson(json).value().decision, Decision::kRejected);
}

TEST(LastReview, IsTheLatestWordOnThatContent) {
  const std::vector<Review> reviews = {
      {.task_hash = "a", .decision = Decision::kApproved, .by = "Ann"},
      {.task_hash = "a", .decision = Decision::kRejected, .by = "Ben"},
      {.task_hash = "b", .decision = Decision::kApproved, .by = "Cem"}};

  EXPECT_EQ(LastReview(reviews, "a")->by, "Ben");
  EXPECT_EQ(LastReview(reviews, "c"), nullptr);
}

}  // namespace
}  // namespace sca
