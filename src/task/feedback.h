// What the challenger is told of the first gate that its task did not pass.

#pragma once

#include <string>

#include "domain/gate_verdict.h"

namespace sca::task {

// Short and concrete: what was found, and what to do about it. Never a word of a held-out task.
std::string FeedbackFor(const GateVerdict& failure);

}  // namespace sca::task
