#include "env/program_time.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace sca::env {
namespace {

// Its wait status; -1 if it cannot be started, with the reason in errno.
int RunProgram(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::array<char*, 2> environment = {const_cast<char*>("PATH=/usr/bin:/bin"), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  const int code =
      posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  int status = -1;
  if (code == 0) {
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
  }
  errno = code;
  return status;
}

}  // namespace

std::string ProgramInPath(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view left = path == nullptr ? "/usr/bin:/bin" : path;
  while (!left.empty()) {
    const std::string file = std::string(left.substr(0, left.find(':'))) + "/" + name;
    if (::access(file.c_str(), X_OK) == 0) return file;
    left.remove_prefix(std::min(left.size(), left.substr(0, left.find(':')).size() + 1));
  }
  return "";
}

Result<std::vector<double>> TimeProgram(const std::vector<std::string>& words, std::size_t count) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> microseconds;
  for (std::size_t i = 0; i < count; ++i) {
    const auto start = Clock::now();
    const int status = RunProgram(words);
    if (status != 0) {
      return Error{ErrorCode::kUnavailable,
                   fmt::format("{} {}.", words[0],
                               status < 0 ? fmt::format("cannot be started: {}", strerror(errno))
                                          : fmt::format("ended with wait status {}", status))};
    }
    microseconds.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  return microseconds;
}

}  // namespace sca::env
