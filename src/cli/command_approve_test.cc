// `sca approve` called as a shell would, on a run of three tasks that wait.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/json.h"
#include "base/text.h"
#include "campaign/approvals.h"
#include "cli/command_fixture.h"

namespace sca::cli {
namespace {
namespace fs = std::filesystem;

class ApproveCommand : public testing::Test {
 protected:
  ApproveCommand()
      : folder_(fs::temp_directory_path() / ("sca-approve-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    const auto store = Open();
    for (int index = 0; index < 4; ++index) {
      store::Candidate candidate;
      candidate.iteration = 1;
      candidate.index = index;
      candidate.task = CodeAsTask{.id = "t1-" + std::to_string(index),
                                  .instruction = "Halve " + std::to_string(2 * index) + ".",
                                  .evaluation_function = "def evaluate(answer): return True",
                                  .solution = "answer = half(4)",
                                  .failure_cases = {"answer = 1"}};
      candidate.verdict.gates = {{.gate = "parses", .evidence = "All parts are there."}};
      candidate.fate = store::CandidateFate::kWaiting;
      if (index == 3) {
        candidate.verdict.gates.push_back({.gate = "no_leak", .verdict = Verdict::kFailed});
        candidate.fate = store::CandidateFate::kRejected;
      }
      EXPECT_TRUE(store->AddCandidate(candidate).ok());
    }
    EXPECT_TRUE(store->SetMeta("held_out_instructions", {{"h1", "Halve 100."}}).ok());
  }
  ~ApproveCommand() override { fs::remove_all(folder_); }

  std::unique_ptr<store::Store> Open() const {
    return store::Store::Open(folder_ / "run.db").value();
  }

  Ran Approve(std::vector<std::string> words) const {
    words.insert(words.begin(), {"approve", folder_.string()});
    return RunSca(std::move(words));
  }

  std::vector<Review> Reviews() const { return Open()->Reviews().value(); }

  const fs::path folder_;
};

TEST_F(ApproveCommand, ListsWhatWaitsAndDecidesNothing) {
  const Ran ran = Approve({});

  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_EQ(SplitLines(ran.output).size(), 4U) << ran.output;
  EXPECT_NE(ran.output.find("Halve 4."), std::string::npos);
  EXPECT_NE(ran.output.find("3 of 3 tasks wait for a word."), std::string::npos);
  EXPECT_EQ(ran.output.find("t1-3"), std::string::npos);
  EXPECT_TRUE(Reviews().empty());
}

TEST_F(ApproveCommand, ShowsATaskWithItsEvidenceWhereNobodyDecides) {
  const Ran ran = Approve({"t1-1"});

  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_NE(ran.output.find("answer = half(4)"), std::string::npos);
  EXPECT_NE(ran.output.find("All parts are there."), std::string::npos);
  EXPECT_TRUE(Reviews().empty());
}

TEST_F(ApproveCommand, GivesALineOfJsonATask) {
  const Ran ran = Approve({"--json"});

  const auto lines = ParseJsonLines(ran.output, "output").value();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].at("id"), "t1-0");
  EXPECT_EQ(lines[0].at("hash").get<std::string>().size(), 64U);
  EXPECT_TRUE(lines[0].at("review").is_null());
  EXPECT_EQ(lines[0].at("gates").at(0).at("evidence"), "All parts are there.");
  EXPECT_EQ(lines[0].at("failure_cases").size(), 1U);
}

TEST_F(ApproveCommand, ApprovesAndRejectsWithNameNoteAndTime) {
  const std::string hash = campaign::WaitingTasks(*Open()).value()[0].hash;

  EXPECT_EQ(Approve({"t1-0@" + hash, "--by", "Ann", "--note", "clear"}).exit_code, 0);
  const Ran last = Approve({"--reject", "--all", "--by", "Ben"});

  EXPECT_NE(last.output.find("There is a word on every task; go on by `sca resume"),
            std::string::npos)
      << last.output;
  const auto reviews = Reviews();
  ASSERT_EQ(reviews.size(), 3U);
  EXPECT_EQ(reviews[0].decision, Decision::kApproved);
  EXPECT_EQ(reviews[0].by, "Ann");
  EXPECT_EQ(reviews[0].note, "clear");
  EXPECT_EQ(reviews[0].time.size(), 20U) << reviews[0].time;
  EXPECT_EQ(reviews[1].decision, Decision::kRejected);
  EXPECT_EQ(reviews[2].by, "Ben");
}

TEST_F(ApproveCommand, SaysWhatIsWrongAndStoresNoWordOfACommandThatFails) {
  struct Case {
    std::vector<std::string> words;
    std::string problem;
  };
  const std::vector<Case> cases = {
      {{"t1-0", "t9-9", "--by", "Ann"}, "The run has no task \"t9-9\""},
      {{"t1-0", "t1-3", "--by", "Ann"}, "it is rejected at the gate no_leak"},
      {{"t1-0", "h1", "--by", "Ann"}, "Task h1 is a held-out one"},
      {{"t1-1", "t1-0@0123456789ab", "--by", "Ann"}, "Task t1-0 is not what was shown"}};
  for (const Case& wrong : cases) {
    const Ran ran = Approve(wrong.words);

    EXPECT_EQ(ran.exit_code, 1) << wrong.problem;
    EXPECT_NE(ran.errors.find(wrong.problem), std::string::npos) << ran.errors;
  }
  EXPECT_TRUE(Reviews().empty());
  EXPECT_EQ(RunSca({"approve", "/nowhere"}).exit_code, 1);
}

TEST_F(ApproveCommand, ResumeSaysHowToGoOnWhileAWordIsMissing) {
  ASSERT_TRUE(WriteFileAtomically(folder_ / "recipe.toml",
                                  "env.path = \"kitchen\"\ngates.approval = true\n")
                  .ok());
  ASSERT_EQ(Approve({"t1-0", "--by", "Ann"}).exit_code, 0);

  const Ran ran = RunSca({"resume", folder_.string()});

  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  EXPECT_NE(ran.output.find("waits for a person's word on 2 tasks"), std::string::npos)
      << ran.output;
  EXPECT_NE(ran.output.find("sca approve " + folder_.string()), std::string::npos);
  EXPECT_NE(ran.output.find("sca resume " + folder_.string()), std::string::npos);
  EXPECT_EQ(campaign::WaitingTasks(*Open()).value().size(), 3U);
}

TEST_F(ApproveCommand, ReverifySpellsOutWhatATerminalWouldObey) {
  ASSERT_TRUE(WriteFileAtomically(folder_ / "recipe.toml", "env.path = \"kitchen\"\n").ok());
  store::Candidate candidate;
  candidate.iteration = 2;
  candidate.task =
      CodeAsTask{.id = "t2-0",
                 .instruction = "How many people does lentil stew serve?",
                 .evaluation_function = "def evaluate(answer):\n    return answer == 4",
                 .solution = "raise ValueError('\xE2\x80\xAE\x1b[2J')",
                 .failure_cases = {"answer = 1", "answer = 2", "answer = 3"}};
  candidate.fate = store::CandidateFate::kAccepted;
  ASSERT_TRUE(Open()->AddCandidate(candidate).ok());

  const Ran ran = RunSca({"reverify", folder_.string(), "--quiet"});

  EXPECT_EQ(ran.exit_code, 100) << ran.errors;
  EXPECT_NE(ran.output.find("\\u202e"), std::string::npos) << ran.output;
  EXPECT_EQ(ran.output.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_EQ(ran.output.find('\x1b'), std::string::npos);
}

TEST_F(ApproveCommand, WrongUsageEndsWithTwo) {
  const std::vector<std::vector<std::string>> wrong = {{"--by", "Ann"},
                                                       {"t1-0", "--reject"},
                                                       {"t1-0", "--note", "clear"},
                                                       {"t1-0", "--all", "--by", "Ann"},
                                                       {"t1-0", "--by", ""},
                                                       {"t1-2@"},
                                                       {"t1-2@0123", "--by", "Ann"},
                                                       {"t1-2@0123456x", "--by", "Ann"},
                                                       {"--all", "--by", " \t"},
                                                       {"--interactive"}};
  for (const std::vector<std::string>& words : wrong) {
    EXPECT_EQ(Approve(words).exit_code, 2) << words.back();
  }
  EXPECT_TRUE(Reviews().empty());
}

}  // namespace
}  // namespace sca::cli
