// The clock and the entropy of worlds and cells: functions of a seed.
//
// These names stand before those of the C library in sca-zygote, so that CPython's calls end here,
// and time, datetime, uuid, secrets and os.urandom give the same in every run. Sleeping is real.

#include "sandbox/zygote_clock.h"

#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::int64_t kEpochSeconds = 1'700'000'000;  // 2023-11-14, a Tuesday.
constexpr std::int64_t kMonotonicSeconds = 1'000;
constexpr std::int64_t kTickNanoseconds = 1'000;  // Each reading moves the clock on.

bool fixed = false;
std::int64_t elapsed_nanoseconds = 0;
std::uint64_t entropy_state = 0;

std::int64_t Read(clockid_t clock) {
  elapsed_nanoseconds += kTickNanoseconds;
  const bool calendar = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ||
                        clock == CLOCK_TAI || clock == CLOCK_REALTIME_ALARM;
  const bool of_process = clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID;
  const std::int64_t start = calendar ? kEpochSeconds : of_process ? 0 : kMonotonicSeconds;
  return start * kNanosecondsPerSecond + elapsed_nanoseconds;
}

std::int64_t Nanoseconds(const timespec& time) {
  return time.tv_sec * kNanosecondsPerSecond + time.tv_nsec;
}

timespec Timespec(std::int64_t nanoseconds) {
  return {nanoseconds / kNanosecondsPerSecond, nanoseconds % kNanosecondsPerSecond};
}

// SplitMix64.
std::uint64_t NextEntropy() {
  std::uint64_t mixed = entropy_state += 0x9e3779b97f4a7c15U;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
  return mixed ^ (mixed >> 31);
}

void FillWithEntropy(void* buffer, std::size_t bytes) {
  auto* target = static_cast<unsigned char*>(buffer);
  while (bytes > 0) {
    const std::uint64_t word = NextEntropy();
    const std::size_t part = std::min(bytes, sizeof(word));
    std::memcpy(target, &word, part);
    target += part;
    bytes -= part;
  }
}

}  // namespace

namespace sca::sandbox {

void FixClockAndEntropy(std::uint64_t seed) {
  fixed = true;
  elapsed_nanoseconds = 0;
  entropy_state = seed;
}

}  // namespace sca::sandbox

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) {
  if (!fixed) return static_cast<int>(syscall(SYS_clock_gettime, clock, time));
  *time = Timespec(Read(clock));
  return 0;
}

int gettimeofday(timeval* time, void*) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* out) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* request, timespec* remaining) {
  if (!fixed) {
    const long result = syscall(SYS_clock_nanosleep, clock, flags, request, remaining);
    return result == 0 ? 0 : errno;
  }
  std::int64_t length = Nanoseconds(*request);
  if ((flags & TIMER_ABSTIME) != 0) length -= Read(clock);
  if (length <= 0) return 0;
  const timespec real = Timespec(length);
  const long result = syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &real, remaining);
  elapsed_nanoseconds += length;
  return result == 0 ? 0 : errno;
}

int nanosleep(const timespec* request, timespec* remaining) {
  const int code = clock_nanosleep(CLOCK_MONOTONIC, 0, request, remaining);
  if (code != 0) errno = code;
  return code == 0 ? 0 : -1;
}

ssize_t getrandom(void* buffer, size_t bytes, unsigned flags) {
  if (!fixed) return syscall(SYS_getrandom, buffer, bytes, flags);
  FillWithEntropy(buffer, bytes);
  return static_cast<ssize_t>(bytes);
}

int getentropy(void* buffer, size_t bytes) {
  return getrandom(buffer, bytes, 0) == static_cast<ssize_t>(bytes) ? 0 : -1;
}

pid_t getpid() { return fixed ? 2 : static_cast<pid_t>(syscall(SYS_getpid)); }

pid_t getppid() { return fixed ? 1 : static_cast<pid_t>(syscall(SYS_getppid)); }

}  // extern "C"
