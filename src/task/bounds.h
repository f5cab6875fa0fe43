// "At least", "more than", "between": does the solution draw the line where the words do?

#pragma once

#include <optional>
#include <string>

#include "task/gate.h"

namespace sca::task {

// Where it does not, and something lies on the line, a sentence. Runs the solution with a
// comparison that takes the line in, or leaves it out, only where the words leave that open or say
// otherwise.
Result<std::optional<std::string>> FindOtherBound(Candidate& candidate, const Trace& solution);

}  // namespace sca::task
