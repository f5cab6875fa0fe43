// Makes the clock and the entropy of this process a function of a seed.

#pragma once

#include <cstdint>

namespace sca::sandbox {

// From now on, for this process and its children: every clock starts at a fixed time and moves on
// by a microsecond a reading, and the system's random bytes are a stream made from `seed`.
void FixClockAndEntropy(std::uint64_t seed);

}  // namespace sca::sandbox
