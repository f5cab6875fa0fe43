// Whether worlds hold out: many verdicts in a row without anything left behind, and many episodes
// open at once that keep their states apart.

#pragma once

#include <cstddef>
#include <filesystem>

#include "base/json.h"
#include "base/progress.h"
#include "base/result.h"

namespace sca::env {

struct EnduranceOptions {
  std::filesystem::path folder;    // For the environment; made if missing.
  std::size_t verdicts = 100'000;  // In all, on all cores.
  std::size_t verdicts_a_world = 50;
  std::size_t episodes = 500;  // Open at once.
};

// What this process and all that it has started hold.
struct Holdings {
  std::size_t memory_kb = 0;  // Proportional set size: shared pages are counted once.
  std::size_t descriptors = 0;
  std::size_t processes = 0;
  std::size_t zombies = 0;
};

struct Endurance {
  std::size_t verdicts = 0;
  std::size_t wrong_verdicts = 0;
  double seconds = 0;
  Holdings before;  // After the first twentieth of the verdicts, when caches are warm.
  Holdings after;
  std::size_t episodes = 0;
  std::size_t mixed_up_episodes = 0;  // Whose state is not the one that they wrote.

  Json ToJson() const;
};

Result<Endurance> MeasureEndurance(const EnduranceOptions& options, Progress& progress);

}  // namespace sca::env
