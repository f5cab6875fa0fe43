// A wave: a fixed group of episodes played at once, whose model calls are batched in lockstep.

#pragma once

#include <cstddef>
#include <functional>

#include "base/progress.h"
#include "base/result.h"
#include "llm/model.h"

namespace sca::rollout {

// Calls `play(index, session)` for each index in [0, count), each on a thread of its own, and
// returns when all have ended. `play` must write its result to its own place.
Status PlayWave(llm::Model& model, std::size_t count, Progress& progress,
                const std::function<void(std::size_t, llm::Session&)>& play);

}  // namespace sca::rollout
