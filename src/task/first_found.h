// Finds where a solution takes the first thing that fits, although another fits as well.

#pragma once

#include <optional>
#include <string>

#include "task/gate.h"

namespace sca::task {

// Runs the solution once more, with its searches from the other end: loops that break or keep the
// last that fits, next(…), the first of what a list was filtered to. What it came to if that is
// something else, nothing fails on the way, and evaluate rejects it.
Result<std::optional<Trace>> FindAnotherThatFits(Candidate& candidate, const Trace& solution);

}  // namespace sca::task
