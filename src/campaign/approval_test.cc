// A round that asks a person, with a scripted model: it writes kitchen tasks and solves them.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "base/files.h"
#include "base/text.h"
#include "campaign/approvals.h"
#include "campaign/stages.h"
#include "campaign/training_rows.h"
#include "llm/scripted_model.h"

namespace sca::campaign {
namespace {
namespace fs = std::filesystem;

constexpr std::array kIngredients = {"sugar", "cheese", "milk"};

std::string Instruction(const std::string& ingredient) {
  return "What do 7 kilograms of " + ingredient + " cost?";
}

std::string Solution(const std::string& ingredient) {
  return "answer = price_per_kilogram('" + ingredient + "') * 7";
}

std::string TaskText(const std::string& ingredient) {
  return "<instruction>" + Instruction(ingredient) +
         "</instruction>\n<evaluation_function>\ndef evaluate(answer):\n    return answer is not "
         "None and abs(answer - price_per_kilogram('" +
         ingredient + "') * 7) < 0.01\n</evaluation_function>\n<solution>\n" +
         Solution(ingredient) +
         "\n</solution>\n<failure_case>answer = 1</failure_case>\n"
         "<failure_case>answer = 2</failure_case>\n<failure_case>answer = 3</failure_case>";
}

class ApprovalTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    environment_ =
        env::Environment::Load(std::string(SCA_SOURCE_DIR) + "/environments/kitchen").value();
    prompts_ = std::make_unique<rollout::PromptLibrary>(
        rollout::PromptLibrary::Load(std::string(SCA_SOURCE_DIR) + "/prompts").value());
  }
  static void TearDownTestSuite() { environment_.reset(); }

  ApprovalTest()
      : folder_(fs::temp_directory_path() / ("sca-approval-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    recipe_ = ParseRecipe("", "test",
                          {"env.path=kitchen", "gates.approval=true", "gates.off=[\"novel\"]",
                           "challenge.candidates=3", "wave=3", "gates.pilot_rollouts=2",
                           "rollout.group_size=3"})
                  .value();
  }
  ~ApprovalTest() override { fs::remove_all(folder_); }

  std::unique_ptr<store::Store> Open() const {
    return store::Store::Open(folder_ / "run.db").value();
  }

  // What a process does that opens the run, works, and ends in whatever way.
  template <typename Work>
  auto InAProcess(const Work& work) {
    const auto store = Open();
    std::atomic<std::size_t> written = 0;
    llm::ScriptedModel model([&](const std::vector<Message>& messages) -> Result<std::string> {
      const std::string& last = messages.back().content;
      for (const char* ingredient : kIngredients) {
        if (last == Instruction(ingredient)) return "```python\n" + Solution(ingredient) + "\n```";
      }
      if (last.find("Look around with") != std::string::npos) {
        return std::string("```python\nprint(1)\n```");
      }
      return TaskText(kIngredients.at(written++ % kIngredients.size()));
    });
    SilentProgress progress;
    RunContext run{.recipe = recipe_,
                   .folder = folder_,
                   .store = *store,
                   .environment = *environment_,
                   .prompts = *prompts_,
                   .model = model,
                   .llama = nullptr,
                   .progress = progress};
    return work(run);
  }

  // A round up to the question, which is all that `sca run` does before it ends.
  std::size_t PlayUntilAsked() {
    return InAProcess([](RunContext& run) {
      EXPECT_TRUE(Challenge(run, 1).ok());
      EXPECT_TRUE(Pilot(run, 1).ok());
      return Approve(run, 1).value();
    });
  }

  Result<std::size_t> TakeUp() {
    return InAProcess([](RunContext& run) { return Approve(run, 1); });
  }

  Status Say(std::string_view task, Decision decision, std::string note = "") const {
    return GiveWord(*Open(), task, {.decision = decision, .by = "Ann", .note = std::move(note)});
  }

