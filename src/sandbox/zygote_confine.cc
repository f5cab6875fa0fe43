#include "sandbox/zygote_confine.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace sca::sandbox {
namespace {

// Numbers newer than Debian 12's headers.
constexpr long kLandlockCreateRuleset = 444;
constexpr long kLandlockRestrictSelf = 446;
constexpr unsigned kLandlockVersionFlag = 1;
constexpr unsigned kNobody = 65534;

struct LandlockRuleset {
  std::uint64_t file_access;
  std::uint64_t network_access;  // ABI 4.
  std::uint64_t scoped;          // ABI 6.
};

// Address space of the zygote once it has loaded; children may take their limit beyond it.
std::size_t loaded_bytes = 0;

void Miss(Measures& measures, const char* what) {
  measures.missing.push_back(std::string(what) + ": " + std::strerror(errno) + ".");
}

// An empty ruleset that handles all accesses: it allows none.
int OpenLandlock(int& abi) {
  abi = static_cast<int>(syscall(kLandlockCreateRuleset, nullptr, 0, kLandlockVersionFlag));
  if (abi < 1) return -1;
  LandlockRuleset ruleset{};
  const int access_bits = abi >= 5 ? 16 : abi >= 3 ? 15 : abi >= 2 ? 14 : 13;
  ruleset.file_access = (std::uint64_t{1} << access_bits) - 1;
  std::size_t size = sizeof(ruleset.file_access);
  if (abi >= 4) {
    ruleset.network_access = 3;
    size += sizeof(ruleset.network_access);
  }
  if (abi >= 6) {
    ruleset.scoped = 3;
    size += sizeof(ruleset.scoped);
  }
  return static_cast<int>(syscall(kLandlockCreateRuleset, &ruleset, size, 0));
}

bool SetLimit(int resource, rlim_t value) {
  const rlimit limit{value, value};
  return setrlimit(static_cast<__rlimit_resource>(resource), &limit) == 0;
}

std::size_t AddressSpaceBytes() {
  std::size_t pages = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "re"); file != nullptr) {
    if (std::fscanf(file, "%zu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

void EnterEmptyRoot(Measures& measures) {
  measures.empty_root =
      mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
      mount("none", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,mode=0555") == 0 &&
      chdir("/tmp") == 0 && syscall(SYS_pivot_root, ".", ".") == 0 &&
      umount2(".", MNT_DETACH) == 0 && chdir("/") == 0 &&
      mount(nullptr, "/", nullptr,
            MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0;
  if (!measures.empty_root) Miss(measures, "The root cannot be replaced by an empty one");
}

// Root without own namespaces becomes nobody; in own namespaces the capabilities go.
bool DropPrivileges(const Measures& measures) {
  if (!measures.namespaces && geteuid() == 0) {
    if (setgroups(0, nullptr) != 0 || setresgid(kNobody, kNobody, kNobody) != 0 ||
        setresuid(kNobody, kNobody, kNobody) != 0) {
      return false;
    }
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  return syscall(SYS_capset, &header, none) == 0;
}

// One thing that a confined process must not be able to do: negative if it was refused.
struct Attempt {
  const char* what;
  long (*run)();
};

constexpr Attempt kAttempts[] = {
    {"open a file", [] { return syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY, 0); }},
    {"look at a file",
     [] {
       struct stat status {};
       return syscall(SYS_newfstatat, AT_FDCWD, "/", &status, 0);
     }},
    {"make a socket", [] { return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0); }},
    {"fork", [] { return syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, 0); }},
    {"start a program", [] { return syscall(SYS_execve, "/bin/true", nullptr, nullptr); }},
    {"signal its parent", [] { return syscall(SYS_kill, syscall(SYS_getppid), 0); }},
    {"make executable memory",
     [] {
       return syscall(SYS_mmap, nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                      -1, 0);
     }},
    {"raise its limits", [] { return syscall(SYS_prlimit64, 0, RLIMIT_AS, nullptr, nullptr); }},
    {"pass a descriptor", [] { return syscall(SYS_sendmsg, 3, nullptr, 0); }},
};

// How a child that is confined like code ends when it runs `body`; its wait status.
template <typename Body>
int StatusOfConfined(const Measures& measures, const ChildLimits& limits, Body body) {
  const pid_t child = fork();
  if (child == 0) _exit(ConfineCode(measures, limits) ? body() : 250);
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

}  // namespace

void EnterControlGroup(const char* entrance, Measures& measures) {
  if (*entrance == '\0') return;
  const int file = open(entrance, O_WRONLY | O_CLOEXEC);
  measures.control_group = file >= 0 && write(file, "0", 1) == 1;
  if (!measures.control_group) Miss(measures, "The control group cannot be entered");
  if (file >= 0) close(file);
}

void EnterNamespaces(bool wanted, Measures& measures) {
  if (!wanted) return;
  constexpr int kFlags =
      CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
  measures.namespaces = unshare(kFlags) == 0;
  if (!measures.namespaces) Miss(measures, "Namespaces cannot be made");
}

bool SealZygote(int level_max, Measures& measures) {
  loaded_bytes = AddressSpaceBytes();
  if (measures.namespaces) EnterEmptyRoot(measures);
  if (level_max >= 1) {
    measures.filters = CompileFilters();
    if (!measures.filters) Miss(measures, "The system-call filter cannot be compiled");
  }
  bool sealed = DropPrivileges(measures) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                prctl(PR_SET_DUMPABLE, 0) == 0 && SetLimit(RLIMIT_FSIZE, 0) &&
                SetLimit(RLIMIT_CORE, 0) && SetLimit(RLIMIT_MEMLOCK, 0) &&
                SetLimit(RLIMIT_MSGQUEUE, 0);
  if (level_max >= 2) {
    const int ruleset = OpenLandlock(measures.landlock_abi);
    if (ruleset < 0) {
      measures.landlock_abi = 0;
      measures.missing.emplace_back("The kernel offers no Landlock.");
    } else {
      sealed = sealed && syscall(kLandlockRestrictSelf, ruleset, 0) == 0;
      close(ruleset);
    }
  }
  if (measures.filters) sealed = sealed && InstallFilter(measures.filters->trusted);
  return sealed;
}

bool BecomeChild(int channel, int parent_pid) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return false;
  if (static_cast<int>(syscall(SYS_getppid)) != parent_pid) return false;  // It died meanwhile.
  if (channel != 3 && dup2(channel, 3) != 3) return false;
  // New memory of a short-lived child is small pages: a huge one costs more to clear than it saves.
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  return syscall(SYS_close_range, 4, ~0U, 0) == 0;
}

bool LimitWorld(const ChildLimits& limits, WorldAt at) {
  constexpr std::size_t kForMessages = std::size_t{512} << 20;
  const std::size_t for_tools = loaded_bytes + limits.memory_bytes;
  // A verifier, which may take as much again, cannot raise what it inherits.
  const rlim_t all = for_tools + std::max(kForMessages, limits.memory_bytes);
  const rlimit limit{at == WorldAt::kTool ? for_tools : all, all};
  return setrlimit(RLIMIT_AS, &limit) == 0;
}

bool ConfineCode(const Measures& measures, const ChildLimits& limits) {
  const bool limited = SetLimit(RLIMIT_AS, loaded_bytes + limits.memory_bytes) &&
                       SetLimit(RLIMIT_CPU, limits.cpu_seconds) && SetLimit(RLIMIT_NPROC, 0) &&
                       SetLimit(RLIMIT_NOFILE, 4);
  return limited && (!measures.filters || InstallFilter(measures.filters->code));
}

std::vector<std::string> RunCanaries(const Measures& measures, const ChildLimits& limits) {
  std::vector<std::string> worked;
  if (!measures.filters) return worked;
  for (const Attempt& attempt : kAttempts) {
    const int status =
        StatusOfConfined(measures, limits, [&] { return attempt.run() < 0 ? 0 : 1; });
    if (status != 0) worked.emplace_back(attempt.what);
  }
  const int status = StatusOfConfined(measures, limits, [] {
    syscall(SYS_ptrace, 0, 0, nullptr, nullptr);
    return 1;
  });
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS) worked.emplace_back("trace a process");
  return worked;
}

}  // namespace sca::sandbox
