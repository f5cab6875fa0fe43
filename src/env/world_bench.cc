#include "env/world_bench.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "base/files.h"
#include "env/bench_state.h"
#include "env/environment.h"
#include "env/program_time.h"
#include "sandbox/zygote.h"

namespace sca::env {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
using sandbox::IsolationLevel;
using sandbox::Zygote;

// Kinds of samples alternate in blocks, so that a busy neighbour meets them all.
constexpr std::size_t kBlock = 20;
constexpr std::chrono::seconds kAnswerTime{60};
constexpr const char* kPython = "/usr/bin/python3";  // What worlds run on, too.

constexpr std::string_view kSolution =
    "first = price_of(0)\nreserve(0, 'Ada')\nanswer = first + price_of(1)\n";

// The calling thread and what it starts run on one core, until this is gone.
class OneCore {
 public:
  OneCore() {
    if (::sched_getaffinity(0, sizeof(before_), &before_) != 0) return;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
    changed_ = ::sched_setaffinity(0, sizeof(one), &one) == 0;
  }
  ~OneCore() {
    if (changed_) ::sched_setaffinity(0, sizeof(before_), &before_);
  }
  OneCore(const OneCore&) = delete;
  OneCore& operator=(const OneCore&) = delete;

 private:
  cpu_set_t before_{};
  bool changed_ = false;
};

using Times = std::vector<double>;

// Something that is measured: runs `count` times and appends the microseconds of each.
struct Subject {
  using Measure = std::function<Status(std::size_t count, Times& times)>;
  Subject(BenchRow what, Measure how) : row(std::move(what)), measure(std::move(how)) {}

