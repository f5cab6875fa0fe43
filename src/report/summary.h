// All figures of a run, computed once from its store; every form of the report only words them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "domain/evaluation.h"
#include "store/store.h"

namespace sca::report {

struct GateFigures {
  std::string gate;
  int entered = 0;  // Candidates that the gate passed or failed.
  int passed = 0;
  int waiting = 0;          // Candidates for a person, whose gate it is: no word is taken up yet.
  double milliseconds = 0;  // Over all candidates.
};

// Candidates of one iteration, or of all (iteration 0).
struct CandidateFigures {
  int iteration = 0;
  int candidates = 0;
  int accepted = 0;
  int set_aside = 0;  // Passed all gates, but the pilot could not solve it (or always did).
  int waiting = 0;    // Passed all gates but `approved`, for which no word is taken up yet.
  int rejected = 0;
  int infrastructure_failures = 0;  // In no other number: ours broke, not the task.
  int sent_back = 0;                // Failed a gate at first and were revised.
  int rescued = 0;                  // Of these, not rejected in the end.
};

struct RolloutFigures {
  int iteration = 0;
  std::string purpose;  // "pilot", "rollout".
  int episodes = 0;     // Judged ones.
  int successes = 0;
  int infrastructure_failures = 0;
};

// Held-out success of the tasks whose reference solution makes `calls` tool calls.
struct CallsFigures {
  int calls = 0;
  int tasks = 0;
  int before_trials = 0, before_successes = 0;
  int after_trials = 0, after_successes = 0;
};

struct Counted {
  std::string name;
  int count = 0;
};

// Of the accepted tasks; entropies in bits.
struct Diversity {
  std::vector<Counted> tools;     // Calls of each tool in the solutions, most frequent first.
  std::vector<Counted> shapes;    // Tasks of each sequence of tools, most frequent first.
  std::vector<Counted> calls;     // Tasks of each number of calls, in that order.
  std::vector<Counted> entities;  // String arguments of the calls, most frequent first.
  double tools_entropy = 0;
  double shapes_entropy = 0;
  double entities_entropy = 0;

  // Entropy as a share of the most that so many kinds can have: 1 where all are equally frequent,
  // 0 where there is one kind or none.
  static double Evenness(double entropy, const std::vector<Counted>& counts);
  // The mean of the three evennesses.
  double Overall() const;
};

struct ExampleTask {
  std::string caption;  // "Accepted", or the gate that failed.
  store::Candidate candidate;
};

struct ExampleTrajectory {
  std::string caption;
  std::string instruction;  // Empty where the store does not know it.
  store::StoredTrajectory stored;
};

struct Summary {
  std::string title;
  std::string environment;
  std::string model;
  std::uint64_t seed = 0;
  bool finished = false;
  int isolation_level = 0;
  Json recipe = Json::object();  // Dotted key to value.

  std::vector<GateFigures> funnel;  // In the order of the gates.
  CandidateFigures candidates;      // Of the whole run.
  std::vector<CandidateFigures> iterations;
  std::vector<RolloutFigures> rollouts;
  std::vector<Evaluation> evaluations;
  std::optional<Evaluation> before;  // The pair that `comparison` compares: the same environment.
  std::optional<Evaluation> after;   // The last one that is not `before`.
  std::optional<Comparison> comparison;
  std::vector<CallsFigures> by_calls;
  std::vector<store::TrainingRecord> trainings;
  std::vector<store::Metric> metrics;
  Diversity diversity;
  std::vector<Review> reviews;          // All that people said of tasks, in order.
  Json speed = Json::object();          // As the campaign measured it.
  Json stage_seconds = Json::object();  // Stage to wall-clock seconds.
  std::vector<ExampleTask> accepted_examples;
  std::vector<ExampleTask> rejected_examples;  // One a gate.
  std::vector<ExampleTrajectory> trajectory_examples;
  store::AuditCheck audit;
};

// Reads everything but the tokens of trajectories. An empty or half-finished run has a summary too.
Result<Summary> Summarize(const store::Store& store);

// Mean over tasks of pass^4: all of four trials succeed.
double PassHat4(const Evaluation& evaluation);

}  // namespace sca::report
