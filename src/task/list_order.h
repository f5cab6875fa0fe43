// Does a solution end otherwise where tools give their lists in another order? Then it picked one
// of several by its place.

#pragma once

#include <string>
#include <vector>

#include "task/gate.h"
#include "task/standings.h"

namespace sca::task {

// Whether a tool says that its lists are in an order ("newest first"): their places mean something.
bool GivesAnOrder(const ToolSpec& tool);

// Whether two runs write the same and answer the same, in whichever order.
bool EndTheSame(const Trace& left, const Trace& right, const std::vector<ToolSpec>& tools);

// What the solution took out of a list, and what it takes where the list is the other way round.
struct PickedByPlace {
  std::string parameter;  // Of the call that it handed it to; empty if it is the answer.
  Trace::Call call;       // That call; without a tool if there is none.
  Reached taken;          // Its siblings are the whole rest of the list.
  Standing otherwise;     // One of them.
};

// Runs the solution once more, in a world whose read tools give their lists backwards. Empty where
// it ends the same, where evaluate accepts that end too, or where nobody can tell what was picked.
Result<std::vector<PickedByPlace>> FindPickedByPlace(Candidate& candidate, const Trace& solution);

}  // namespace sca::task
