#include "cli/task_review.h"

#include <gtest/gtest.h>

#include <memory>
#include <sstream>

#include "base/json.h"

namespace sca::cli {
namespace {

std::unique_ptr<store::Store> RunOfWaitingTasks(int count) {
  auto store = store::Store::OpenInMemory().value();
  for (int index = 0; index < count; ++index) {
    store::Candidate candidate;
    candidate.iteration = 1;
    candidate.index = index;
    candidate.task = CodeAsTask{.id = "t1-" + std::to_string(index),
                                .instruction = "Halve\x1b[2J " + std::to_string(index),
                                .evaluation_function = "def evaluate(answer):\n    return True",
                                .solution = "answer = half(4)",
                                .failure_cases = {"answer = 1", "answer = 3"}};
    candidate.verdict.gates = {{.gate = "parses", .evidence = "All parts are there."}};
    candidate.fate = store::CandidateFate::kWaiting;
    EXPECT_TRUE(store->AddCandidate(candidate).ok());
  }
  return store;
}

// What was printed.
std::string Answer(store::Store& store, const std::string& answers) {
  std::istringstream lines(answers);
  testing::internal::CaptureStdout();
  int minute = 0;
  const auto time_now = [&] { return "2026-11-25T19:0" + std::to_string(minute++) + ":00Z"; };
  EXPECT_TRUE(ReviewOneByOne(store, {.by = "Ann"}, {.lines = lines, .time_now = time_now}).ok());
  return testing::internal::GetCapturedStdout();
}

TEST(ReviewText, ShowsAllThatDecidesAndNothingThatATerminalObeys) {
  const auto store = RunOfWaitingTasks(1);

  const std::string text = ReviewText(campaign::WaitingTasks(*store).value()[0]);

  for (const char* part : {"t1-0", "Halve\\x1b[2J 0", "answer = half(4)", "      return True",
                           "answer = 3", "parses", "All parts are there."}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(ReviewJson, IsAsciiWhateverTheModelWrote) {
  campaign::WaitingTask task;
  task.candidate.task = CodeAsTask{.id = "t1-0",
                                   .instruction =
                                       "Halve\xC2\x9B \xE2\x80\xAE"
                                       "8\xff",
                                   .evaluation_function = "",
                                   .solution = "",
                                   .failure_cases = {}};

  const std::string line = ReviewJson(task);

  for (const char character : line) EXPECT_TRUE(character >= 0x20 && character < 0x7f) << line;
  EXPECT_EQ(ParseJson(line).value().at("instruction"),
            "Halve\xC2\x9B \xE2\x80\xAE"
            "8\xEF\xBF\xBD");
}

TEST(ReviewOneByOne, StoresEachAnswerAndAsksAgainWhereItIsNone) {
  const auto store = RunOfWaitingTasks(4);

  const std::string shown = Answer(*store, "y\nmaybe\nn\nwhich one?\ns\nYES\n");

  const auto reviews = store->Reviews().value();
  ASSERT_EQ(reviews.size(), 3U);
  EXPECT_EQ(reviews[0].decision, Decision::kApproved);
  EXPECT_EQ(reviews[1].task_id, "t1-1");
  EXPECT_EQ(reviews[1].decision, Decision::kRejected);
  EXPECT_EQ(reviews[1].note, "which one?");
  EXPECT_EQ(reviews[2].task_id, "t1-3");
  EXPECT_EQ(reviews[0].time, "2026-11-25T19:00:00Z");
  EXPECT_EQ(reviews[2].time, "2026-11-25T19:02:00Z");  // Of the answer, not of the beginning.
  EXPECT_NE(shown.find("4 of 4"), std::string::npos);
}

TEST(ReviewOneByOne, EndsAtQuitOrTheEndOfTheAnswersAndBeginsWhereItEnded) {
  const auto store = RunOfWaitingTasks(3);

  Answer(*store, "y\nq\n");
  EXPECT_EQ(store->Reviews().value().size(), 1U);
  const std::string again = Answer(*store, "y\n");

  EXPECT_EQ(store->Reviews().value().size(), 2U);
  EXPECT_NE(again.find("1 of 2: Task t1-1"), std::string::npos) << again;
}

}  // namespace
}  // namespace sca::cli
