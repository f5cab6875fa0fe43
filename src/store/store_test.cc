#include "store/store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "base/files.h"

namespace sca::store {
namespace {
namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "sca_store_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  fs::path file() const { return path_ / "run.db"; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Candidate ExampleCandidate(int iteration, int index) {
  Candidate candidate;
  candidate.iteration = iteration;
  candidate.index = index;
  candidate.task = CodeAsTask{.id = "t1-0",
                              .instruction = "Halve <b>the</b> recipe \"Lentils\" \xF0\x9F\x8D\xB2",
                              .evaluation_function = "def evaluate(answer): return answer == 2",
                              .solution = "answer = 2",
                              .failure_cases = {"answer = 1", "answer = 3", "answer = None"}};
  candidate.conversation = Json::array({{{"role", "assistant"}, {"content", "<solution>"}}});
  candidate.trace = Json::array({{{"tool", "scale"}, {"arguments", {{"factor", 0.5}}}}});
  candidate.verdict.gates = {
      {.gate = "parses", .verdict = Verdict::kPassed, .evidence = "ok", .milliseconds = 0.25},
      {.gate = "complete", .verdict = Verdict::kFailed, .evidence = "0.5 is nowhere."}};
  candidate.revisions = 1;
  candidate.agreement = {.attempts = 4, .agreed = 2, .by_another_trace = 1};
  candidate.first_failure_before_revision = "parses";
  candidate.fate = CandidateFate::kRejected;
  candidate.milliseconds = 12.5;
  candidate.tokens = 210;
  return candidate;
}

StoredTrajectory ExampleTrajectory(int iteration, std::string purpose, int index) {
  StoredTrajectory stored;
  stored.iteration = iteration;
  stored.purpose = std::move(purpose);
  stored.index = index;
  Trajectory& trajectory = stored.trajectory;
  trajectory.task_id = "t1-0";
  trajectory.policy = "base";
  trajectory.seed = std::numeric_limits<std::uint64_t>::max();
  trajectory.turns = {{.agent = "answer = 2", .observation = "", .calls = Json::array()}};
  trajectory.tokens = {1, 151645, 7};
  trajectory.by_agent = {false, true, true};
  trajectory.logprobs = {0, -0.1F, -std::numeric_limits<float>::infinity()};
  trajectory.answer = "2";
  trajectory.reward = 1.0;
  trajectory.outcome = "passed";
  return stored;
}

TEST(Store, GivesBackACandidateAsItWasStored) {
  const auto store = Store::OpenInMemory().value();
  const Candidate candidate = ExampleCandidate(1, 0);
  Candidate unreadable;
  unreadable.iteration = 2;

  ASSERT_TRUE(store->AddCandidate(unreadable).ok());
  ASSERT_TRUE(store->AddCandidate(candidate).ok());

  const auto all = store->Candidates(std::nullopt).value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].ToJson(), candidate.ToJson());
  EXPECT_FALSE(all[1].task.has_value());
  EXPECT_EQ(store->Candidates(2).value().size(), 1U);
}

TEST(Store, UpdatesACandidateAndRefusesOneThatIsNotThere) {
  const auto store = Store::OpenInMemory().value();
  Candidate candidate = ExampleCandidate(1, 0);
  ASSERT_TRUE(store->AddCandidate(candidate).ok());
  candidate.fate = CandidateFate::kAccepted;

  ASSERT_TRUE(store->UpdateCandidate(candidate).ok());

  EXPECT_EQ(store->Candidates(1).value()[0].fate, CandidateFate::kAccepted);
  EXPECT_EQ(store->AddCandidate(candidate).error().code, ErrorCode::kAlreadyExists);
  candidate.index = 5;
  EXPECT_EQ(store->UpdateCandidate(candidate).error().code, ErrorCode::kNotFound);
}

