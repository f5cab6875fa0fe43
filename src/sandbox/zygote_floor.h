// What a bare fork of this process costs: the floor under every world and cell.

#pragma once

#include <vector>

namespace sca::sandbox {

// Forks children that end at once and waits for each: microseconds from fork to reaped. Shorter
// than `count` where no more can be forked.
std::vector<double> MeasureForks(int count);

}  // namespace sca::sandbox
