#include "sandbox/zygote.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <thread>

#include "base/files.h"
#include "base/text.h"

namespace sca::sandbox {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds kForkTime{30};

// An open episode holds four descriptors, and hundreds are open at once.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Isolation IsolationFrom(const Json& facts) {
  Isolation isolation;
  const bool seccomp = GetBoolOr(facts, "seccomp", false);
  const bool namespaces =
      GetBoolOr(facts, "namespaces", false) && GetBoolOr(facts, "empty_root", false);
  isolation.landlock_abi = static_cast<int>(GetIntegerOr(facts, "landlock_abi", 0));
  isolation.measures = {"resource limits", "wall clock", "closed descriptors"};
  if (seccomp) isolation.measures.emplace_back("system-call filter");
  if (isolation.landlock_abi > 0) isolation.measures.emplace_back("Landlock");
  if (namespaces) isolation.measures.emplace_back("namespaces with an empty root");
  if (GetBoolOr(facts, "control_group", false)) isolation.measures.emplace_back("cgroup v2");
  isolation.missing = GetStrings(facts, "missing").ok() ? GetStrings(facts, "missing").value()
                                                        : std::vector<std::string>{};
  if (seccomp) isolation.level = IsolationLevel::kSeccomp;
  if (seccomp && isolation.landlock_abi > 0) isolation.level = IsolationLevel::kLandlock;
  if (isolation.level == IsolationLevel::kLandlock && namespaces) {
    isolation.level = IsolationLevel::kNamespaces;
  }
  return isolation;
}

}  // namespace

Result<std::unique_ptr<Zygote>> Zygote::Start(ZygoteOptions options) {
  RaiseDescriptorLimit();
  std::unique_ptr<Zygote> zygote(new Zygote(std::move(options)));
  SCA_TRY(zygote->Launch());
  return zygote;
}

Status Zygote::Launch() {
  const fs::path program = BesideProgram("sca-zygote", "SCA_ZYGOTE");
  if (::access(program.c_str(), X_OK) != 0) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("There is no program {}. Build the whole project, or set SCA_ZYGOTE.",
                             program.string())};
  }
  auto [control, other_end] = SCA_TRY(Channel::MakePair());
  const std::string python = (ProjectFolder() / "python").string();
  const std::string level = std::to_string(static_cast<int>(options_.level_max));
  auto group = MakeControlGroup(options_.together);
  const std::string without_group = group.ok() ? "" : group.error().message;
  const std::string entrance = group.ok() ? group->Entrance() : "";
  std::array<char*, 5> arguments = {
      const_cast<char*>(program.c_str()), const_cast<char*>(python.c_str()),
      const_cast<char*>(level.c_str()), const_cast<char*>(entrance.c_str()), nullptr};
  // Nothing of ours is worth reading. The heap's big blocks lie on huge pages, as the small ones;
  // what children call is looked up once, here, and not by each of them.
  std::array<char*, 4> environment = {const_cast<char*>("TZ=UTC0"),
                                      const_cast<char*>("GLIBC_TUNABLES=glibc.malloc.hugetlb=1"),
                                      const_cast<char*>("LD_BIND_NOW=1"), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  // Twice, because a descriptor that is 3 already would keep its close-on-exec flag.
  posix_spawn_file_actions_adddup2(&actions, other_end, 1000);
  posix_spawn_file_actions_adddup2(&actions, 1000, 3);
  posix_spawn_file_actions_addclose(&actions, 1000);
  pid_t pid = 0;
  const int code =
      posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(other_end);
  if (code != 0) {
    return Error{ErrorCode::kUnavailable,
                 fmt::format("{} cannot be started: {}.", program.string(), std::strerror(code))};
  }
  // Ends when its control socket does; whoever is left over then is nobody's zombie.
  std::thread([pid, left = group.ok() ? std::move(group).value() : ControlGroup{}] {
    ::waitpid(pid, nullptr, 0);
  }).detach();
  control_ = std::move(control);
  ++launches_;
  const bool first = tools_.is_null();  // After a restart other threads may be reading these.
  SCA_TRY(WaitUntilReady());
  if (first && !without_group.empty()) isolation_.missing.push_back(without_group);
  return {};
}

