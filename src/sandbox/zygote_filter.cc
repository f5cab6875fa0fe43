#include "sandbox/zygote_filter.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <span>

namespace sca::sandbox {
namespace {

constexpr const char* kAllowed[] = {
    // Talk on open descriptors.
    "read", "write", "readv", "writev", "recvfrom", "poll", "ppoll", "close", "lseek", "fstat",
    // Memory.
    "brk", "munmap", "madvise", "mremap",
    // Runtime.
    "futex", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
    "sched_yield", "rseq", "set_robust_list", "exit", "exit_group",
    // Time. What Python reads is our own clock (zygote_clock.cc).
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    // Identity.
    "getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "uname", "sched_getaffinity"};

// What a zygote and a world need to fork children and hand their descriptors on.
constexpr const char* kForTrusted[] = {"fork",    "wait4", "waitid",      "pidfd_open", "sendmsg",
                                       "recvmsg", "prctl", "seccomp",     "setrlimit",  "prlimit64",
                                       "dup2",    "dup3",  "close_range", "getrandom",  "getrusage",
                                       "times",   "gettid"};

// Python asks for these and lives without: an import then fails as an import does.
constexpr const char* kNoFiles[] = {"open",   "openat",    "openat2",    "stat",      "lstat",
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
                                  "chroot",
                                  "unshare",
                                  "setns",
                                  "keyctl",
                                  "add_key",
                                  "request_key",
                                  "io_uring_setup",
                                  "io_uring_enter",
                                  "io_uring_register",
                                  "userfaultfd",
                                  "init_module",
                                  "finit_module",
                                  "delete_module",
                                  "kexec_load",
                                  "kexec_file_load",
                                  "reboot",
                                  "swapon",
                                  "swapoff",
                                  "open_by_handle_at",
                                  "name_to_handle_at",
                                  "process_madvise",
                                  "pidfd_getfd",
                                  "kcmp",
                                  "lookup_dcookie",
                                  "acct",
                                  "quotactl",
                                  "iopl",
                                  "ioperm",
                                  "syslog",
                                  "move_pages",
                                  "migrate_pages",
                                  "mbind",
                                  "set_mempolicy",
                                  "fanotify_init",
                                  "open_tree",
                                  "move_mount",
                                  "fsopen",
                                  "fsmount",
                                  "settimeofday",
                                  "clock_settime"};

// Rules for one filter under construction; remembers whether one was refused.
class Rules {
 public:
  explicit Rules(std::uint32_t default_action) : context_(seccomp_init(default_action)) {
    if (context_ == nullptr) return;
    seccomp_attr_set(context_, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    seccomp_attr_set(context_, SCMP_FLTATR_CTL_OPTIMIZE, 2);  // A binary tree.
  }
  ~Rules() {
    if (context_ != nullptr) seccomp_release(context_);
  }
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  void Add(std::uint32_t action, std::span<const char* const> names) {
    for (const char* name : names) Add(action, name, {});
  }

  void Add(std::uint32_t action, const char* name, std::vector<scmp_arg_cmp> conditions) {
    if (context_ == nullptr) return;
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return;  // libseccomp does not know it: the default holds.
    if (seccomp_rule_add_array(context_, action, number, static_cast<unsigned>(conditions.size()),
                               conditions.data()) != 0) {
      failed_ = true;
    }
  }

  // libseccomp writes its program to a descriptor; we keep the bytes.
  FilterProgram Compile() {
    if (context_ == nullptr || failed_) return {};
    const int file = memfd_create("seccomp", MFD_CLOEXEC);
    FilterProgram program;
    if (file >= 0 && seccomp_export_bpf(context_, file) == 0) {
      const off_t bytes = lseek(file, 0, SEEK_END);
      program.resize(static_cast<std::size_t>(bytes) / sizeof(sock_filter));
      if (pread(file, program.data(), static_cast<std::size_t>(bytes), 0) != bytes) program.clear();
    }
    if (file >= 0) close(file);
    return program;
  }

 private:
  scmp_filter_ctx context_;
  bool failed_ = false;
};

FilterProgram CompileTrusted() {
  Rules rules(SCMP_ACT_ERRNO(EPERM));
  rules.Add(SCMP_ACT_ALLOW, kAllowed);
  rules.Add(SCMP_ACT_ALLOW, kForTrusted);
  rules.Add(SCMP_ACT_ERRNO(EACCES), kNoFiles);
  rules.Add(SCMP_ACT_KILL_PROCESS, kFatal);
  rules.Add(SCMP_ACT_ERRNO(ENOTTY), "ioctl", {});
  rules.Add(SCMP_ACT_ERRNO(ENOSYS), "clone3", {});
  // A plain fork: nothing shared, no namespace.
  constexpr scmp_datum_t kNotInAFork = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
                                       CLONE_PTRACE | CLONE_PARENT | CLONE_THREAD | CLONE_NEWNS |
                                       CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                                       CLONE_NEWUTS | CLONE_NEWCGROUP;
  rules.Add(SCMP_ACT_ALLOW, "clone", {SCMP_A0(SCMP_CMP_MASKED_EQ, kNotInAFork, 0)});
  // Memory that is private to the process and never executable.
  rules.Add(SCMP_ACT_ALLOW, "mmap",
            {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
             SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS | MAP_SHARED, MAP_ANONYMOUS)});
  rules.Add(SCMP_ACT_ALLOW, "mprotect", {SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)});
  // No urgent bytes: whoever reads the other end is woken by them and finds nothing.
  rules.Add(SCMP_ACT_ALLOW, "sendto", {SCMP_A3(SCMP_CMP_MASKED_EQ, MSG_OOB, 0)});
  rules.Add(SCMP_ACT_ALLOW, "newfstatat",
            {SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH)});
  for (const int command : {F_GETFD, F_SETFD, F_GETFL}) {
    rules.Add(SCMP_ACT_ALLOW, "fcntl", {SCMP_A1(SCMP_CMP_EQ, static_cast<scmp_datum_t>(command))});
  }
  return rules.Compile();
}

FilterProgram CompileCode() {
  Rules rules(SCMP_ACT_ALLOW);
  rules.Add(SCMP_ACT_ERRNO(EPERM), kForTrusted);
  rules.Add(SCMP_ACT_ERRNO(EPERM), "clone", {});
  return rules.Compile();
}

}  // namespace

std::optional<FilterPrograms> CompileFilters() {
  FilterPrograms programs{.trusted = CompileTrusted(), .code = CompileCode()};
  if (programs.trusted.empty() || programs.code.empty()) return std::nullopt;
  return programs;
}

bool InstallFilter(const FilterProgram& program) {
  const sock_fprog bytes{static_cast<unsigned short>(program.size()),
                         const_cast<sock_filter*>(program.data())};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &bytes) == 0;
}

}  // namespace sca::sandbox