TEST(Store, GivesBackTrajectoriesInOrderAndBitForBit) {
  const auto store = Store::OpenInMemory().value();
  ASSERT_TRUE(store->AddTrajectory(ExampleTrajectory(1, "pilot", 11)).ok());
  ASSERT_TRUE(store->AddTrajectory(ExampleTrajectory(1, "pilot", 2)).ok());
  ASSERT_TRUE(store->AddTrajectory(ExampleTrajectory(0, "evaluation:before", 0)).ok());

  const auto pilot = store->Trajectories({.iteration = 1, .purpose = "pilot"}).value();

  ASSERT_EQ(pilot.size(), 2U);
  EXPECT_EQ(pilot[0].index, 2);
  EXPECT_EQ(pilot[1].index, 11);
  const Trajectory expected = ExampleTrajectory(1, "pilot", 2).trajectory;
  EXPECT_EQ(pilot[0].trajectory.ToJson(), expected.ToJson());
  EXPECT_EQ(pilot[0].trajectory.logprobs, expected.logprobs);
  EXPECT_EQ(store->Trajectories().value().size(), 3U);
  EXPECT_TRUE(store->Trajectories({.with_tokens = false}).value()[0].trajectory.tokens.empty());
}

TEST(Store, GivesBackEvaluationsTrainingsMetricsAndMeta) {
  const auto store = Store::OpenInMemory().value();
  Evaluation evaluation;
  evaluation.stage = "before";
  evaluation.environment = "kitchen";
  evaluation.tasks = {{.task_id = "h1", .calls = 2, .trials = 4, .successes = 3}};
  TrainingRecord training;
  training.iteration = 1;
  training.losses = {0.7, std::nan(""), 0.1};

  ASSERT_TRUE(store->AddEvaluation(evaluation).ok());
  ASSERT_TRUE(store->AddTraining(training).ok());
  ASSERT_TRUE(store->AddMetric({.name = "loss", .step = 3, .value = 0.1}).ok());
  ASSERT_TRUE(store->SetMeta("speed", {{"width", 16}}).ok());
  ASSERT_TRUE(store->SetMeta("speed", {{"width", 32}}).ok());

  EXPECT_EQ(store->Evaluations().value()[0].ToJson(), evaluation.ToJson());
  const auto trainings = store->Trainings().value();
  EXPECT_EQ(trainings[0].losses[0], 0.7);
  EXPECT_TRUE(std::isnan(trainings[0].losses[1]));
  EXPECT_EQ(store->Metrics().value()[0].step, 3);
  EXPECT_EQ(store->Meta("speed").value()->at("width"), 32);
  EXPECT_FALSE(store->Meta("nothing").value().has_value());
}

TEST(Store, CountsWavesThatAreMarkedInOrder) {
  const auto store = Store::OpenInMemory().value();

  ASSERT_TRUE(store->MarkWave("pilot", 1, 0).ok());
  ASSERT_TRUE(store->MarkWave("pilot", 1, 1).ok());

  EXPECT_EQ(store->WavesDone("pilot", 1).value(), 2);
  EXPECT_EQ(store->WavesDone("pilot", 2).value(), 0);
  EXPECT_EQ(store->MarkWave("pilot", 1, 3).error().code, ErrorCode::kFailedPrecondition);
}

TEST(Store, RollsBackWhatWasNotCommitted) {
  const auto store = Store::OpenInMemory().value();
  {
    const Transaction transaction = store->Begin().value();
    ASSERT_TRUE(store->AddCandidate(ExampleCandidate(1, 0)).ok());
    EXPECT_EQ(store->Begin().error().code, ErrorCode::kFailedPrecondition);
  }
  EXPECT_TRUE(store->Candidates(std::nullopt).value().empty());

  Transaction transaction = store->Begin().value();
  ASSERT_TRUE(store->AddCandidate(ExampleCandidate(1, 0)).ok());
  ASSERT_TRUE(transaction.Commit().ok());

  EXPECT_EQ(store->Candidates(std::nullopt).value().size(), 1U);
  EXPECT_TRUE(store->VerifyAudit().value().intact);
}

