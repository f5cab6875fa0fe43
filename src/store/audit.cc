#include <fmt/format.h>

#include <map>

#include "base/hash.h"
#include "store/database.h"
#include "store/seal.h"
#include "store/store.h"

namespace sca::store {
namespace {

constexpr std::string_view kGenesis =
    "0000000000000000000000000000000000000000000000000000000000000000";

// Name and bytes of every sealed record, as the functions above make them.
constexpr std::string_view kSealedRows = R"sql(
SELECT 'candidate ' || iteration || '/' || position, CAST(content AS BLOB), x'', x'', x''
  FROM candidate
UNION ALL SELECT 'trajectory ' || iteration || '/' || purpose || '/' || position,
  CAST(content AS BLOB), tokens, by_agent, logprobs FROM trajectory
UNION ALL SELECT 'evaluation ' || stage || '/' || environment, CAST(content AS BLOB), x'', x'', x''
  FROM evaluation
UNION ALL SELECT 'training ' || iteration, CAST(content AS BLOB), losses, x'', x'' FROM training
)sql";

Result<AuditEntry> LastEntry(const Database& database) {
  Rows rows =
      SCA_TRY(database.Query("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1"));
  AuditEntry last;
  last.hash = kGenesis;
  if (SCA_TRY(rows.Next())) {
    last.number = rows.Integer(0);
    last.hash = rows.Text(1);
  }
  return last;
}

// A sentence where an entry does not follow from the one before it.
std::string ProblemOf(const std::vector<AuditEntry>& entries) {
  std::string previous(kGenesis);
  std::int64_t number = 0;
  for (const AuditEntry& entry : entries) {
    if (entry.number != ++number) {
      return fmt::format("Entry {} of the audit chain is missing.", number);
    }
    if (entry.previous_hash != previous || entry.hash != HashOf(entry)) {
      return fmt::format("Entry {} of the audit chain was changed after it was written.", number);
    }
    previous = entry.hash;
  }
  return "";
}

// Record name to the hash of its latest seal.
std::map<std::string, std::string> SealsOf(const std::vector<AuditEntry>& entries) {
  std::map<std::string, std::string> seals;
  for (const AuditEntry& entry : entries) {
    if (entry.kind != kSealKind) continue;
    const auto payload = ParseJson(entry.payload, "an audit entry");
    if (!payload.ok()) continue;  // The chain holds, so we wrote it; a later version may differ.
    seals[GetStringOr(*payload, "record", "")] = GetStringOr(*payload, "sha256", "");
  }
  return seals;
}

}  // namespace

Json SealOf(const Candidate& candidate, std::string_view bytes) {
  const GateVerdict* failure = candidate.verdict.first_failure();
  return {{"record", fmt::format("candidate {}/{}", candidate.iteration, candidate.index)},
          {"sha256", Sha256Hex(bytes)},
          {"fate", CandidateFateName(candidate.fate)},
          {"failed_gate", failure == nullptr ? Json(nullptr) : Json(failure->gate)}};
}

Json SealOf(const StoredTrajectory& stored, std::string_view bytes) {
  const std::optional<double>& reward = stored.trajectory.reward;
  return {{"record",
           fmt::format("trajectory {}/{}/{}", stored.iteration, stored.purpose, stored.index)},
          {"sha256", Sha256Hex(bytes)},
          {"reward", reward.has_value() ? Json(*reward) : Json(nullptr)}};
}

Json SealOf(const Evaluation& evaluation, std::string_view bytes) {
  return {{"record", fmt::format("evaluation {}/{}", evaluation.stage, evaluation.environment)},
          {"sha256", Sha256Hex(bytes)},
          {"pass_at_1", evaluation.pass_at_1}};
}

Json SealOf(const TrainingRecord& training, std::string_view bytes) {
  return {{"record", fmt::format("training {}", training.iteration)},
          {"sha256", Sha256Hex(bytes)},
          {"adapter_sha256", training.adapter_sha256}};
}

std::string HashOf(const AuditEntry& entry) {
  // Lengths in front: no two different entries are the same text.
  return Sha256Hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", entry.previous_hash, entry.number,
                               entry.kind.size(), entry.kind, entry.payload.size(), entry.payload));
}

Status Store::AppendAudit(std::string_view kind, const Json& payload) {
  return Atomically([&]() -> Status {
    const AuditEntry last = SCA_TRY(LastEntry(*database_));
    AuditEntry entry{.number = last.number + 1,
                     .kind = std::string(kind),
                     .payload = DumpJson(payload),
                     .previous_hash = last.hash,
                     .hash = ""};
    entry.hash = HashOf(entry);
    return database_->Run(
        "INSERT INTO audit VALUES(?, ?, ?, ?, ?)",
        {entry.number, entry.kind, entry.payload, entry.previous_hash, entry.hash});
  });
}

Result<std::vector<AuditEntry>> Store::Audit() const {
  Rows rows = SCA_TRY(database_->Query(
      "SELECT number, kind, payload, previous_hash, hash FROM audit ORDER BY number"));
  std::vector<AuditEntry> entries;
  while (SCA_TRY(rows.Next())) {
    entries.push_back({.number = rows.Integer(0),
                       .kind = rows.Text(1),
                       .payload = rows.Text(2),
                       .previous_hash = rows.Text(3),
                       .hash = rows.Text(4)});
  }
  return entries;
}

Result<AuditCheck> Store::VerifyAudit() const {
  const std::vector<AuditEntry> entries = SCA_TRY(Audit());
  AuditCheck check;
  check.entries = static_cast<std::int64_t>(entries.size());
  check.head = entries.empty() ? std::string(kGenesis) : entries.back().hash;
  check.problem = ProblemOf(entries);
  std::map<std::string, std::string> seals = SealsOf(entries);
  Rows rows = SCA_TRY(database_->Query(kSealedRows));
  while (check.problem.empty() && SCA_TRY(rows.Next())) {
    const std::string record = rows.Text(0);
    const std::string hash = Sha256Hex(rows.Text(1) + rows.Text(2) + rows.Text(3) + rows.Text(4));
    const auto seal = seals.find(record);
    if (seal == seals.end()) {
      check.problem = fmt::format("The {} is not in the audit chain.", record);
    } else if (seal->second != hash) {
      check.problem = fmt::format("The {} was changed after it was stored.", record);
    } else {
      seals.erase(seal);
    }
  }
  if (check.problem.empty() && !seals.empty()) {
    check.problem = fmt::format("The {} was removed after it was stored.", seals.begin()->first);
  }
  check.intact = check.problem.empty();
  return check;
}

}  // namespace sca::store
