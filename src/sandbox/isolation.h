// How well the processes that run model code are confined on this machine: level and evidence.
//
// The level is tried, not believed: each zygote forks a canary that attempts what must not work,
// and refuses to start if anything succeeds that its level forbids.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace sca::sandbox {

enum class IsolationLevel {
  kUnconfined = 0,  // Resource limits and wall clock only. For tests, never for scores.
  kSeccomp = 1,     // And no_new_privs, system-call allow-list, closed descriptors.
  kLandlock = 2,    // And Landlock. What a default container gives.
  kNamespaces = 3,  // And own user, mount, pid, net, ipc, uts namespaces, empty read-only root.
};

std::string_view IsolationLevelName(IsolationLevel level);

struct Isolation {
  IsolationLevel level = IsolationLevel::kUnconfined;
  int landlock_abi = 0;               // 0: the kernel has no Landlock.
  std::vector<std::string> measures;  // What holds: "user namespace", "seccomp", ...
  std::vector<std::string> missing;   // What could not be had, and why, a sentence each.

  Json ToJson() const;
  static Result<Isolation> FromJson(const Json& json);
};

}  // namespace sca::sandbox
