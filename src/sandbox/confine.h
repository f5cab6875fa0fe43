// The kernel's side of confinement, for the process that calls it. Used by sca-zygote only.
//
// Needs nothing of sca and throws nothing: it runs between fork and code that must not be trusted.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sca::sandbox {

// What the zygote could get; children inherit it.
struct Measures {
  bool namespaces = false;  // User, mount, pid, net, ipc, uts.
  bool empty_root = false;
  int landlock_abi = 0;  // 0: none.
  bool seccomp = false;
  std::vector<std::string> missing;  // A sentence each.
};

// Enters own namespaces, if `wanted`; the caller must fork once for the pid namespace. Before any
// thread exists.
void EnterNamespaces(bool wanted, Measures& measures);

// Replaces the root by an empty read-only one. Only within own namespaces.
void EnterEmptyRoot(Measures& measures);

// Compiles the system-call filter once and looks for Landlock; `level_max` as IsolationLevel.
void PrepareFilters(int level_max, Measures& measures);

// Closes every descriptor but 0, 1, 2 and `descriptor`.
void KeepOnly(int descriptor);

// For a child that will run code of a model: limits, no_new_privs, Landlock, system-call filter.
// False if something that `measures` claims cannot be applied: the child must end then.
bool ConfineChild(const Measures& measures, std::size_t memory_bytes, unsigned cpu_seconds);

}  // namespace sca::sandbox
