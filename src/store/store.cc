#include "store/store.h"

#include <fmt/format.h>

#include "base/hash.h"
#include "store/database.h"
#include "store/schema.h"
#include "store/seal.h"

namespace sca::store {
namespace {

constexpr std::string_view kWhat = "a record of the run's database";

std::vector<std::uint8_t> ToBytes(const std::vector<bool>& flags) {
  return {flags.begin(), flags.end()};
}

Result<std::int64_t> OneInteger(const Database& database, std::string_view sql,
                                std::initializer_list<SqlValue> values = {}) {
  Rows rows = SCA_TRY(database.Query(sql, values));
  return SCA_TRY(rows.Next()) ? rows.Integer(0) : 0;
}

}  // namespace

Transaction::Transaction(Transaction&& other) noexcept : store_(other.store_) {
  other.store_ = nullptr;
}

Transaction::~Transaction() {
  if (store_ == nullptr) return;
  store_->in_transaction_ = false;
  // SQLite may have rolled back by itself, after a full disk.
  if (!store_->database_->in_transaction()) return;
  [[maybe_unused]] const Status rolled_back = store_->database_->Run("ROLLBACK");
}

Status Transaction::Commit() {
  SCA_CHECK(store_ != nullptr);
  SCA_TRY(store_->ReadyToWrite());
  SCA_TRY(store_->database_->Run("COMMIT"));  // On failure the destructor rolls back.
  store_->in_transaction_ = false;
  store_ = nullptr;
  return {};
}

Store::Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::Open(const std::filesystem::path& file) {
  std::unique_ptr<Store> store(new Store(SCA_TRY(Database::Open(file, OpenMode::kCreate))));
  SCA_TRY(store->CheckIdentity(file));
  // Readers look on while a run writes; FULL syncs each commit. Commits are waves, seconds apart,
  // so a sync costs nothing that anyone would notice, and a power cut loses no committed wave.
  SCA_TRY(store->database_->RunScript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"));
  SCA_TRY(store->CreateTables());
  return store;
}

Result<std::unique_ptr<Store>> Store::OpenReadOnly(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) {
    return Error{
        ErrorCode::kNotFound,
        fmt::format("There is no database {}. Is this the folder of a run?", file.string())};
  }
  std::unique_ptr<Store> store(new Store(SCA_TRY(Database::Open(file, OpenMode::kReadOnly))));
  SCA_TRY(store->CheckIdentity(file));
  if (SCA_TRY(OneInteger(*store->database_, "PRAGMA user_version")) == 0) {
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("The database {} holds no run yet.", file.string())};
  }
  return store;
}

Result<std::unique_ptr<Store>> Store::OpenInMemory() {
  std::unique_ptr<Store> store(new Store(SCA_TRY(Database::Open({}, OpenMode::kInMemory))));
  SCA_TRY(store->CreateTables());
  return store;
}

Status Store::CheckIdentity(const std::filesystem::path& file) const {
  const std::int64_t tables = SCA_TRY(OneInteger(*database_, "SELECT count(*) FROM sqlite_schema"));
  const std::int64_t application = SCA_TRY(OneInteger(*database_, "PRAGMA application_id"));
  const std::int64_t version = SCA_TRY(OneInteger(*database_, "PRAGMA user_version"));
  if (tables == 0 && version == 0) return {};
  if (application != kApplicationId) {
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("{} is a database of another program. Choose another --run-dir.",
                             file.string())};
  }
  if (version != kSchemaVersion) {
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("The database {} has schema version {}; this sca reads version {}. "
                             "Use the sca that wrote it.",
                             file.string(), version, kSchemaVersion)};
  }
  Rows check = SCA_TRY(database_->Query("PRAGMA quick_check(1)"));
  if (SCA_TRY(check.Next()) && check.Text(0) != "ok") {
    return Error{ErrorCode::kDataLoss,
                 fmt::format("The run's database {} is damaged ({}). Restore it from a copy, or "
                             "start the run again in a new folder.",
                             file.string(), check.Text(0))};
  }
  return {};
}

Status Store::CreateTables() {
  if (SCA_TRY(OneInteger(*database_, "PRAGMA user_version")) == kSchemaVersion) return {};
  Transaction transaction = SCA_TRY(Begin());
  SCA_TRY(database_->RunScript(kSchema));
  return transaction.Commit();
}

Result<Transaction> Store::Begin() {
  if (in_transaction_) {
    return Error{ErrorCode::kFailedPrecondition, "The store is in a transaction already."};
  }
  SCA_TRY(database_->Run("BEGIN IMMEDIATE"));
  in_transaction_ = true;
  return Transaction(*this);
}

