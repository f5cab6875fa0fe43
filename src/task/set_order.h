// Finds what goes by the order in which sets give their elements. The hash seed of worlds is fixed,
// so that a second run does not show it.

#pragma once

#include <optional>
#include <string>

#include "task/gate.h"

namespace sca::task {

// Runs the solution, and then evaluate after it, with sets that give what they have in one order
// and in the other. A sentence if either ends otherwise.
Result<std::optional<std::string>> WhatGoesByTheOrderOfSets(Candidate& candidate,
                                                            const Trace& solution);

}  // namespace sca::task
