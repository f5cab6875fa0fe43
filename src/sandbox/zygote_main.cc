// sca-zygote: embeds CPython, loads an environment once and forks worlds and cells of it.
//
// Usage (by sca only): sca-zygote PYTHON_FOLDER LEVEL_MAX CGROUP, with the control socket as
// descriptor 3; CGROUP is the file of a control group to enter, or empty. Single-threaded from
// start to end. What happens in Python is in python/sca/; here and in zygote_*.cc is what Python
// cannot do, or not without touching many pages: namespaces, filters, clock, a heap on huge pages,
// messages.

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "sandbox/zygote_code.h"
#include "sandbox/zygote_confine.h"
#include "sandbox/zygote_python.h"

namespace {

// Waits for the zygote proper, and kills it when the host closes the control socket: also while it
// loads a tools.py that never ends. With it go all its children.
int Watch(pid_t zygote) {
  const auto descriptor = static_cast<int>(syscall(SYS_pidfd_open, zygote, 0));
  std::array<pollfd, 2> entries = {pollfd{3, 0, 0}, pollfd{descriptor, POLLIN, 0}};
  while (poll(entries.data(), entries.size(), -1) < 0) {
  }
  if (entries[1].revents == 0) kill(zygote, SIGKILL);
  int status = 0;
  waitpid(zygote, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

// Many children are open at once, and each has a descriptor.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::fprintf(stderr, "sca-zygote is started by sca, not by hand.\n");
    return 2;
  }
  const int level_max = std::atoi(arguments[2]);
  RaiseDescriptorLimit();
  sca::sandbox::Measures measures;
  sca::sandbox::EnterControlGroup(arguments[3], measures);
  sca::sandbox::EnterNamespaces(level_max >= 3, measures);
  // The child is process 1 of the new pid namespace, if there is one: when it ends, so do all its
  // children. Where there is none, they have asked to die with it.
  const pid_t zygote = fork();
  if (zygote < 0) return 1;
  if (zygote > 0) return Watch(zygote);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  sca::sandbox::PutCodeOnHugePages();
  return sca::sandbox::RunZygote(arguments[1], level_max, measures);
}
