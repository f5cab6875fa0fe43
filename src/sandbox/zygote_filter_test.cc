// Tries every system call by number (clone3 is refused with ENOSYS, and so seems to get through)
// under the filters, in a child each, and compares what would have reached the kernel with
// tests/golden/system_calls.txt (SCA_UPDATE_GOLDEN=1 writes it).

#include "sandbox/zygote_filter.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/files.h"

namespace sca::sandbox {
namespace {

constexpr long kNumbers = 500;  // More than the kernel has.
// Newer kernels let no filter see these two; they end in errors where nothing is probed.
constexpr long kReturnProbe = 335;
constexpr long kProbe = 336;
constexpr long kX32 = 0x40000000;
constexpr long kOldDoor = -1;  // int 0x80, the 32-bit way in.

// Stands before our filters, so that what they let through does not run: without a tracer, which
// is asked here, a call answers ENOSYS. A filter's refusal goes before it.
FilterProgram StopWhatIsLetThrough() {
  constexpr unsigned kNumberOffset = offsetof(seccomp_data, nr);
  return {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumberOffset),
          BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 1),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
          BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE)};
}

using Arguments = std::array<long, 4>;

class SystemCalls : public testing::Test {
 protected:
  void SetUp() override {
    filters_ = CompileFilters();
    ASSERT_TRUE(filters_.has_value());
    void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(page, MAP_FAILED);
    answer_ = static_cast<volatile int*>(page);
  }
  void TearDown() override { ::munmap(const_cast<int*>(answer_), 4096); }

  // What `number` comes to, as code of a model or as a world: "reaches", "killed" or the number of
  // an error.
  std::string Try(long number, bool as_code, const Arguments& arguments = {}) {
    *answer_ = -1;
    const pid_t child = ::fork();
    if (child == 0) {
      ::signal(SIGILL, SIG_DFL);  // Sanitizers take it.
      const FilterProgram stop = StopWhatIsLetThrough();
      if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !InstallFilter(stop) ||
          !InstallFilter(filters_->trusted) || (as_code && !InstallFilter(filters_->code))) {
        __builtin_trap();
      }
      if (number == kOldDoor) {
        long result = 20;  // getpid, by 32-bit numbers.
        asm volatile("int $0x80" : "+a"(result) : : "memory");
        *answer_ = 0;
      } else {
        const long result =
            ::syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], 0, 0);
        *answer_ = result == -1 ? errno : 0;
      }
      __builtin_trap();  // Even to exit would be a system call.
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) return "killed";
    if (*answer_ == ENOSYS) return "reaches";
    return *answer_ < 0 ? "not tried" : std::to_string(*answer_);
  }

  // A line for each call that is not refused with EPERM, as a call that the filter does not know.
  std::string List(bool as_code) {
    std::string list;
    for (long number = 0; number < kNumbers; ++number) {
      if (number == kReturnProbe || number == kProbe) continue;
      const std::string outcome = Try(number, as_code);
      if (outcome == std::to_string(EPERM)) continue;
      char* name = ::seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, static_cast<int>(number));
      list += (name != nullptr ? std::string(name) : std::to_string(number)) + " " + outcome + "\n";
      std::free(name);
    }
    return list;
  }

  std::optional<FilterPrograms> filters_;
  volatile int* answer_ = nullptr;
};

TEST_F(SystemCalls, ReachTheKernelOnlyIfTheyAreListed) {
  const std::filesystem::path file =
      std::filesystem::path(SCA_SOURCE_DIR) / "tests" / "golden" / "system_calls.txt";
  const std::string list =
      "Code of a model:\n" + List(true) + "\nA zygote or a world:\n" + List(false);

  if (std::getenv("SCA_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(WriteFileAtomically(file, list).ok());
  }
  EXPECT_EQ(list, ReadFile(file).value());
}

TEST_F(SystemCalls, ReachTheKernelOnlyWithHarmlessArguments) {
  struct Case {
    long number;
    Arguments refused;
    Arguments harmless;
  };
  constexpr long kPrivate = MAP_PRIVATE | MAP_ANONYMOUS;
  for (const Case& one : {
           Case{SYS_mmap,
                {0, 4096, PROT_READ | PROT_EXEC, kPrivate},
                {0, 4096, PROT_READ, kPrivate}},
           Case{SYS_mmap, {0, 4096, PROT_READ, MAP_PRIVATE}, {0, 4096, PROT_WRITE, kPrivate}},
           Case{SYS_mmap, {0, 4096, 0, MAP_SHARED | MAP_ANONYMOUS}, {0, 4096, 0, kPrivate}},
           Case{SYS_mprotect, {0, 4096, PROT_EXEC, 0}, {0, 4096, PROT_WRITE, 0}},
           Case{SYS_fcntl, {3, F_DUPFD, 9, 0}, {3, F_GETFD, 0, 0}},
           Case{SYS_fcntl, {3, F_SETOWN, 1, 0}, {3, F_SETFD, FD_CLOEXEC, 0}},
           Case{SYS_fcntl, {3, F_SETFL, O_NONBLOCK, 0}, {3, F_GETFL, 0, 0}},
           Case{SYS_newfstatat, {AT_FDCWD, 0, 0, 0}, {3, 0, 0, AT_EMPTY_PATH}},
           Case{SYS_sendto, {3, 0, 0, MSG_OOB | MSG_NOSIGNAL}, {3, 0, 0, MSG_NOSIGNAL}},
       }) {
    for (const bool as_code : {true, false}) {
      EXPECT_EQ(Try(one.number, as_code, one.refused), std::to_string(EPERM)) << one.number;
      EXPECT_EQ(Try(one.number, as_code, one.harmless), "reaches") << one.number;
    }
  }
  for (const long flags : {CLONE_VM, CLONE_THREAD, CLONE_NEWUSER, CLONE_NEWNS, CLONE_PARENT}) {
    EXPECT_EQ(Try(SYS_clone, false, {flags | SIGCHLD}), std::to_string(EPERM)) << flags;
  }
  EXPECT_EQ(Try(SYS_clone, true, {SIGCHLD}), std::to_string(EPERM));
}

TEST_F(SystemCalls, HaveNoOtherWayIn) {
  for (const bool as_code : {true, false}) {
    EXPECT_EQ(Try(kOldDoor, as_code), "killed");
    for (const long number : {SYS_read, SYS_openat, SYS_execve, SYS_getpid}) {
      EXPECT_EQ(Try(kX32 + number, as_code), "killed") << number;
    }
  }
}

}  // namespace
}  // namespace sca::sandbox