  BenchRow row;
  Measure measure;
  Times times;
};

std::function<Status(std::size_t, Times&)> Repeat(std::function<Status()> once) {
  return [once = std::move(once)](std::size_t count, Times& times) -> Status {
    for (std::size_t i = 0; i < count; ++i) {
      const auto start = Clock::now();
      SCA_TRY(once());
      times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
    return {};
  };
}

Status MeasureAll(std::vector<Subject>& subjects, std::size_t samples, Progress& progress) {
  for (Subject& subject : subjects) {  // Once for nothing: caches, lazy binding.
    Times unused;
    SCA_TRY(subject.measure(1, unused));
  }
  for (std::size_t done = 0; done < samples; done += kBlock) {
    const std::size_t count = std::min(kBlock, samples - done);
    for (Subject& subject : subjects) {
      SCA_TRY(subject.measure(count, subject.times));
      progress.Advance(count);
    }
  }
  return {};
}

void AddRows(const std::vector<Subject>& subjects, WorldBench& bench) {
  for (const Subject& subject : subjects) {
    bench.rows.push_back(SummarizeTimes(subject.row, subject.times));
  }
}

Error Unexpected(std::string_view what, std::string_view why) {
  return {ErrorCode::kInternal, fmt::format("What is measured does not work: {}: {}", what, why)};
}

Json Ask(sandbox::Process& world, const Json& question) {
  const sandbox::Deadline deadline = Clock::now() + kAnswerTime;
  return world.channel().Send(question, deadline) ? world.channel().Receive(deadline).message
                                                  : Json();
}

// A world that has replied to its first call.
Result<sandbox::Process> StartWorld(Zygote& zygote) {
  sandbox::Process world = SCA_TRY(zygote.Fork(sandbox::ChildKind::kWorld, 1));
  const Json reply =
      Ask(world, {{"op", "call"}, {"tool", "price_of"}, {"arguments", R"({"index": 0})"}});
  if (!GetBoolOr(reply, "ok", false)) return Unexpected("a world's reply", "it gave none");
  return world;
}

Status EndWorld(sandbox::Process world) {
  world.channel().Close();  // Which a world takes as its end.
  if (!world.WaitForEnd(Clock::now() + kAnswerTime)) {
    return Unexpected("a world's end", "it did not come");
  }
  return {};
}

// From the request to the end of the world, which is what verifies.
Status VerifyInWorlds(Zygote& zygote, std::size_t count, Times& times) {
  for (std::size_t i = 0; i < count; ++i) {
    sandbox::Process world = SCA_TRY(StartWorld(zygote));
    const auto start = Clock::now();
    const Json verdict = Ask(world, {{"op", "verify"},
                                     {"code", kBenchEvaluation},
                                     {"answer", "2.0"},
                                     {"hashed", false},
                                     {"more", false}});
    if (!GetBoolOr(verdict, "passed", false)) {
      return Unexpected("a verification", GetStringOr(verdict, "error", "there is no verdict"));
    }
    SCA_TRY(EndWorld(std::move(world)));
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
  }
  return {};
}

Result<std::unique_ptr<Zygote>> StartZygote(const fs::path& folder, IsolationLevel level_max) {
  return Zygote::Start({.folder = folder,
                        .load_time = std::chrono::minutes(10),
                        .level_min = IsolationLevel::kUnconfined,
                        .level_max = level_max});
}

// Rows of a zygote by itself: fork_floor, world_reset with and without confinement,
// verification_in_world.
Status MeasureResets(const BenchOptions& options, const BenchState& state, WorldBench& bench,
                     Progress& progress) {
  const auto confined = SCA_TRY(StartZygote(options.folder, IsolationLevel::kNamespaces));
  const auto unconfined = SCA_TRY(StartZygote(options.folder, IsolationLevel::kUnconfined));
  bench.isolation = confined->isolation();
  const bool is_confined = bench.isolation.level > IsolationLevel::kUnconfined;
  const auto measure_floor = [&](std::size_t count, Times& times) -> Status {
    const Times some = SCA_TRY(confined->MeasureForks(static_cast<int>(count)));
    times.insert(times.end(), some.begin(), some.end());
    return {};
  };
  std::vector<Subject> subjects = {
      {{.name = "fork_floor", .state_bytes = state.bytes}, measure_floor},
      {{.name = "world_reset", .state_bytes = state.bytes, .confined = is_confined},
       Repeat([&]() -> Status { return EndWorld(SCA_TRY(StartWorld(*confined))); })},
      {{.name = "world_reset", .state_bytes = state.bytes},
       Repeat([&]() -> Status { return EndWorld(SCA_TRY(StartWorld(*unconfined))); })},
      {{.name = "verification_in_world", .state_bytes = state.bytes, .confined = is_confined},
       [&](std::size_t count, Times& times) { return VerifyInWorlds(*confined, count, times); }}};
  SCA_TRY(MeasureAll(subjects, options.samples, progress));
  AddRows(subjects, bench);
  return {};
}

Status VerifyOnce(Episode& episode, std::optional<std::string> answer_json, Verifier verifier) {
  const VerdictResult verdict = SCA_TRY(
      episode.Verify(kBenchEvaluation, std::move(answer_json), Purity::kUnchecked, verifier));
  if (verdict.passed != true) return Unexpected("a verification", verdict.error);
  return {};
}

Status AttemptOnce(const Environment& environment) {
  const auto episode = SCA_TRY(environment.Start(1));
  const CodeResult result = SCA_TRY(episode->RunCode(kSolution));
  if (result.calls.size() != 3) return Unexpected("an attempt", result.error);
  return VerifyOnce(*episode, result.answer_json, Verifier::kWorld);
}

// Rows of episodes: verification and attempt.
Status MeasureEpisodes(const BenchOptions& options, const BenchState& state, WorldBench& bench,
                       Progress& progress) {
  const auto environment = SCA_TRY(
      Environment::Load(options.folder, {.isolation_minimum = IsolationLevel::kUnconfined}));
  const bool confined = environment->isolation().level > IsolationLevel::kUnconfined;
  const auto episode = SCA_TRY(environment->Start(1));
  std::vector<Subject> subjects = {
      {{.name = "verification", .state_bytes = state.bytes, .confined = confined},
       Repeat([&] { return VerifyOnce(*episode, "2.0", Verifier::kDropped); })},
      {{.name = "attempt", .state_bytes = state.bytes, .confined = confined},
       Repeat([&] { return AttemptOnce(*environment); })}};
  SCA_TRY(MeasureAll(subjects, options.samples, progress));
  AddRows(subjects, bench);
  return {};
}

// Rows of a Python of its own for each attempt, which loads the same state and ends.
Status MeasurePrograms(const BenchOptions& options, const BenchState& state, WorldBench& bench,
                       Progress& progress) {
  const std::vector<std::string> python = {kPython,
                                           "-I",
                                           "-S",
                                           "-c",
                                           "import json, sys; json.load(open(sys.argv[1]))",
                                           fs::absolute(BenchStateFile(options.folder)).string()};
  const auto timing = [](std::vector<std::string> words) {
    return [words = std::move(words)](std::size_t count, Times& times) -> Status {
      const Times some = SCA_TRY(TimeProgram(words, count));
      times.insert(times.end(), some.begin(), some.end());
      return {};
    };
  };
  std::vector<Subject> subjects = {
      {{.name = "python3_subprocess", .state_bytes = state.bytes}, timing(python)}};
  std::vector<std::string> wrapped = {
      ProgramInPath("bwrap"), "--ro-bind",        "/", "/", "--dev", "/dev", "--proc", "/proc",
      "--unshare-all",        "--die-with-parent"};
  wrapped.insert(wrapped.end(), python.begin(), python.end());
  if (wrapped[0].empty()) {
    bench.without_bwrap = "bwrap is not installed (Debian package bubblewrap)";
  } else if (const auto tried = TimeProgram(wrapped, 1); !tried.ok()) {
    bench.without_bwrap = "bwrap does not work here: " + tried.error().message;
  } else {
    subjects.emplace_back(
        BenchRow{.name = "bwrap_python3", .state_bytes = state.bytes, .confined = true},
        timing(wrapped));
  }
  SCA_TRY(MeasureAll(subjects, std::max<std::size_t>(1, options.samples / 10), progress));
  AddRows(subjects, bench);
  return {};
}

// Of the p50 of two rows; none if one is missing.
std::optional<double> Ratio(const BenchRow* above, const BenchRow* below) {
  if (above == nullptr || below == nullptr || below->p50_us <= 0) return std::nullopt;
  return above->p50_us / below->p50_us;
}

void FillRatios(const BenchOptions& options, WorldBench& bench) {
  const auto row = [&](std::string_view name, std::size_t bytes, bool confined) {
    const auto found = std::find_if(bench.rows.begin(), bench.rows.end(), [&](const BenchRow& one) {
      return one.name == name && one.state_bytes == bytes && one.confined == confined;
    });
    return found == bench.rows.end() ? nullptr : &*found;
  };
  const auto confined_to_fork = [&](std::size_t bytes) {
    return Ratio(row("world_reset", bytes, true), row("fork_floor", bytes, false));
  };
  bench.confined_to_fork_20mb = confined_to_fork(options.heap_bytes);
  bench.confined_to_fork_200mb = confined_to_fork(options.large_heap_bytes);
  if (const auto part = Ratio(row("world_reset", options.heap_bytes, false),
                              row("world_reset", options.heap_bytes, true))) {
    bench.confinement_share = 1 - *part;
  }
  const BenchRow* attempt = row("attempt", options.json_bytes, true);
  bench.to_python3 = Ratio(row("python3_subprocess", options.json_bytes, false), attempt);
  bench.to_bwrap = Ratio(row("bwrap_python3", options.json_bytes, true), attempt);
}

Json NumberOrNull(const std::optional<double>& number) {
  return number.has_value() ? Json(*number) : Json(nullptr);
}

}  // namespace

BenchRow SummarizeTimes(BenchRow row, std::vector<double> microseconds) {
  SCA_CHECK(!microseconds.empty());
  std::sort(microseconds.begin(), microseconds.end());
  const auto rank = [&](double part) {
    const double position = std::ceil(part * static_cast<double>(microseconds.size()));
    return microseconds[static_cast<std::size_t>(std::max(position, 1.0)) - 1];
  };
  double sum = 0;
  for (const double one : microseconds) sum += one;
  row.p50_us = rank(0.5);
  row.p99_us = rank(0.99);
  row.per_second_per_core = static_cast<double>(microseconds.size()) * 1e6 / sum;
  return row;
}

Json WorldBench::ToJson() const {
  Json all = Json::array();
  for (const BenchRow& row : rows) {
    all.push_back({{"name", row.name},
                   {"state_bytes", row.state_bytes},
                   {"confined", row.confined},
                   {"p50_us", row.p50_us},
                   {"p99_us", row.p99_us},
                   {"per_second_per_core", row.per_second_per_core}});
  }
  return {{"rows", std::move(all)},
          {"ratios",
           {{"confined_to_fork_20mb", NumberOrNull(confined_to_fork_20mb)},
            {"confined_to_fork_200mb", NumberOrNull(confined_to_fork_200mb)},
            {"confinement_share", NumberOrNull(confinement_share)},
            {"to_python3", NumberOrNull(to_python3)},
            {"to_bwrap", NumberOrNull(to_bwrap)}}}};
}

Result<WorldBench> MeasureWorlds(const BenchOptions& options, Progress& progress) {
  const OneCore one_core;
  const std::vector<BenchState> states = {{BenchStateKind::kJson, options.small_bytes},
                                          {BenchStateKind::kJson, options.json_bytes},
                                          {BenchStateKind::kHeap, options.heap_bytes},
                                          {BenchStateKind::kHeap, options.large_heap_bytes}};
  WorldBench bench;
  for (const BenchState& state : states) {
    const bool json = state.kind == BenchStateKind::kJson;
    progress.Begin(fmt::format("Worlds with {:.3g} MB of {}",
                               static_cast<double>(state.bytes) / 1e6, json ? "JSON" : "objects"),
                   0, "samples");
    SCA_TRY(WriteBenchEnvironment(options.folder, state));
    SCA_TRY(MeasureResets(options, state, bench, progress));
    SCA_TRY(MeasureEpisodes(options, state, bench, progress));
    if (json) SCA_TRY(MeasurePrograms(options, state, bench, progress));
  }
  progress.End();
  FillRatios(options, bench);
  return bench;
}

}  // namespace sca::env
