// What the processes of an episode say, taken from the JSON of their messages. A cell and a
// verifier run code of a model and may say anything: what they cannot know is not taken, and sizes
// are cut. Internal to this module.

#pragma once

#include <vector>

#include "base/json.h"
#include "env/environment.h"
#include "env/episode.h"

namespace sca::env {

// A call of the world: its result, or why it gave none.
ToolCall CallFrom(const Json& reply, ToolCall call);

// Tool calls as a verifier, which is not trusted, tells them.
std::vector<ToolCall> CallsFrom(const Json& message);

// What code came to; its calls are not among it.
CodeResult ResultFrom(const Json& message, const EnvironmentLimits& limits);

VerdictResult VerdictFrom(const Json& message);

}  // namespace sca::env
