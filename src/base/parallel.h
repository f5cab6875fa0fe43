// The same work for many units on all cores.

#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace sca {

// Calls `work` once for each index in [0, count), several at once, in no order. The first Error
// ends it: no further unit is begun, and the Error is given back.
Status ForEachInParallel(std::size_t count, const std::function<Status(std::size_t)>& work);

}  // namespace sca
