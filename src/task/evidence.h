// Words that several gates use for what they found.

#pragma once

#include <cstddef>
#include <string>

#include "env/episode.h"
#include "task/gate.h"

namespace sca::task {

inline constexpr std::size_t kEvidenceBytesMax = 300;  // Of one error that a gate quotes.

Finding Failed(std::string evidence);

// What evaluate() said: "True", "False", or why there is no verdict.
std::string Describe(const env::VerdictResult& verdict);

}  // namespace sca::task
