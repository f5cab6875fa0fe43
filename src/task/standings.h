// The values of a tool's result, each with what stands beside it.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace sca::task {

// A string or number as it stands in a tool's result.
struct Standing {
  Json value;
  std::string key;  // Of the object that holds it; empty in a plain list or alone.
  Json around;      // That object, or null.
};

struct Reached {
  Standing standing;
  std::vector<Standing> siblings;  // The others of the same list.
  std::string path;                // "C02 → list_orders → A104".
  int depth = 1;                   // Calls on that path.
  bool from_literals = true;       // No call on it is without arguments.
};

// All strings and numbers of a result. Elements of a list are siblings, and so are the values of
// one key in a list of objects.
std::vector<Reached> StandingsIn(const Json& result);

// The same string but for case, or the same number.
bool IsSameValue(const Json& left, const Json& right);

}  // namespace sca::task
