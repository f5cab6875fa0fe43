// What a store holds beside the records of domain: candidates, trajectories with their purpose,
// trainings, metrics and the audit chain.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "domain/code_as_task.h"
#include "domain/gate_verdict.h"
#include "domain/trajectory.h"

namespace sca::store {

enum class CandidateFate {
  kAccepted,
  kRejected,  // A gate failed.
  kSetAside,  // Passed all gates but the pilot: tried again with a later policy.
  kWaiting,   // Passed all gates but `approved`, for which no person's word is taken up yet.
};

// "accepted", "rejected", "set_aside", "waiting".
std::string_view CandidateFateName(CandidateFate fate);

// Pilot attempts that came to the end of the solution: what independent work says of a task.
struct Agreement {
  int attempts = 0;
  int agreed = 0;
  int by_another_trace = 0;  // Of those that agreed: other tools, arguments or order.
};

// One task that the challenger tried to write, and what became of it.
struct Candidate {
  int iteration = 0;
  int index = 0;
  std::optional<CodeAsTask> task;     // None: no reply could be read as a task.
  Json conversation = Json::array();  // [{role, content}]: the challenger's whole episode.
  Json trace = Json::array();         // Tool calls of the solution, as module task writes them.
  TaskVerdict verdict;
  int failures_made = 0;  // Failure cases that are altered copies of the solution.
  int revisions = 0;
  std::string first_failure_before_revision;  // A gate; empty where nothing was sent back.
  CandidateFate fate = CandidateFate::kRejected;
  std::optional<Agreement> agreement;  // None before its pilot.
  double milliseconds = 0;             // Of all gates together.
  double tokens = 0;                   // Written by the challenger.

  Json ToJson() const;
  static Result<Candidate> FromJson(const Json& json);
};

struct StoredTrajectory {
  std::int64_t id = 0;
  int iteration = 0;
  std::string purpose;  // "pilot", "rollout", "evaluation:before", ...
  int index = 0;
  Trajectory trajectory;
};

struct TrajectoryFilter {
  std::optional<int> iteration = std::nullopt;  // None: all.
  std::string purpose = {};                     // Empty: all.
  bool with_tokens = true;  // Without: tokens, by_agent and logprobs stay empty, which is quick.
};

struct TrainingRecord {
  int iteration = 0;
  std::string algorithm;
  int rows = 0;
  int rows_from_rollouts = 0;
  int rows_from_demonstrations = 0;
  int distinct_tasks = 0;
  std::vector<double> losses;  // One a step.
  double seconds = 0;
  std::string adapter;  // Relative to the run's folder.
  std::string adapter_sha256;
  Json details = Json::object();

  Json ToJson() const;  // Without the losses, which may be no numbers that JSON knows.
  static Result<TrainingRecord> FromJson(const Json& json);
};

struct Metric {
  std::string name;
  std::int64_t step = 0;
  double value = 0;
};

struct AuditEntry {
  std::int64_t number = 0;  // From 1, without gaps.
  std::string kind;
  std::string payload;  // JSON text, exactly as it was hashed.
  std::string previous_hash;
  std::string hash;
};

struct AuditCheck {
  bool intact = false;
  std::int64_t entries = 0;
  std::string head;     // The last hash: print it, and nobody can shorten the chain unseen.
  std::string problem;  // A sentence; empty if intact.
};

}  // namespace sca::store