// A wave: 20 trajectories and its mark, committed together.
Status WriteWave(Store& store, int wave, std::size_t text_bytes) {
  Transaction transaction = SCA_TRY(store.Begin());
  for (int index = 0; index < 20; ++index) {
    StoredTrajectory stored = ExampleTrajectory(1, "rollout", wave * 20 + index);
    stored.trajectory.turns[0].observation = std::string(text_bytes, 'x');
    SCA_TRY(store.AddTrajectory(stored));
  }
  SCA_TRY(store.MarkWave("rollout", 1, wave));
  return transaction.Commit();
}

TEST(Store, HoldsWholeWavesAfterAKillAtAnyMoment) {
  for (const int microseconds : {3'000, 17'000, 40'000, 90'000}) {
    const TemporaryFolder folder;
    ASSERT_TRUE(Store::Open(folder.file()).ok());
    const pid_t child = ::fork();
    if (child == 0) {
      const auto store = Store::Open(folder.file()).value();
      for (int wave = 0;; ++wave) {
        if (!WriteWave(*store, wave, 5'000).ok()) ::_exit(1);
      }
    }
    ::usleep(static_cast<useconds_t>(microseconds));
    ::kill(child, SIGKILL);
    int how = 0;
    ::waitpid(child, &how, 0);
    ASSERT_TRUE(WIFSIGNALED(how));

    const auto store = Store::Open(folder.file()).value();
    const int waves = store->WavesDone("rollout", 1).value();
    EXPECT_EQ(store->Trajectories().value().size(), static_cast<std::size_t>(waves) * 20);
    EXPECT_TRUE(store->VerifyAudit().value().intact);
    EXPECT_TRUE(WriteWave(*store, waves, 10).ok());
  }
}

// Writes waves until the disk is full; what was committed before must stand.
void ExpectWholeWavesOnAFullDisk(const fs::path& file, int* waves_written) {
  const auto store = Store::Open(file).value();
  int waves = 0;
  Status status;
  while (waves < 1000 && (status = WriteWave(*store, waves, 20'000)).ok()) ++waves;

  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kOutOfSpace) << status.error().message;
  EXPECT_NE(status.error().message.find("disk is full"), std::string::npos);
  EXPECT_EQ(store->WavesDone("rollout", 1).value(), waves);
  EXPECT_EQ(store->Trajectories().value().size(), static_cast<std::size_t>(waves) * 20);
  EXPECT_TRUE(store->VerifyAudit().value().intact);
  *waves_written = waves;
}

TEST(Store, KeepsWhatWasSavedWhenTheDiskIsFullAndGoesOnWhenThereIsSpace) {
  // A mount needs rights that a test may lack; database_test.cc asks the same of a page limit.
  const TemporaryFolder folder;
  const fs::path disk = folder.path() / "disk";
  fs::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=4m") != 0) {
    GTEST_SKIP() << "no right to mount a small disk";
  }
  std::ofstream(disk / "ballast") << std::string(1 << 20, 'b');

  int waves = 0;
  ExpectWholeWavesOnAFullDisk(disk / "run.db", &waves);
  EXPECT_GT(waves, 0);
  fs::remove(disk / "ballast");
  {
    const auto store = Store::Open(disk / "run.db").value();
    EXPECT_EQ(store->WavesDone("rollout", 1).value(), waves);
    EXPECT_TRUE(WriteWave(*store, waves, 10).ok());
  }
  ::umount(disk.c_str());
}

void RunSql(const fs::path& file, const char* sql) {
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(connection);
  sqlite3_close(connection);
}

TEST(Store, TellsOfADamagedFile) {
  const TemporaryFolder folder;
  {
    const auto store = Store::Open(folder.file()).value();
    ASSERT_TRUE(WriteWave(*store, 0, 20'000).ok());
  }
  const std::string whole = ReadFile(folder.file()).value();

  ASSERT_TRUE(WriteFileAtomically(folder.file(), whole.substr(0, whole.size() / 2)).ok());
  const auto truncated = Store::Open(folder.file());
  ASSERT_FALSE(truncated.ok());
  EXPECT_EQ(truncated.error().code, ErrorCode::kDataLoss) << truncated.error().message;
  EXPECT_NE(truncated.error().message.find("damaged"), std::string::npos);

  ASSERT_TRUE(WriteFileAtomically(folder.file(), std::string(whole.size(), 'z')).ok());
  EXPECT_EQ(Store::Open(folder.file()).error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(Store::OpenReadOnly(folder.file()).error().code, ErrorCode::kDataLoss);
}

TEST(Store, RefusesAFileOfAnotherProgramOrVersion) {
  const TemporaryFolder folder;
  RunSql(folder.path() / "other.db", "CREATE TABLE notes(text)");
  ASSERT_TRUE(Store::Open(folder.file()).ok());
  RunSql(folder.file(), "PRAGMA user_version = 99");

  EXPECT_EQ(Store::Open(folder.path() / "other.db").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Store::Open(folder.file()).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Store::OpenReadOnly(folder.path() / "none.db").error().code, ErrorCode::kNotFound);
}

TEST(Store, CanBeReadBesideAWriter) {
  const TemporaryFolder folder;
  const auto writer = Store::Open(folder.file()).value();
  ASSERT_TRUE(WriteWave(*writer, 0, 10).ok());
  const Transaction open = writer->Begin().value();
  ASSERT_TRUE(writer->MarkWave("rollout", 1, 1).ok());

  const auto reader = Store::OpenReadOnly(folder.file()).value();

  EXPECT_EQ(reader->WavesDone("rollout", 1).value(), 1);
  EXPECT_FALSE(reader->SetMeta("x", 1).ok());
}

struct Tampering {
  const char* sql;
  const char* problem;
};

class AuditTampering : public testing::TestWithParam<Tampering> {};

TEST_P(AuditTampering, IsFoundAndNamed) {
  const TemporaryFolder folder;
  {
    const auto store = Store::Open(folder.file()).value();
    ASSERT_TRUE(store->AddCandidate(ExampleCandidate(1, 0)).ok());
    ASSERT_TRUE(store->AddTrajectory(ExampleTrajectory(1, "pilot", 0)).ok());
    ASSERT_TRUE(store->AppendAudit("approved", {{"by", "M. Curie"}}).ok());
    ASSERT_TRUE(store->VerifyAudit().value().intact);
  }
  RunSql(folder.file(), GetParam().sql);

  const AuditCheck check = Store::Open(folder.file()).value()->VerifyAudit().value();

  EXPECT_FALSE(check.intact);
  EXPECT_NE(check.problem.find(GetParam().problem), std::string::npos) << check.problem;
}

INSTANTIATE_TEST_SUITE_P(
    Ways, AuditTampering,
    testing::Values(
        Tampering{"UPDATE candidate SET content = replace(content, 'rejected', 'accepted')",
                  "candidate 1/0 was changed"},
        Tampering{"UPDATE trajectory SET tokens = x'00'", "trajectory 1/pilot/0 was changed"},
        Tampering{"DELETE FROM trajectory", "trajectory 1/pilot/0 was removed"},
        Tampering{"INSERT INTO candidate(iteration, position, content) "
                  "SELECT 1, 9, content FROM candidate",
                  "candidate 1/9 is not in the audit chain"},
        Tampering{"DROP TRIGGER audit_keeps; "
                  "UPDATE audit SET payload = '{\"by\":\"nobody\"}' WHERE kind = 'approved'",
                  "Entry 3 of the audit chain was changed"},
        Tampering{"DROP TRIGGER audit_stays; DELETE FROM audit WHERE number = 2",
                  "Entry 2 of the audit chain is missing"}));

TEST(Audit, CannotBeRewrittenWithoutRemovingItsTriggers) {
  const TemporaryFolder folder;
  ASSERT_TRUE(Store::Open(folder.file()).value()->AppendAudit("approved", Json::object()).ok());
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(folder.file().c_str(), &connection), SQLITE_OK);

  EXPECT_EQ(sqlite3_exec(connection, "DELETE FROM audit", nullptr, nullptr, nullptr),
            SQLITE_CONSTRAINT);
  EXPECT_EQ(sqlite3_exec(connection, "UPDATE audit SET kind = ''", nullptr, nullptr, nullptr),
            SQLITE_CONSTRAINT);
  sqlite3_close(connection);
}

}  // namespace
}  // namespace sca::store
