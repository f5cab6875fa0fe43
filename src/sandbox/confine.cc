#include "sandbox/confine.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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
constexpr long kCloseRange = 436;
constexpr unsigned kLandlockVersionFlag = 1;

struct LandlockRuleset {
  std::uint64_t file_access;
  std::uint64_t network_access;  // ABI 4.
  std::uint64_t scoped;          // ABI 6.
};

// Compiled before the fork; children only install them.
std::vector<sock_filter>& Filter() {
  static std::vector<sock_filter> filter;
  return filter;
}
int landlock_ruleset = -1;

void Miss(Measures& measures, const char* what) {
  measures.missing.push_back(std::string(what) + ": " + std::strerror(errno) + ".");
}

constexpr const char* kAllowed[] = {
    // Talk on open descriptors.
    "read", "write", "readv", "writev", "recvfrom", "sendto", "poll", "ppoll", "close", "lseek",
    "fstat",
    // Memory.
    "brk", "munmap", "madvise", "mremap",
    // Runtime.
    "futex", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
    "sched_yield", "rseq", "set_robust_list", "exit", "exit_group", "getrandom",
    // Time.
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    "times", "getrusage",
    // Identity.
    "getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid", "uname", "sysinfo",
    "sched_getaffinity"};

// Python asks for these and lives without: an import then fails as an import does.
constexpr const char* kDenied[] = {"open",   "openat",    "openat2",    "stat",      "lstat",
                                   "access", "faccessat", "faccessat2", "readlink",  "readlinkat",
                                   "statx",  "getcwd",    "chdir",      "getdents64"};

// Calls that no honest program makes.
constexpr const char* kFatal[] = {"ptrace",
                                  "process_vm_readv",
                                  "process_vm_writev",
                                  "bpf",
                                  "perf_event_open",
                                  "mount",
                                  "umount2",
                                  "pivot_root",
                                  "unshare",
                                  "setns",
                                  "keyctl",
                                  "add_key",
                                  "request_key",
                                  "io_uring_setup",
                                  "userfaultfd",
                                  "init_module",
                                  "finit_module",
                                  "delete_module",
                                  "kexec_load",
                                  "reboot",
                                  "swapon",
                                  "open_by_handle_at",
                                  "name_to_handle_at",
                                  "process_madvise",
                                  "pidfd_getfd"};

bool AddRules(scmp_filter_ctx context) {
  int failures = 0;
  const auto add = [&](std::uint32_t action, const char* name) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return;  // Not on this kernel's list: the default holds.
    if (seccomp_rule_add_array(context, action, number, 0, nullptr) != 0) ++failures;
  };
  for (const char* name : kAllowed) add(SCMP_ACT_ALLOW, name);
  for (const char* name : kDenied) add(SCMP_ACT_ERRNO(EACCES), name);
  for (const char* name : kFatal) add(SCMP_ACT_KILL_PROCESS, name);
  add(SCMP_ACT_ERRNO(ENOTTY), "ioctl");
  add(SCMP_ACT_ERRNO(ENOSYS), "clone3");
  const auto allow_if = [&](const char* name, std::vector<scmp_arg_cmp> conditions) {
    const int number = seccomp_syscall_resolve_name(name);
    if (seccomp_rule_add_array(context, SCMP_ACT_ALLOW, number,
                               static_cast<unsigned>(conditions.size()), conditions.data()) != 0) {
      ++failures;
    }
  };
  // Memory that is private to the process and never executable.
  allow_if("mmap", {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
                    SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)});
  allow_if("mprotect", {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)});
  allow_if("newfstatat", {SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)});
  for (const int command : {F_GETFD, F_SETFD, F_GETFL}) {
    allow_if("fcntl", {SCMP_A1(SCMP_CMP_EQ, static_cast<scmp_datum_t>(command))});
  }
  return failures == 0;
}

// libseccomp writes its program to a descriptor; the children install the bytes.
bool CompileFilter() {
  scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (context == nullptr) return false;
  seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  bool compiled = AddRules(context);
  const int file = memfd_create("seccomp", MFD_CLOEXEC);
  compiled = compiled && file >= 0 && seccomp_export_bpf(context, file) == 0;
  if (compiled) {
    const off_t bytes = lseek(file, 0, SEEK_END);
    Filter().resize(static_cast<std::size_t>(bytes) / sizeof(sock_filter));
    compiled = pread(file, Filter().data(), static_cast<std::size_t>(bytes), 0) == bytes;
  }
  if (file >= 0) close(file);
  seccomp_release(context);
  return compiled;
}

