// A process that has loaded an environment once (or nothing) and forks worlds and cells of it.
//
// It is an executable of its own, sca-zygote, because a threaded process must not be forked. It
// never runs code of a model. docs/ARCHITECTURE.md section 3 has the plan of processes.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "base/json.h"
#include "sandbox/control_group.h"
#include "sandbox/isolation.h"
#include "sandbox/process.h"

namespace sca::sandbox {

struct ZygoteOptions {
  std::filesystem::path folder;  // With tools.py; empty: a bare zygote, for cells.
  Json stubs = Json::array();    // For a bare one: the tools that cells may ask for, as tools().
  std::size_t memory_bytes = std::size_t{512} << 20;  // A child may take beyond what is loaded.
  std::size_t output_bytes = std::size_t{64} << 10;   // Printed by one piece of code.
  unsigned cpu_seconds = 3600;                        // Of one child, over all its turns.
  ControlGroupLimits together;                        // Of all children, where the machine can.
  std::chrono::milliseconds load_time{60'000};
  IsolationLevel level_min = IsolationLevel::kLandlock;  // Start refuses less.
  IsolationLevel level_max = IsolationLevel::kNamespaces;
};

enum class ChildKind { kWorld, kCell };

// Thread-safe.
class Zygote {
 public:
  // Starts the process and waits until it has loaded. An exception in tools.py is kInvalidArgument
  // with its text; too little confinement is kFailedPrecondition and says what is missing.
  static Result<std::unique_ptr<Zygote>> Start(ZygoteOptions options);

  // A new child. If the zygote has died, it is started again first.
  Result<Process> Fork(ChildKind kind, std::uint64_t seed);

  // How a child ended that does not speak any more; kills it if it lives. kInfrastructure where the
  // zygote has been started again since.
  Ending EndingOfChild(Process& child);

  // What a bare fork of the zygote costs: microseconds from fork to reaped, `count` times.
  Result<std::vector<double>> MeasureForks(int count);

  const Json& tools() const { return tools_; }  // See python/sca/tools.py, class Tool.
  const Isolation& isolation() const { return isolation_; }

 private:
  explicit Zygote(ZygoteOptions options) : options_(std::move(options)) {}
  Status Launch();
  Status WaitUntilReady();

  ZygoteOptions options_;
  std::mutex mutex_;
  Channel control_;
  int launches_ = 0;
  Json tools_;
  Isolation isolation_;
};

}  // namespace sca::sandbox
