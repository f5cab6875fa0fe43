#include "env/endurance.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "base/parallel.h"
#include "env/bench_state.h"
#include "env/environment.h"

namespace sca::env {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kRightAnswer = "2.0";  // 0.5 and 1.5.
constexpr std::size_t kStateBytes = 100'000;

// /proc/PID/stat after the name: state, parent.
struct ProcessLine {
  char state = '?';
  pid_t parent = 0;
};

std::map<pid_t, ProcessLine> AllProcesses() {
  std::map<pid_t, ProcessLine> processes;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file(entry.path() / "stat");
    std::string text;
    std::getline(file, text, '\0');  // Empty where it has ended; an iterator would throw.
    const std::size_t close = text.rfind(')');
    if (close == std::string::npos) continue;  // It has ended meanwhile.
    std::istringstream rest(text.substr(close + 1));
    ProcessLine line;
    rest >> line.state >> line.parent;
    processes.emplace(static_cast<pid_t>(std::stol(name)), line);
  }
  return processes;
}

std::size_t MemoryOf(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/smaps_rollup", pid));
  std::string word;
  std::size_t kilobytes = 0;
  while (file >> word) {
    if (word == "Pss:" && file >> kilobytes) return kilobytes;
  }
  return 0;
}

std::size_t DescriptorsOf(pid_t pid) {
  std::error_code ignored;
  const fs::directory_iterator entries(fmt::format("/proc/{}/fd", pid), ignored);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

Holdings Count() {
  const std::map<pid_t, ProcessLine> processes = AllProcesses();
  std::set<pid_t> ours = {::getpid()};
  for (bool grown = true; grown;) {
    grown = false;
    for (const auto& [pid, line] : processes) {
      if (ours.contains(line.parent)) grown |= ours.insert(pid).second;
    }
  }
  Holdings holdings;
  for (const pid_t pid : ours) {
    const auto found = processes.find(pid);
    if (found == processes.end()) continue;
    ++holdings.processes;
    if (found->second.state == 'Z') ++holdings.zombies;
    holdings.memory_kb += MemoryOf(pid);
    holdings.descriptors += DescriptorsOf(pid);
  }
  return holdings;
}

// The least of several counts: what has been told to end takes a moment to be gone.
Holdings CountWhatStays() {
  Holdings least = Count();
  for (int time = 0; time < 20; ++time) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const Holdings now = Count();
    least.memory_kb = std::min(least.memory_kb, now.memory_kb);
    least.descriptors = std::min(least.descriptors, now.descriptors);
    least.processes = std::min(least.processes, now.processes);
    least.zombies = std::min(least.zombies, now.zombies);
  }
  return least;
}

// Half of the answers are right.
Result<std::size_t> GiveVerdicts(const Environment& environment, std::size_t world,
                                 std::size_t count) {
  const auto episode = SCA_TRY(environment.Start(world));
  std::size_t wrong = 0;
  for (std::size_t index = 0; index < count; ++index) {
    const bool right = index % 2 == 0;
    const VerdictResult verdict = SCA_TRY(episode->Verify(
        kBenchEvaluation, std::string(right ? kRightAnswer : "2.5"), Purity::kUnchecked));
    if (verdict.passed != right) ++wrong;
  }
  return wrong;
}

Status GiveAllVerdicts(const Environment& environment, const EnduranceOptions& options,
                       Progress& progress, Endurance& endurance) {
  const std::size_t worlds = options.verdicts / options.verdicts_a_world;
  const std::size_t warm = worlds / 20;
  std::atomic<std::size_t> wrong = 0;
  const auto give = [&](std::size_t world) -> Status {
    wrong += SCA_TRY(GiveVerdicts(environment, world, options.verdicts_a_world));
    progress.Advance(options.verdicts_a_world);
    return {};
  };
  progress.Begin("Verdicts in a row", worlds * options.verdicts_a_world, "verdicts");
  const auto start = std::chrono::steady_clock::now();
  SCA_TRY(ForEachInParallel(warm, give));
  SCA_TRY(environment.Start(0));  // The fork buries what ended before it.
  endurance.before = CountWhatStays();
  SCA_TRY(ForEachInParallel(worlds - warm, give));
  endurance.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  SCA_TRY(environment.Start(0));
  endurance.after = CountWhatStays();
  progress.End();
  endurance.verdicts = worlds * options.verdicts_a_world;
  endurance.wrong_verdicts = wrong;
  return {};
}

// Each episode writes something of its own; in the end each must have just that.
Status KeepEpisodesApart(const Environment& environment, std::size_t count, Progress& progress,
                         Endurance& endurance) {
  progress.Begin("Episodes open at once", count, "episodes");
  std::vector<std::unique_ptr<Episode>> episodes;
  std::vector<std::string> hashes;
  for (std::size_t index = 0; index < count; ++index) {
    episodes.push_back(SCA_TRY(environment.Start(index)));
    SCA_TRY(episodes.back()->RunCode(
        fmt::format("answer = reserve({}, 'guest {}')", index % 7, index)));
    hashes.push_back(SCA_TRY(episodes.back()->StateHash()));
    progress.Advance(1);
  }
  endurance.episodes = count;
  if (std::set<std::string>(hashes.begin(), hashes.end()).size() != count) {
    return Error{ErrorCode::kInternal, "Two episodes have the same state."};
  }
  for (std::size_t index = 0; index < count; ++index) {
    const std::string now = SCA_TRY(episodes[index]->StateHash());
    if (now != hashes[index]) ++endurance.mixed_up_episodes;
  }
  progress.End();
  return {};
}

Json ToJson(const Holdings& holdings) {
  return {{"memory_kb", holdings.memory_kb},
          {"descriptors", holdings.descriptors},
          {"processes", holdings.processes},
          {"zombies", holdings.zombies}};
}

}  // namespace

Json Endurance::ToJson() const {
  return {{"verdicts", verdicts},
          {"wrong_verdicts", wrong_verdicts},
          {"seconds", seconds},
          {"before", env::ToJson(before)},
          {"after", env::ToJson(after)},
          {"episodes", episodes},
          {"mixed_up_episodes", mixed_up_episodes}};
}

Result<Endurance> MeasureEndurance(const EnduranceOptions& options, Progress& progress) {
  SCA_TRY(
      WriteBenchEnvironment(options.folder, {.kind = BenchStateKind::kJson, .bytes = kStateBytes}));
  const auto environment = SCA_TRY(Environment::Load(
      options.folder, {.isolation_minimum = sandbox::IsolationLevel::kUnconfined}));
  Endurance endurance;
  SCA_TRY(GiveAllVerdicts(*environment, options, progress, endurance));
  SCA_TRY(KeepEpisodesApart(*environment, options.episodes, progress, endurance));
  return endurance;
}

}  // namespace sca::env
