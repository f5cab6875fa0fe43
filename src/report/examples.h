// Which tasks and trajectories a report shows as examples: a fixed choice, never a random one.

#pragma once

#include <vector>

#include "report/summary.h"

namespace sca::report {

// Accepted tasks of unlike tool sequences, those with the most calls first.
std::vector<ExampleTask> AcceptedExamples(const std::vector<store::Candidate>& candidates);

// For each gate the first candidate that fell at it.
std::vector<ExampleTask> RejectedExamples(const std::vector<store::Candidate>& candidates,
                                          const std::vector<GateFigures>& funnel);

// A held-out task that failed before and succeeded after, then what failed after and what
// succeeded before. `instructions` gives a held-out task's words by its id.
std::vector<ExampleTrajectory> TrajectoryExamples(
    const std::vector<store::StoredTrajectory>& trajectories, const Summary& summary,
    const Json& instructions);

}  // namespace sca::report
