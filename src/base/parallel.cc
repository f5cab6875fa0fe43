#include "base/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace sca {
namespace {

thread_local std::size_t core_of_this_thread = 0;

std::vector<int> AllowedCores() {
  cpu_set_t allowed;
  std::vector<int> cores;
  if (::sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return {};
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(static_cast<std::size_t>(core), &allowed)) cores.push_back(core);
  }
  return cores;
}

// It is faster there, and right anywhere.
void StayOn(const std::vector<int>& cores, std::size_t index) {
  core_of_this_thread = index;
  if (index >= cores.size()) return;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(cores[index]), &one);
  ::sched_setaffinity(0, sizeof(one), &one);
}

}  // namespace

std::size_t CoreCount() { return std::max<std::size_t>(1, AllowedCores().size()); }

Status ForEachInParallel(std::size_t count, const std::function<Status(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::optional<Error> error;
  {
    const std::vector<int> cores = AllowedCores();
    std::vector<std::jthread> workers;
    const std::size_t workers_max = std::max<std::size_t>(1, cores.size());
    for (std::size_t worker = 0; worker < std::min(workers_max, count); ++worker) {
      workers.emplace_back([&, worker] {
        StayOn(cores, worker);
        for (std::size_t index = next++; index < count; index = next++) {
          const Status status = work(index);
          if (status.ok()) continue;
          std::scoped_lock lock(mutex);
          if (!error.has_value()) error = status.error();
          next = count;  // Nobody needs the rest.
        }
      });
    }
  }
  return error.has_value() ? Status(*error) : Status();
}

void RunOnCore(std::size_t core, const std::function<void()>& work) {
  const std::vector<int> cores = AllowedCores();
  std::jthread thread([&] {
    StayOn(cores, core);
    work();
  });
}

std::size_t CoreOfThisThread() { return core_of_this_thread; }

}  // namespace sca
