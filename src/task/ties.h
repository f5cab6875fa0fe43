// Finds where an instruction asks for the largest of several and two are equally large.

#pragma once

#include <optional>
#include <string>

#include "task/gate.h"

namespace sca::task {

struct Tie {
  std::string taken;   // What the solution takes,
  std::string other;   // and what is its equal in all that the solution looks at.
  std::string figure;  // "get_order price 25.0": in which it is the first or the last of all.
};

// Found in what the calls of the solution gave, so that it is no matter how its code picks. Empty
// too where evaluate accepts the other one.
Result<std::optional<Tie>> FindTie(Candidate& candidate, const Trace& solution);

}  // namespace sca::task
