// The kernel's side of confinement, for the process that calls it. Used by sca-zygote only.
//
// Needs nothing of sca and throws nothing: it runs between fork and code that must not be trusted.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/zygote_filter.h"

namespace sca::sandbox {

// What the zygote could get; children inherit it.
struct Measures {
  bool namespaces = false;  // User, mount, pid, net, ipc, uts.
  bool empty_root = false;
  bool control_group = false;             // Limits it and its children together.
  int landlock_abi = 0;                   // 0: none.
  std::optional<FilterPrograms> filters;  // None: no system-call filter.
  std::vector<std::string> missing;       // A sentence each.
};

struct ChildLimits {
  std::size_t memory_bytes = 0;  // Beyond what the zygote has loaded.
  unsigned cpu_seconds = 0;
};

// Enters the control group whose cgroup.procs is `entrance`; "": there is none.
void EnterControlGroup(const char* entrance, Measures& measures);

// Enters own namespaces, if `wanted`; the caller must fork once for the pid namespace. Before any
// thread exists.
void EnterNamespaces(bool wanted, Measures& measures);

// For a zygote that has loaded all it needs, and for all its children: an empty read-only root
// (within own namespaces), no privileges, Landlock, the filter for trusted processes. `level_max`
// as IsolationLevel. False if something that `measures` claims does not hold: end then.
bool SealZygote(int level_max, Measures& measures);

// In a child just forked: dies with its parent, keeps descriptor `channel` as 3 and none above.
bool BecomeChild(int channel, int parent_pid);

// For a world: its memory is limited while a tool runs, so that whatever a tool leaves in the state
// there is room for the messages between.
enum class WorldAt { kMessages, kTool };
bool LimitWorld(const ChildLimits& limits, WorldAt at);

// For a child that will run code of a model: limits and the second filter. False: end then.
bool ConfineCode(const Measures& measures, const ChildLimits& limits);

// Forks children that are confined like code and try what they must not be able to do. A sentence
// part for each thing that worked ("open a file"): nothing must.
std::vector<std::string> RunCanaries(const Measures& measures, const ChildLimits& limits);

}  // namespace sca::sandbox