  std::set<std::string> TasksTrainedOn() const {
    const auto store = Open();
    const auto rows =
        SelectRows(store->Candidates(std::nullopt).value(), store->Trajectories().value(),
                   recipe_.train, [](const CodeAsTask& task) -> Result<TrainingRow> {
                     return TrainingRow{.task_id = task.id, .tokens = {-1}};
                   });
    std::set<std::string> tasks;
    for (const TrainingRow& row : rows.value()) tasks.insert(row.task_id);
    return tasks;
  }

  static std::unique_ptr<env::Environment> environment_;
  static std::unique_ptr<rollout::PromptLibrary> prompts_;
  const fs::path folder_;
  Recipe recipe_;
};

std::unique_ptr<env::Environment> ApprovalTest::environment_;
std::unique_ptr<rollout::PromptLibrary> ApprovalTest::prompts_;

TEST_F(ApprovalTest, ARoundGoesOnWithApprovedTasksOnceThereIsAWordOnEach) {
  ASSERT_EQ(PlayUntilAsked(), 3U);
  EXPECT_TRUE(TasksTrainedOn().empty());

  ASSERT_TRUE(Say("t1-0", Decision::kApproved, "clear").ok());
  ASSERT_TRUE(Say("t1-1", Decision::kRejected, "Who buys 7 kilograms?").ok());
  EXPECT_EQ(TakeUp().value(), 1U);
  EXPECT_EQ(WaitingTasks(*Open()).value().size(), 3U);  // One is open, so none was taken up.
  EXPECT_TRUE(TasksTrainedOn().empty());

  ASSERT_TRUE(Say("t1-2", Decision::kRejected).ok());
  EXPECT_EQ(TakeUp().value(), 0U);
  InAProcess([](RunContext& run) { EXPECT_TRUE(Rollout(run, 1).ok()); });

  EXPECT_EQ(TasksTrainedOn(), std::set<std::string>{"t1-0"});
  const auto rollouts = Open()->Trajectories({.iteration = 1, .purpose = "rollout"}).value();
  EXPECT_FALSE(rollouts.empty());
  for (const store::StoredTrajectory& played : rollouts) {
    EXPECT_EQ(played.trajectory.task_id, "t1-0");
  }
  const auto candidates = Open()->Candidates(1).value();
  EXPECT_EQ(candidates[0].verdict.gates.back().evidence, "Approved by Ann: clear");
  EXPECT_EQ(candidates[1].fate, store::CandidateFate::kRejected);
  EXPECT_EQ(candidates[1].verdict.first_failure()->gate, "approved");
  EXPECT_EQ(candidates[1].verdict.first_failure()->evidence,
            "Rejected by Ann: Who buys 7 kilograms?");
  EXPECT_TRUE(Open()->VerifyAudit().value().intact);
}

TEST_F(ApprovalTest, ARunEndsWhereAPersonIsAskedAndSaysSoInItsReport) {
  recipe_.evaluation.tasks_max = 1;
  recipe_.evaluation.trials = 1;
  for (int start = 0; start < 2; ++start) {  // To start it again changes nothing.
    const Result<Ending> ending = InAProcess([](RunContext& run) { return RunToTheEnd(run); });

    ASSERT_TRUE(ending.ok()) << ending.error().message;
    EXPECT_EQ(*ending, Ending::kWaits);
    EXPECT_EQ(WaitingTasks(*Open()).value().size(), 3U);
    EXPECT_EQ(Open()->WavesDone("rollout", 1).value(), 0);
    EXPECT_TRUE(Open()->Trainings().value().empty());
  }
  EXPECT_NE(ReadFile(folder_ / "report.html").value().find("3 waiting"), std::string::npos);
}

TEST_F(ApprovalTest, TakesUpEachRoundOnceAndNoWordAfterwards) {
  ASSERT_EQ(PlayUntilAsked(), 3U);
  for (const char* task : {"t1-0", "t1-1", "t1-2"}) {
    ASSERT_TRUE(Say(task, Decision::kApproved).ok());
  }
  ASSERT_EQ(TakeUp().value(), 0U);

  EXPECT_EQ(TakeUp().value(), 0U);
  EXPECT_EQ(Say("t1-0", Decision::kRejected).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Open()->Candidates(1).value()[0].verdict.gates.back().gate, "approved");
}

