// Whether independent attempts at a task come to the solution's end, and by which way.

#pragma once

#include <span>

#include "domain/trajectory.h"
#include "env/environment.h"
#include "task/known_tasks.h"

namespace sca::task {

// The calls of an episode that worked, and its answer.
Trace TraceOf(const Trajectory& trajectory);

// An attempt agrees if it was rewarded and ended with the solution's answer and end state, found by
// making its write calls again in a fresh world. One by another trace (other tools, another order
// or other arguments) says more: the task has one end, not only one way.
struct Agreement {
  int attempts = 0;  // Judged ones.
  int agreed = 0;
  int by_another_trace = 0;  // Of those that agreed.
};

Result<Agreement> AgreementOf(std::span<const Trajectory> attempts, const Trace& solution,
                              const env::Environment& environment);

}  // namespace sca::task
