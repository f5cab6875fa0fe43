#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace sca {

Status ForEachInParallel(std::size_t count, const std::function<Status(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::optional<Error> error;
  {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::jthread> workers;
    for (std::size_t worker = 0; worker < std::min(cores, count); ++worker) {
      workers.emplace_back([&] {
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

}  // namespace sca