// After a full disk SQLite may end a transaction by itself; what its owner would still write must
// not become small commits of its own.
Status Store::ReadyToWrite() const {
  if (in_transaction_ == database_->in_transaction()) return {};
  return Error{ErrorCode::kFailedPrecondition,
               "The transaction was rolled back after an earlier error; begin a new one."};
}

Status Store::Atomically(const std::function<Status()>& write) {
  SCA_TRY(ReadyToWrite());
  if (in_transaction_) return write();
  Transaction transaction = SCA_TRY(Begin());
  SCA_TRY(write());
  return transaction.Commit();
}

Status Store::SetMeta(std::string_view key, const Json& value) {
  SCA_TRY(ReadyToWrite());
  return database_->Run("INSERT OR REPLACE INTO meta VALUES(?, ?)", {key, DumpJson(value)});
}

Result<std::optional<Json>> Store::Meta(std::string_view key) const {
  Rows rows = SCA_TRY(database_->Query("SELECT value FROM meta WHERE key = ?", {key}));
  if (!SCA_TRY(rows.Next())) return std::optional<Json>();
  return std::optional<Json>(SCA_TRY(ParseJson(rows.Text(0), kWhat)));
}

Status Store::MarkWave(std::string_view kind, int iteration, int wave) {
  return Atomically([&]() -> Status {
    if (const int done = SCA_TRY(WavesDone(kind, iteration)); wave != done) {
      return Error{ErrorCode::kFailedPrecondition,
                   fmt::format("Wave {} of {}, iteration {}, cannot be marked: {} are done.", wave,
                               kind, iteration, done)};
    }
    return database_->Run("INSERT INTO wave VALUES(?, ?, ?)", {kind, iteration, wave});
  });
}

Result<int> Store::WavesDone(std::string_view kind, int iteration) const {
  return static_cast<int>(
      SCA_TRY(OneInteger(*database_, "SELECT count(*) FROM wave WHERE kind = ? AND iteration = ?",
                         {kind, iteration})));
}

Status Store::AddCandidate(const Candidate& candidate) {
  const std::string content = DumpJson(candidate.ToJson());
  return Atomically([&]() -> Status {
    SCA_TRY(database_->Run("INSERT INTO candidate(iteration, position, content) VALUES(?, ?, ?)",
                           {candidate.iteration, candidate.index, content}));
    return AppendAudit(kSealKind, SealOf(candidate, content));
  });
}

Status Store::UpdateCandidate(const Candidate& candidate) {
  const std::string content = DumpJson(candidate.ToJson());
  return Atomically([&]() -> Status {
    SCA_TRY(database_->Run("UPDATE candidate SET content = ? WHERE iteration = ? AND position = ?",
                           {content, candidate.iteration, candidate.index}));
    if (database_->rows_changed() == 0) {
      return Error{ErrorCode::kNotFound, fmt::format("There is no candidate {} of iteration {}.",
                                                     candidate.index, candidate.iteration)};
    }
    return AppendAudit(kSealKind, SealOf(candidate, content));
  });
}

Result<std::vector<Candidate>> Store::Candidates(std::optional<int> iteration) const {
  Rows rows = SCA_TRY(database_->Query(
      "SELECT content FROM candidate WHERE ?1 OR iteration = ?2 ORDER BY iteration, position",
      {iteration.has_value() ? 0 : 1, iteration.value_or(0)}));
  std::vector<Candidate> candidates;
  while (SCA_TRY(rows.Next())) {
    const Json json = SCA_TRY(ParseJson(rows.Text(0), kWhat));
    candidates.push_back(SCA_TRY(Candidate::FromJson(json)));
  }
  return candidates;
}

Result<std::optional<Candidate>> Store::CandidateOf(std::string_view task_id) const {
  Rows rows = SCA_TRY(database_->Query(
      "SELECT content FROM candidate WHERE json_extract(content, '$.task.id') = ?", {task_id}));
  if (!SCA_TRY(rows.Next())) return std::optional<Candidate>();
  const Json json = SCA_TRY(ParseJson(rows.Text(0), kWhat));
  return std::optional<Candidate>(SCA_TRY(Candidate::FromJson(json)));
}

Status Store::AddTrajectory(const StoredTrajectory& stored) {
  Trajectory spoken = stored.trajectory;  // The arrays go into columns of their own.
  spoken.tokens.clear();
  spoken.by_agent.clear();
  spoken.logprobs.clear();
  const std::string content = DumpJson(spoken.ToJson());
  const std::vector<std::uint8_t> by_agent = ToBytes(stored.trajectory.by_agent);
  const Blob tokens = BlobOf(stored.trajectory.tokens);
  const Blob logprobs = BlobOf(stored.trajectory.logprobs);
  return Atomically([&]() -> Status {
    SCA_TRY(
        database_->Run("INSERT INTO trajectory(iteration, purpose, position, content, tokens, "
                       "by_agent, logprobs) VALUES(?, ?, ?, ?, ?, ?, ?)",
                       {stored.iteration, stored.purpose, stored.index, content, tokens,
                        BlobOf(by_agent), logprobs}));
    return AppendAudit(kSealKind,
                       SealOf(stored, fmt::format("{}{}{}{}", content, tokens.bytes,
                                                  BlobOf(by_agent).bytes, logprobs.bytes)));
  });
}

