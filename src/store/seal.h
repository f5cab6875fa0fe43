// The hashes by which the audit chain holds on to what is stored.

#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "domain/evaluation.h"
#include "store/records.h"

namespace sca::store {

// The kind of audit entries that seal a record: {record, sha256, and what was decided}.
inline constexpr std::string_view kSealKind = "stored";

// `bytes` is all that the record's row holds. Names are unique among records.
Json SealOf(const Candidate& candidate, std::string_view bytes);
Json SealOf(const StoredTrajectory& stored, std::string_view bytes);
Json SealOf(const Evaluation& evaluation, std::string_view bytes);
Json SealOf(const TrainingRecord& training, std::string_view bytes);

// The hash of an entry over the entry before it and its own number, kind and payload.
std::string HashOf(const AuditEntry& entry);

}  // namespace sca::store