TEST_F(ApprovalTest, AsksNobodyAgainAboutTheLikesOfARejectedTask) {
  ASSERT_EQ(PlayUntilAsked(), 3U);
  for (const char* task : {"t1-0", "t1-1", "t1-2"}) {
    ASSERT_TRUE(Say(task, Decision::kRejected).ok());
  }
  ASSERT_EQ(TakeUp().value(), 0U);

  recipe_.gates.off = {};
  ASSERT_TRUE(InAProcess([](RunContext& run) { return Challenge(run, 2); }).ok());

  const auto candidates = Open()->Candidates(2).value();
  ASSERT_EQ(candidates.size(), 3U);
  for (const store::Candidate& candidate : candidates) {
    const GateVerdict* failure = candidate.verdict.first_failure();
    ASSERT_NE(failure, nullptr);
    EXPECT_EQ(failure->gate, "novel");
    EXPECT_NE(failure->evidence.find("an earlier task"), std::string::npos) << failure->evidence;
  }
}

TEST_F(ApprovalTest, TheLastWordCounts) {
  ASSERT_EQ(PlayUntilAsked(), 3U);
  for (const char* task : {"t1-0", "t1-1", "t1-2"}) {
    ASSERT_TRUE(Say(task, Decision::kApproved).ok());
  }
  ASSERT_TRUE(Say("t1-2", Decision::kRejected).ok());

  ASSERT_EQ(TakeUp().value(), 0U);

  EXPECT_EQ(TasksTrainedOn(), (std::set<std::string>{"t1-0", "t1-1"}));
}

TEST_F(ApprovalTest, AKillAtAnyMomentLeavesAllWordsTakenUpOrNone) {
  ASSERT_EQ(PlayUntilAsked(), 3U);
  for (const char* task : {"t1-0", "t1-1", "t1-2"}) {
    ASSERT_TRUE(Say(task, Decision::kApproved).ok());
  }
  const std::string before = ReadFile(folder_ / "run.db").value();
  for (const int microseconds : {0, 1'000, 2'000, 2'500, 3'000, 3'500, 4'000, 5'000, 60'000}) {
    for (const char* file : {"run.db-wal", "run.db-shm"}) fs::remove(folder_ / file);
    ASSERT_TRUE(WriteFileAtomically(folder_ / "run.db", before).ok());

    const pid_t child = ::fork();
    if (child == 0) {
      [[maybe_unused]] const auto taken = TakeUp();
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(microseconds));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);

    const std::size_t waiting = WaitingTasks(*Open()).value().size();
    EXPECT_TRUE(waiting == 0 || waiting == 3) << waiting << " after " << microseconds;
    EXPECT_EQ(TakeUp().value(), 0U);
    EXPECT_EQ(TasksTrainedOn().size(), 3U);
    EXPECT_TRUE(Open()->VerifyAudit().value().intact);
  }
}

TEST_F(ApprovalTest, AsksNobodyWhereTheGateIsOffOrNotAskedFor) {
  recipe_.gates.off = {"novel", "approved"};
  EXPECT_EQ(PlayUntilAsked(), 0U);
  EXPECT_EQ(Open()->Candidates(1).value()[0].verdict.gates.back().verdict, Verdict::kSkipped);
  EXPECT_EQ(TasksTrainedOn().size(), 3U);

  fs::remove(folder_ / "run.db");
  recipe_.gates.off = {"novel"};
  recipe_.gates.approval = false;
  EXPECT_EQ(PlayUntilAsked(), 0U);
  EXPECT_EQ(Open()->Candidates(1).value()[0].verdict.gates.back().gate, "not_trivial");
  EXPECT_EQ(TasksTrainedOn().size(), 3U);
}

