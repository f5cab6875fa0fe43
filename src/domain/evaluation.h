// The figures of an evaluation: how an executor did on held-out tasks.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"

namespace sca {

struct Interval {
  double low = 0;
  double high = 0;
};

// One task over its trials. Trials that infrastructure broke are in neither number.
struct TaskScore {
  std::string task_id;
  int calls = 0;  // Tool calls of the reference solution.
  int trials = 0;
  int successes = 0;
};

struct Evaluation {
  std::string stage;        // "before", "iteration_1", ..., "after".
  std::string environment;  // Its name.
  std::string policy;       // "base", or the adapter's name.
  std::uint64_t seed = 0;
  int trials = 0;  // A task.
  std::vector<TaskScore> tasks;
  double pass_at_1 = 0;         // Mean success over tasks and trials.
  Interval pass_at_1_interval;  // Wilson, 95%.
  double pass_at_4 = 0;         // 1 - C(n-c, 4) / C(n, 4), mean over tasks.
  int infrastructure_failures = 0;

  Json ToJson() const;
  static Result<Evaluation> FromJson(const Json& json);
};

// After minus before on the same tasks, paired bootstrap over tasks, 95%.
struct Comparison {
  double difference = 0;
  Interval interval;

  Json ToJson() const;
};

}  // namespace sca
