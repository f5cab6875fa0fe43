// The system-call filters of sca-zygote and its children, compiled once, installed as bytes.
//
// Two layers: the first lets a zygote or a world talk, compute and fork; the second, for processes
// that run code of a model, takes forking, descriptors and limits away again. Children inherit the
// first, so only the small second one is installed after a fork.

#pragma once

#include <linux/filter.h>

#include <optional>
#include <vector>

namespace sca::sandbox {

using FilterProgram = std::vector<sock_filter>;

struct FilterPrograms {
  FilterProgram trusted;  // For zygotes and worlds.
  FilterProgram code;     // On top of it, for cells and verifiers.
};

// None if libseccomp cannot compile them here.
std::optional<FilterPrograms> CompileFilters();

// For the calling process and its children to come. Needs no_new_privs.
bool InstallFilter(const FilterProgram& program);

}  // namespace sca::sandbox
