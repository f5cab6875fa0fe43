#include "sandbox/zygote_floor.h"

#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace sca::sandbox {
namespace {

double NowMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

}  // namespace

std::vector<double> MeasureForks(int count) {
  std::vector<double> microseconds;
  for (int i = 0; i < count; ++i) {
    const double start = NowMicroseconds();
    const pid_t child = fork();
    if (child == 0) _exit(0);
    if (child < 0 || waitpid(child, nullptr, 0) != child) break;
    microseconds.push_back(NowMicroseconds() - start);
  }
  return microseconds;
}

}  // namespace sca::sandbox
