// A solution that hands a tool two things the other way round: from B to A in place of A to B.

#pragma once

#include <string>
#include <vector>

#include "domain/code_as_task.h"
#include "env/environment.h"
#include "task/known_tasks.h"

namespace sca::task {

struct Swapped {
  std::string tool;
  std::string one;  // What changes places in the first call that does.
  std::string other;
  std::string code;  // The whole solution so.
};

// For each read tool of the trace that takes two texts; whether it works so is for a run to tell.
std::vector<Swapped> WithArgumentsSwapped(const CodeAsTask& task, const Trace& solution,
                                          const std::vector<ToolSpec>& tools);

}  // namespace sca::task
