// The gates that a model decides: a few independent attempts at a task before it is kept.

#pragma once

#include <span>

#include "domain/gate_verdict.h"
#include "domain/recipe.h"
#include "domain/trajectory.h"

namespace sca::task {

// `solvable`: at least settings.pilot_successes_min of the rollouts succeed. Fewer put a task
// aside; it is not scored as hard. `not_trivial`: not more than the share settings.pilot_rate_max
// does. Rollouts that infrastructure broke are not counted.
TaskVerdict JudgePilot(std::span<const Trajectory> rollouts, const GateSettings& settings);

}  // namespace sca::task