TEST_F(ApprovalTest, AWordIsForATaskThatWaitsAndForWhatWasShown) {
  ASSERT_EQ(PlayUntilAsked(), 3U);
  const std::string hash = WaitingTasks(*Open()).value()[0].hash;

  EXPECT_TRUE(Say("t1-0@" + hash.substr(0, 12), Decision::kApproved).ok());
  EXPECT_EQ(Say("t1-0@0123456789ab", Decision::kApproved).error().code,
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Say("t1-0@" + hash.substr(0, 3), Decision::kApproved).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(Say("t9-0", Decision::kApproved).error().code, ErrorCode::kNotFound);
}

TEST_F(ApprovalTest, AHeldOutTaskIsNeverApprovedIntoTraining) {
  const CodeAsTask& held_out = environment_->heldout().front();
  store::Candidate copy;
  copy.iteration = 1;
  copy.index = 7;
  copy.task = held_out;
  copy.task->id = "t1-7";
  copy.fate = store::CandidateFate::kWaiting;
  {
    const auto store = Open();
    ASSERT_TRUE(store->AddCandidate(copy).ok());
    // Even a word that came into the store past GiveWord does not help it.
    ASSERT_TRUE(store
                    ->AddReview({.task_id = "t1-7",
                                 .task_hash = copy.task->Hash(),
                                 .decision = Decision::kApproved,
                                 .by = "Ann"})
                    .ok());
    ASSERT_TRUE(
        store->SetMeta("held_out_instructions", {{held_out.id, held_out.instruction}}).ok());
  }

  EXPECT_TRUE(WaitingTasks(*Open()).value().empty());
  EXPECT_EQ(Say("t1-7", Decision::kApproved).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Say(held_out.id, Decision::kApproved).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(TakeUp().value(), 0U);

  EXPECT_EQ(Open()->Candidates(1).value()[0].fate, store::CandidateFate::kRejected);
  EXPECT_TRUE(TasksTrainedOn().empty());
}

TEST_F(ApprovalTest, AHeldOutTaskRewordedMeanwhileStaysOneAndHoldsUpNoRun) {
  ASSERT_EQ(PlayUntilAsked(), 3U);
  // The wording of when the run began; the environment has another now.
  const std::string reworded = Open()->Candidates(1).value()[0].task->instruction;
  ASSERT_TRUE(Open()->SetMeta("held_out_instructions", {{"t1-1", reworded}}).ok());

  ASSERT_EQ(WaitingTasks(*Open()).value().size(), 2U);
  EXPECT_EQ(Say("t1-0", Decision::kApproved).error().code, ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(Say("t1-1", Decision::kApproved).ok());  // Only its id is that of a held-out task.
  ASSERT_TRUE(Say("t1-2", Decision::kApproved).ok());
  EXPECT_EQ(TakeUp().value(), 0U);

  EXPECT_EQ(TasksTrainedOn(), (std::set<std::string>{"t1-1", "t1-2"}));
}

TEST_F(ApprovalTest, ResumeAsksNobodyWhereTheGateIsOff) {
  ASSERT_EQ(PlayUntilAsked(), 3U);
  const std::string recipe =
      "env.path = \"kitchen\"\nmodel.path = \"/nowhere.gguf\"\ngates.approval = true\n";
  SilentProgress progress;

  ASSERT_TRUE(WriteFileAtomically(folder_ / "recipe.toml", recipe).ok());
  EXPECT_EQ(ResumeRun(folder_, progress).value(), Ending::kWaits);

  ASSERT_TRUE(
      WriteFileAtomically(folder_ / "recipe.toml", recipe + "gates.off = [\"approved\"]\n").ok());
  EXPECT_FALSE(ResumeRun(folder_, progress).ok());  // It goes on, to what is not there.
}

TEST_F(ApprovalTest, TakesUpNoWordFromABrokenChain) {
  ASSERT_EQ(PlayUntilAsked(), 3U);
  for (const char* task : {"t1-0", "t1-1", "t1-2"}) {
    ASSERT_TRUE(Say(task, Decision::kRejected).ok());
  }
  const std::string whole = ReadFile(folder_ / "run.db").value();
  const std::string forged =
      ReplaceAll(whole, R"("decision":"rejected")", R"("decision":"approved")");
  ASSERT_NE(forged, whole);
  ASSERT_TRUE(WriteFileAtomically(folder_ / "run.db", forged).ok());

  EXPECT_EQ(TakeUp().error().code, ErrorCode::kDataLoss);
  EXPECT_TRUE(TasksTrainedOn().empty());
}

}  // namespace
}  // namespace sca::campaign
