// The gate that a person decides: `approved`, the last of all, and only where a recipe asks for it.

#pragma once

#include <optional>
#include <span>

#include "domain/code_as_task.h"
#include "domain/gate_verdict.h"
#include "domain/recipe.h"
#include "domain/review.h"

namespace sca::task {

// None while nobody has said anything about the task as it is now. A copy of one of `held_out`
// fails whatever was said: those tasks are for measuring, not for training.
std::optional<GateVerdict> JudgeApproved(const CodeAsTask& task, std::span<const Review> reviews,
                                         std::span<const CodeAsTask> held_out,
                                         const GateSettings& settings);

}  // namespace sca::task