int OpenLandlock() {
  const long abi = syscall(kLandlockCreateRuleset, nullptr, 0, kLandlockVersionFlag);
  if (abi < 1) return 0;
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
  landlock_ruleset = static_cast<int>(syscall(kLandlockCreateRuleset, &ruleset, size, 0));
  return landlock_ruleset < 0 ? 0 : static_cast<int>(abi);
}

bool SetLimit(int resource, rlim_t value) {
  const rlimit limit{value, value};
  return setrlimit(static_cast<__rlimit_resource>(resource), &limit) == 0;
}

// Address space of this process now, in bytes; read before files are gone.
std::size_t AddressSpaceBytes() {
  static const std::size_t bytes = [] {
    std::size_t pages = 0;
    if (FILE* file = std::fopen("/proc/self/statm", "re"); file != nullptr) {
      if (std::fscanf(file, "%zu", &pages) != 1) pages = 0;
      std::fclose(file);
    }
    return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  }();
  return bytes;
}

}  // namespace

void EnterNamespaces(bool wanted, Measures& measures) {
  if (!wanted) return;
  constexpr int kFlags =
      CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
  measures.namespaces = unshare(kFlags) == 0;
  if (!measures.namespaces) Miss(measures, "Namespaces cannot be made");
}

void EnterEmptyRoot(Measures& measures) {
  AddressSpaceBytes();
  if (!measures.namespaces) return;
  const bool entered =
      mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
      mount("none", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,mode=0555") == 0 &&
      chdir("/tmp") == 0 && syscall(SYS_pivot_root, ".", ".") == 0 &&
      umount2(".", MNT_DETACH) == 0 && chdir("/") == 0 &&
      mount(nullptr, "/", nullptr,
            MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0;
  measures.empty_root = entered;
  if (!entered) Miss(measures, "The root cannot be replaced by an empty one");
}

void PrepareFilters(int level_max, Measures& measures) {
  if (level_max >= 1) {
    measures.seccomp = CompileFilter();
    if (!measures.seccomp) Miss(measures, "The system-call filter cannot be compiled");
  }
  if (level_max >= 2) {
    measures.landlock_abi = OpenLandlock();
    if (measures.landlock_abi == 0) Miss(measures, "The kernel offers no Landlock");
  }
}

void KeepOnly(int descriptor) {
  // The ruleset stays for children to come; it gives access to nothing.
  const int first = std::min(descriptor, landlock_ruleset < 0 ? descriptor : landlock_ruleset);
  const int second = std::max(descriptor, landlock_ruleset);
  if (first > 3) syscall(kCloseRange, 3, first - 1, 0);
  if (second > first + 1) syscall(kCloseRange, first + 1, second - 1, 0);
  syscall(kCloseRange, second + 1, ~0U, 0);
}

bool ConfineChild(const Measures& measures, std::size_t memory_bytes, unsigned cpu_seconds) {
  bool confined = SetLimit(RLIMIT_AS, AddressSpaceBytes() + memory_bytes) &&
                  SetLimit(RLIMIT_CPU, cpu_seconds) && SetLimit(RLIMIT_FSIZE, 0) &&
                  SetLimit(RLIMIT_NPROC, 0) && SetLimit(RLIMIT_CORE, 0) &&
                  SetLimit(RLIMIT_MEMLOCK, 0) && SetLimit(RLIMIT_NOFILE, 64);
  confined = confined && prctl(PR_SET_DUMPABLE, 0) == 0;
  confined = confined && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  if (measures.landlock_abi > 0) {
    confined = confined && syscall(kLandlockRestrictSelf, landlock_ruleset, 0) == 0;
    close(landlock_ruleset);
  }
  if (measures.seccomp) {
    const sock_fprog program{static_cast<unsigned short>(Filter().size()), Filter().data()};
    confined = confined && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                                   SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) == 0;
  }
  return confined;
}

}  // namespace sca::sandbox
