#include "sandbox/control_group.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/text.h"

namespace sca::sandbox {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kLeaf = "sca-host";  // For this process, beside the zygotes' groups.
constexpr std::string_view kControllers = "+memory +pids";

Error None(std::string why) {
  return {ErrorCode::kUnavailable,
          fmt::format("No control group limits all processes together: {}.", why)};
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char character : text) {
    if (character != ' ' && character != '\n') {
      words.back() += character;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// The kernel's files are not written by replacing them.
bool Write(const fs::path& file, std::string_view text) {
  std::ofstream stream(file);
  stream << text << std::flush;
  return stream.good();
}

bool HasBoth(const fs::path& file) {
  const auto text = ReadFile(file);
  if (!text.ok()) return false;
  bool memory = false;
  bool pids = false;
  for (const std::string& word : Words(*text)) {
    memory = memory || word == "memory";
    pids = pids || word == "pids";
  }
  return memory && pids;
}

// A group that hands controllers on may hold no processes itself, so this one moves to a leaf.
bool HandControllersOn(const fs::path& own) {
  const fs::path file = own / "cgroup.subtree_control";
  if (HasBoth(file) || Write(file, kControllers)) return true;
  std::error_code code;
  fs::create_directory(own / kLeaf, code);
  if (!Write(own / kLeaf / "cgroup.procs", "0")) return false;
  if (Write(file, kControllers)) return true;
  Write(own / "cgroup.procs", "0");
  fs::remove(own / kLeaf, code);
  return false;
}

std::size_t MachineBytes() {
  return static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

ControlGroup::~ControlGroup() {
  if (folder_.empty()) return;
  std::error_code code;
  for (int tries = 0; tries < 50; ++tries) {  // The last children are just ending.
    if (::rmdir(folder_.c_str()) == 0 || !fs::exists(folder_, code)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

ControlGroup::ControlGroup(ControlGroup&& other) noexcept
    : folder_(std::exchange(other.folder_, {})) {}

ControlGroup& ControlGroup::operator=(ControlGroup&& other) noexcept {
  std::swap(folder_, other.folder_);
  return *this;
}

Result<ControlGroup> ControlGroup::Make(const fs::path& own, const ControlGroupLimits& limits) {
  const fs::path base = own.filename() == kLeaf ? own.parent_path() : own;
  if (!HasBoth(base / "cgroup.controllers")) {
    return None(fmt::format("{} has no controllers for memory and pids", base.string()));
  }
  if (!HandControllersOn(base)) {
    return None(fmt::format("{} is not delegated to this user", base.string()));
  }
  std::string folder_name = base / "sca-zygote-XXXXXX";
  if (::mkdtemp(folder_name.data()) == nullptr) {
    return None(fmt::format("{} takes no group", base.string()));
  }
  const fs::path folder = folder_name;
  ControlGroup group(folder);
  const std::size_t bytes = limits.memory_bytes > 0 ? limits.memory_bytes : MachineBytes() / 4 * 3;
  if (!Write(folder / "memory.max", std::to_string(bytes)) ||
      !Write(folder / "pids.max", std::to_string(limits.processes))) {
    return None(fmt::format("{} takes no limits", folder.string()));
  }
  return group;
}

Result<fs::path> ControlGroup::OwnFolder(std::string_view mounts, std::string_view groups) {
  std::string own;
  for (const std::string_view line : SplitLines(groups)) {
    if (line.starts_with("0::/")) own = line.substr(4);
  }
  for (const std::string_view line : SplitLines(mounts)) {
    // 36 35 98:0 ROOT MOUNT_POINT options ... - TYPE source options
    const std::vector<std::string> words = Words(line);
    if (words.size() < 5 || line.find(" - cgroup2 ") == std::string_view::npos) continue;
    const std::string root = words[3] == "/" ? "" : words[3].substr(1) + "/";
    if (!(own + "/").starts_with(root)) continue;  // Another part of the tree is mounted there.
    const std::string below = own.size() > root.size() ? own.substr(root.size()) : "";
    return below.empty() ? fs::path(words[4]) : fs::path(words[4]) / below;
  }
  return None("there is no cgroup v2 here");
}

Result<ControlGroup> MakeControlGroup(const ControlGroupLimits& limits) {
  const auto mounts = ReadFile("/proc/self/mountinfo");
  const auto groups = ReadFile("/proc/self/cgroup");
  if (!mounts.ok() || !groups.ok()) return None("/proc cannot be read");
  const fs::path own = SCA_TRY(ControlGroup::OwnFolder(*mounts, *groups));
  return ControlGroup::Make(own, limits);
}

}  // namespace sca::sandbox
