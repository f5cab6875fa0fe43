// What `sca doctor` finds out about this machine and this build.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace sca::cli {

struct MachineFacts {
  // {processor, cores, vector_extensions, fast_bf16, memory_gib, memory_free_gib, disk_free_gib,
  // python, isolation: {level, name, measures, missing}, llama_built_in, trainer_built_in,
  // matrix_library, models, models_folder}
  Json facts;
  std::vector<std::string> problems;  // A sentence each, with the remedy. What stops a run.
  std::vector<std::string> remarks;   // What makes it slow or weaker.

  bool sound() const { return problems.empty(); }
};

// Starts a bare zygote and runs one line of Python in it.
Result<MachineFacts> ExamineMachine();

// "model name" and the vector extensions of interest, from the text of /proc/cpuinfo.
Json ProcessorFacts(std::string_view cpuinfo);

// The value of a line like "MemAvailable:  1234 kB" of /proc/meminfo, in GiB; 0 if there is none.
double MemoryGib(std::string_view meminfo, std::string_view key);

}  // namespace sca::cli
