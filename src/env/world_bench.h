// Measures what worlds cost on this machine, against floors taken in the same run.
//
// Everything runs on one core: the calling thread and the processes it starts are bound to it for
// the time, so that a rate is one of a core and nothing waits for another core to wake.

#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/progress.h"
#include "sandbox/isolation.h"

namespace sca::env {

struct BenchOptions {
  std::filesystem::path folder;  // For the environments that are measured; made if missing.
  std::size_t samples = 200;     // Of each row; a tenth of it for rows of whole programs.
  std::size_t small_bytes = 2'000;
  std::size_t json_bytes = 5'000'000;   // Of a state as JSON text.
  std::size_t heap_bytes = 20'000'000;  // Of a state as Python objects.
  std::size_t large_heap_bytes = 200'000'000;
};

// Times from the start of one to the start of the next, so that ending counts too; of a
// verification_in_world from the request to the end of the world, which is started off the clock.
struct BenchRow {
  // fork_floor: a bare fork of the zygote. world_reset: a world, to its first reply and its end.
  // verification: in a fork of a world, which stays for more. verification_in_world: how an
  // episode ends, in its world, which is there already and ends with it. attempt: world, cell,
  // three tool calls, verification_in_world. python3_subprocess, bwrap_python3: a Python that loads
  // the state.
  std::string name;
  std::size_t state_bytes = 0;  // Of Python objects for the heaps, else of JSON text.
  bool confined = false;
  double p50_us = 0;
  double p99_us = 0;
  double per_second_per_core = 0;
};

struct WorldBench {
  std::vector<BenchRow> rows;
  // A world against a bare fork of the same zygote; named after the default sizes.
  std::optional<double> confined_to_fork_20mb;
  std::optional<double> confined_to_fork_200mb;
  std::optional<double> confinement_share;  // Of a world's time, at heap_bytes.
  std::optional<double> to_python3;         // How many times faster an attempt is, at json_bytes.
  std::optional<double> to_bwrap;
  std::string without_bwrap;     // Why there is no to_bwrap; empty if there is.
  sandbox::Isolation isolation;  // Of the rows that are confined.

  Json ToJson() const;  // {rows, ratios}.
};

// A row of the times, in microseconds, which must not be empty.
BenchRow SummarizeTimes(BenchRow row, std::vector<double> microseconds);

// Fails where a zygote cannot start or a measured piece of code does not do what it must.
Result<WorldBench> MeasureWorlds(const BenchOptions& options, Progress& progress);

}  // namespace sca::env
