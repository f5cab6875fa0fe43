// The same work for many units on all cores.

#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace sca {

// The cores that the calling thread may use, at least 1.
std::size_t CoreCount();

// Calls `work` once for each index in [0, count), several at once, in no order: a thread on each
// core, which stays there, and so do the processes that it starts. The first Error ends it: no
// further unit is begun, and the Error is given back.
Status ForEachInParallel(std::size_t count, const std::function<Status(std::size_t)>& work);

// Calls `work` in a thread that stays on the core with this index, below CoreCount(), and waits.
void RunOnCore(std::size_t core, const std::function<void()>& work);

// The index of the core on which one of the above put the calling thread; 0 in others.
std::size_t CoreOfThisThread();

}  // namespace sca