Status Zygote::WaitUntilReady() {
  const Deadline deadline = std::chrono::steady_clock::now() + options_.load_time;
  control_.Send({{"op", "start"},
                 {"folder", options_.folder.string()},
                 {"stubs", options_.stubs},
                 {"limits",
                  {{"memory_bytes", options_.memory_bytes},
                   {"output_bytes", options_.output_bytes},
                   {"cpu_seconds", options_.cpu_seconds}}}},
                deadline);
  const Frame reply = control_.Receive(deadline);
  const std::string what =
      options_.folder.empty() ? "the bare zygote" : (options_.folder / "tools.py").string();
  if (reply.status != FrameStatus::kFrame) {
    control_.Close();
    return Error{
        ErrorCode::kUnavailable,
        fmt::format("Loading {} {}.", what,
                    reply.status == FrameStatus::kTimedOut
                        ? fmt::format("took more than {} s", options_.load_time.count() / 1000)
                        : "ended the process that loads it")};
  }
  if (GetStringOr(reply.message, "op", "") != "ready") {
    control_.Close();
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} cannot be loaded: {}", what,
                             GetStringOr(reply.message, "error", "it does not say why"))};
  }
  const Json facts = reply.message.value("isolation", Json::object());
  if (tools_.is_null()) {  // Not after a restart: other threads may be reading these.
    tools_ = reply.message.value("tools", Json::array());
    isolation_ = IsolationFrom(facts);
  }
  const auto leaks = GetStrings(facts, "leaks");
  if (isolation_.level >= IsolationLevel::kSeccomp && (!leaks.ok() || !leaks->empty())) {
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("The sandbox does not hold on this machine: a confined process could "
                             "{}. Nothing is run.",
                             leaks.ok() ? Join(*leaks, ", ") : "not be tested")};
  }
  if (isolation_.level < options_.level_min) {
    return Error{
        ErrorCode::kFailedPrecondition,
        fmt::format("The sandbox reaches level {} here ({}), but {} is asked for by "
                    "sandbox.minimum. {}",
                    static_cast<int>(isolation_.level), IsolationLevelName(isolation_.level),
                    static_cast<int>(options_.level_min), Join(isolation_.missing, " "))};
  }
  return {};
}

Ending Zygote::EndingOfChild(Process& child) {
  const int pid = child.pid();
  if (const auto ending = Bury(child); ending.has_value()) return *ending;
  std::scoped_lock lock(mutex_);
  if (child.launch() != launches_) {
    return {Outcome::kInfrastructure, "The process that it was forked from died."};
  }
  return EndingFrom(control_, pid);
}

Result<Process> Zygote::Fork(ChildKind kind, std::uint64_t seed) {
  const Json request = {
      {"op", "fork"}, {"kind", kind == ChildKind::kWorld ? "world" : "cell"}, {"seed", seed}};
  std::scoped_lock lock(mutex_);
  auto child = Process::ForkFrom(control_, request, std::chrono::steady_clock::now() + kForkTime);
  if (!child.ok()) {
    control_.Close();
    SCA_TRY(Launch());
    child = Process::ForkFrom(control_, request, std::chrono::steady_clock::now() + kForkTime);
  }
  if (child.ok()) child->set_launch(launches_);
  return child;
}

Result<std::vector<double>> Zygote::MeasureForks(int count) {
  const Deadline deadline = std::chrono::steady_clock::now() + kForkTime;
  std::scoped_lock lock(mutex_);
  const bool asked = control_.Send({{"op", "fork_floor"}, {"count", count}}, deadline);
  const Frame reply = asked ? control_.Receive(deadline) : Frame{};
  std::vector<double> microseconds;
  if (reply.message.contains("microseconds")) {
    for (const Json& one : reply.message["microseconds"]) microseconds.push_back(one.get<double>());
  }
  if (microseconds.size() == static_cast<std::size_t>(count)) return microseconds;
  return Error{ErrorCode::kUnavailable,
               "A zygote could not measure its forks. Is the number of processes limited "
               "(ulimit -u)?"};
}

}  // namespace sca::sandbox