Result<std::vector<StoredTrajectory>> Store::Trajectories(const TrajectoryFilter& filter) const {
  const std::string columns = filter.with_tokens ? "tokens, by_agent, logprobs" : "x'', x'', x''";
  Rows rows = SCA_TRY(database_->Query(
      fmt::format("SELECT id, iteration, purpose, position, content, {} FROM trajectory "
                  "WHERE (?1 OR iteration = ?2) AND (?3 = '' OR purpose = ?3) "
                  "ORDER BY iteration, purpose, position",
                  columns),
      {filter.iteration.has_value() ? 0 : 1, filter.iteration.value_or(0), filter.purpose}));
  std::vector<StoredTrajectory> found;
  while (SCA_TRY(rows.Next())) {
    StoredTrajectory stored;
    stored.id = rows.Integer(0);
    stored.iteration = static_cast<int>(rows.Integer(1));
    stored.purpose = rows.Text(2);
    stored.index = static_cast<int>(rows.Integer(3));
    const Json json = SCA_TRY(ParseJson(rows.Text(4), kWhat));
    stored.trajectory = SCA_TRY(Trajectory::FromJson(json));
    stored.trajectory.tokens = rows.Array<int>(5);
    const std::vector<std::uint8_t> by_agent = rows.Array<std::uint8_t>(6);
    stored.trajectory.by_agent.assign(by_agent.begin(), by_agent.end());
    stored.trajectory.logprobs = rows.Array<float>(7);
    found.push_back(std::move(stored));
  }
  return found;
}

Status Store::AddEvaluation(const Evaluation& evaluation) {
  const std::string content = DumpJson(evaluation.ToJson());
  return Atomically([&]() -> Status {
    SCA_TRY(database_->Run("INSERT INTO evaluation(stage, environment, content) VALUES(?, ?, ?)",
                           {evaluation.stage, evaluation.environment, content}));
    return AppendAudit(kSealKind, SealOf(evaluation, content));
  });
}

Result<std::vector<Evaluation>> Store::Evaluations() const {
  Rows rows = SCA_TRY(database_->Query("SELECT content FROM evaluation ORDER BY id"));
  std::vector<Evaluation> evaluations;
  while (SCA_TRY(rows.Next())) {
    const Json json = SCA_TRY(ParseJson(rows.Text(0), kWhat));
    evaluations.push_back(SCA_TRY(Evaluation::FromJson(json)));
  }
  return evaluations;
}

Status Store::AddTraining(const TrainingRecord& training) {
  const std::string content = DumpJson(training.ToJson());
  const Blob losses = BlobOf(training.losses);
  return Atomically([&]() -> Status {
    SCA_TRY(database_->Run("INSERT INTO training(iteration, content, losses) VALUES(?, ?, ?)",
                           {training.iteration, content, losses}));
    return AppendAudit(kSealKind, SealOf(training, fmt::format("{}{}", content, losses.bytes)));
  });
}

Result<std::vector<TrainingRecord>> Store::Trainings() const {
  Rows rows = SCA_TRY(database_->Query("SELECT content, losses FROM training ORDER BY iteration"));
  std::vector<TrainingRecord> trainings;
  while (SCA_TRY(rows.Next())) {
    const Json json = SCA_TRY(ParseJson(rows.Text(0), kWhat));
    trainings.push_back(SCA_TRY(TrainingRecord::FromJson(json)));
    trainings.back().losses = rows.Array<double>(1);
  }
  return trainings;
}

Status Store::AddMetric(const Metric& metric) {
  SCA_TRY(ReadyToWrite());
  return database_->Run("INSERT INTO metric VALUES(?, ?, ?)",
                        {metric.name, metric.step, metric.value});
}

Result<std::vector<Metric>> Store::Metrics() const {
  Rows rows = SCA_TRY(database_->Query("SELECT name, step, value FROM metric ORDER BY rowid"));
  std::vector<Metric> metrics;
  while (SCA_TRY(rows.Next())) {
    metrics.push_back({.name = rows.Text(0), .step = rows.Integer(1), .value = rows.Number(2)});
  }
  return metrics;
}

}  // namespace sca::store
