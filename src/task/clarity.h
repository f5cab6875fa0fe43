// Whether an instruction says what its solution does: no other computation, and no choice that
// nobody gave.

#pragma once

#include <optional>
#include <string>

#include "task/gate.h"

namespace sca::task {

// What is unclear, as a sentence; empty where nothing is plain. May run the solution otherwise.
Result<std::optional<std::string>> WhatIsUnclear(Candidate& candidate, const Trace& solution);

}  // namespace sca::task
