// The values of a tool's result, each with what stands beside it.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"

namespace sca::task {

// A string or number as it stands in a tool's result.
struct Standing {
  Json value;
  std::string key;  // Of the object that holds it; empty in a plain list or alone.
  std::shared_ptr<const Json> around;  // That object, or null.
};

constexpr std::size_t kSiblingsMax = 24;

struct Reached {
  Standing standing;
  std::vector<Standing> siblings;  // Others of the same list, no more than kSiblingsMax.
  std::string path;                // "C02 → list_orders → A104".
  int depth = 1;                   // Calls on that path.
  bool from_literals = true;       // No call on it is without arguments.
};

// All strings and numbers of a result. Elements of a list are siblings, and so are the values of
// one key in a list of objects; only the first of a long list are given them.
std::vector<Reached> StandingsIn(const Json& result);

// The same string but for case, or the same number.
bool IsSameValue(const Json& left, const Json& right);

}  // namespace sca::task
