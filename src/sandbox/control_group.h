// A control group (cgroup v2) that limits a zygote and all its children together, where one may be
// made. Where none may, each child still has limits of its own.

#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sca::sandbox {

struct ControlGroupLimits {
  std::size_t memory_bytes = 0;  // 0: three quarters of the machine's.
  unsigned processes = 8192;
};

// The group goes when this is destroyed, once nothing runs in it any more.
class ControlGroup {
 public:
  ControlGroup() = default;  // None.
  ~ControlGroup();
  ControlGroup(ControlGroup&& other) noexcept;
  ControlGroup& operator=(ControlGroup&& other) noexcept;
  ControlGroup(const ControlGroup&) = delete;
  ControlGroup& operator=(const ControlGroup&) = delete;

  // A group with these limits within the group of this process, which moves into a leaf of its own
  // if that is what the kernel asks for. kUnavailable says why there can be none.
  static Result<ControlGroup> Make(const std::filesystem::path& own,
                                   const ControlGroupLimits& limits);

  // The folder of this process's group, from what /proc/self/mountinfo and /proc/self/cgroup say.
  // kUnavailable if there is no cgroup v2.
  static Result<std::filesystem::path> OwnFolder(std::string_view mounts, std::string_view groups);

  // Where a process writes 0 to enter the group; empty if there is none.
  std::string Entrance() const { return folder_.empty() ? "" : folder_ / "cgroup.procs"; }

 private:
  explicit ControlGroup(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
};

// Make, for this process as it runs.
Result<ControlGroup> MakeControlGroup(const ControlGroupLimits& limits);

}  // namespace sca::sandbox
