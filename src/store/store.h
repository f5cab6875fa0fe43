// Everything that a run has found, in one SQLite file: the memory that a killed run resumes from.
//
// Writes between Begin and Commit reach the disk together or not at all (WAL, synced at each
// commit). A full disk is kOutOfSpace, a damaged file kDataLoss; what was committed stays.
// Every record that is added or changed is sealed in an append-only audit chain (VerifyAudit).
// One thread at a time may use a Store; several processes may read while one writes.

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "domain/code_as_task.h"
#include "domain/evaluation.h"
#include "domain/review.h"
#include "store/records.h"

namespace sca::store {

class Database;
class Store;

// Rolls back when it goes out of scope, unless Commit was called. The Store must outlive it.
class Transaction {
 public:
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // Afterwards the writes are on the disk, or (an Error) none of them is in the store.
  Status Commit();

 private:
  friend class Store;
  explicit Transaction(Store& store) : store_(&store) {}

  Store* store_;  // Null once it is over.
};

class Store {
 public:
  // Creates the file where there is none. kDataLoss: damaged; kFailedPrecondition: not a store, or
  // of a newer version of sca.
  static Result<std::unique_ptr<Store>> Open(const std::filesystem::path& file);
  // For reports, also beside a process that is writing. kNotFound where there is no file.
  static Result<std::unique_ptr<Store>> OpenReadOnly(const std::filesystem::path& file);
  static Result<std::unique_ptr<Store>> OpenInMemory();  // For tests.

  ~Store();

  // One at a time. Without a transaction each write is one of its own.
  Result<Transaction> Begin();

  // Small facts of the run under a name; setting again replaces.
  Status SetMeta(std::string_view key, const Json& value);
  Result<std::optional<Json>> Meta(std::string_view key) const;

  // Waves are numbered from 0 and marked in that order, each in the transaction of its results.
  Status MarkWave(std::string_view kind, int iteration, int wave);
  Result<int> WavesDone(std::string_view kind, int iteration) const;

  // (iteration, index) names a candidate; adding it again is kAlreadyExists, updating one that is
  // not there kNotFound. In order of iteration and index.
  Status AddCandidate(const Candidate& candidate);
  Status UpdateCandidate(const Candidate& candidate);
  Result<std::vector<Candidate>> Candidates(std::optional<int> iteration) const;
  Result<std::optional<Candidate>> CandidateOf(std::string_view task_id) const;

  // `id` is given by the store. In order of iteration, purpose and index.
  Status AddTrajectory(const StoredTrajectory& stored);
  Result<std::vector<StoredTrajectory>> Trajectories(const TrajectoryFilter& filter = {}) const;

  // In the order in which they were added.
  Status AddEvaluation(const Evaluation& evaluation);
  Result<std::vector<Evaluation>> Evaluations() const;
  Status AddTraining(const TrainingRecord& training);
  Result<std::vector<TrainingRecord>> Trainings() const;
  Status AddMetric(const Metric& metric);
  Result<std::vector<Metric>> Metrics() const;

  // A person's word on a task that waits for one; it stands in the audit chain, and nowhere else.
  // kNotFound: there is no task of that id; kFailedPrecondition: it does not wait, or its content
  // is another than the one that was shown.
  Status AddReview(const Review& review);
  Result<std::vector<Review>> Reviews() const;  // In the order in which they were given.

  // Adds a decision to the audit chain: hash = sha256(previous hash, number, kind, payload).
  Status AppendAudit(std::string_view kind, const Json& payload);
  // Recomputes the chain and compares each stored record with its latest seal in it.
  Result<AuditCheck> VerifyAudit() const;
  Result<std::vector<AuditEntry>> Audit() const;

 private:
  friend class Transaction;
  explicit Store(std::unique_ptr<Database> database);

  Status CheckIdentity(const std::filesystem::path& file) const;
  Status CreateTables();
  Status ReadyToWrite() const;
  // Runs `write` within the caller's transaction, or one of its own.
  Status Atomically(const std::function<Status()>& write);

  std::unique_ptr<Database> database_;
  bool in_transaction_ = false;
};

}  // namespace sca::store
