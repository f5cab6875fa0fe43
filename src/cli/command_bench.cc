// bench: what worlds cost on this machine.

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/output.h"
#include "env/endurance.h"
#include "env/world_bench.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

struct BenchFlags {
  std::size_t samples = 200;
  std::size_t verdicts = 100'000;
  std::size_t episodes = 500;
  bool json = false;
};

// A folder of its own, gone with this.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(fs::temp_directory_path() / fmt::format("sca-bench-{}", ::getpid())) {}
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string Times(const std::optional<double>& ratio) {
  return ratio.has_value() ? fmt::format("{:.2f} times", *ratio) : "an unknown number of times";
}

void PrintRows(const env::WorldBench& bench) {
  fmt::print("{:<18} {:>10} {:>9} {:>10} {:>10} {:>12}\n", "what", "state", "confined", "p50 us",
             "p99 us", "per s, core");
  for (const env::BenchRow& row : bench.rows) {
    fmt::print("{:<18} {:>7.3f} MB {:>9} {:>10.0f} {:>10.0f} {:>12.1f}\n", row.name,
               static_cast<double>(row.state_bytes) / 1e6, row.confined ? "yes" : "no", row.p50_us,
               row.p99_us, row.per_second_per_core);
  }
}

void PrintRatios(const env::WorldBench& bench) {
  fmt::print("\nConfined means isolation level {} of 3. All was measured on one core.\n",
             static_cast<int>(bench.isolation.level));
  fmt::print(
      "A confined world, from its fork to its first reply and its end, takes {} as long as a\n"
      "bare fork of the same process with 20 MB of Python objects, and {} with 200 MB.\n",
      Times(bench.confined_to_fork_20mb), Times(bench.confined_to_fork_200mb));
  if (bench.confinement_share.has_value()) {
    fmt::print("Confinement is {:.1f} % of that world's time.\n", 100 * *bench.confinement_share);
  }
  fmt::print(
      "With 5 MB of JSON an attempt (world, cell, three tool calls, verification) is done\n"
      "{} while python3 starts and loads that state once",
      Times(bench.to_python3));
  if (bench.to_bwrap.has_value()) {
    fmt::print(", and {} while it does so in bwrap.\n", Times(bench.to_bwrap));
  } else {
    fmt::print(".\nThere is no comparison with bwrap: {}.\n", bench.without_bwrap);
  }
}

Result<Exit> BenchWorlds(const BenchFlags& flags) {
  const TemporaryFolder folder;
  const auto progress = MakeProgress(flags.json);
  const env::WorldBench bench =
      SCA_TRY(env::MeasureWorlds({.folder = folder.path(), .samples = flags.samples}, *progress));
  if (flags.json) {
    PrintJson(bench.ToJson());
  } else {
    PrintRows(bench);
    PrintRatios(bench);
  }
  return Exit::kDone;
}

void PrintHoldings(const char* when, const env::Holdings& holdings) {
  fmt::print("{:<10} {:>10} {:>12} {:>10} {:>8}\n", when, fmt::format("{} kB", holdings.memory_kb),
             holdings.descriptors, holdings.processes, holdings.zombies);
}

Result<Exit> BenchEndurance(const BenchFlags& flags) {
  const TemporaryFolder folder;
  const auto progress = MakeProgress(flags.json);
  const env::Endurance endurance = SCA_TRY(env::MeasureEndurance(
      {.folder = folder.path(), .verdicts = flags.verdicts, .episodes = flags.episodes},
      *progress));
  const bool held = endurance.wrong_verdicts == 0 && endurance.mixed_up_episodes == 0;
  if (flags.json) {
    PrintJson(endurance.ToJson());
  } else {
    fmt::print("{} verdicts in {:.0f} s ({:.0f} a second), {} of them wrong.\n", endurance.verdicts,
               endurance.seconds, static_cast<double>(endurance.verdicts) / endurance.seconds,
               endurance.wrong_verdicts);
    fmt::print("{:<10} {:>10} {:>12} {:>10} {:>8}\n", "", "memory", "descriptors", "processes",
               "zombies");
    PrintHoldings("warm", endurance.before);
    PrintHoldings("at the end", endurance.after);
    fmt::print("{} episodes were open at once; {} did not keep its own state.\n",
               endurance.episodes, endurance.mixed_up_episodes);
  }
  return held ? Exit::kDone : Exit::kError;
}

}  // namespace

void AddBench(CLI::App& app, Action& action) {
  CLI::App* bench = app.add_subcommand("bench", "Measures parts of this program on this machine");
  bench->require_subcommand(1);
  bench->footer(
      "Examples:\n"
      "  sca bench worlds\n"
      "  sca bench endurance --verdicts 10000\n"
      "The speed of a model is measured by `sca model bench`.");
  const auto flags = std::make_shared<BenchFlags>();
  CLI::App* worlds = bench->add_subcommand(
      "worlds", "What worlds, verifications and attempts cost, against bare forks and python3");
  worlds->add_option("--samples", flags->samples, "Of each row; a tenth for rows of whole programs")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  worlds->add_flag("--json", flags->json, "As JSON: rows and ratios");
  worlds->footer(
      "Examples:\n"
      "  sca bench worlds\n"
      "  sca bench worlds --samples 1000 --json\n"
      "Prints median and 99th percentile of the time of one, and how many a second one core does,\n"
      "for states of 2 kB and 5 MB of JSON and of 20 and 200 MB of Python objects; then the "
      "ratios\n"
      "that stay the same where times do not. Takes about a minute, on a machine that does "
      "nothing\n"
      "else.");
  worlds->callback([&action, flags] { action = [flags] { return BenchWorlds(*flags); }; });

  CLI::App* endurance = bench->add_subcommand(
      "endurance", "Whether worlds hold out: many verdicts in a row, many episodes at once");
  endurance->add_option("--verdicts", flags->verdicts, "Given in a row, on all cores")
      ->type_name("N")
      ->check(CLI::Range(1000, 100'000'000))
      ->capture_default_str();
  endurance->add_option("--episodes", flags->episodes, "Open at once")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  endurance->add_flag("--json", flags->json, "As JSON");
  endurance->footer(
      "Examples:\n"
      "  sca bench endurance\n"
      "  sca bench endurance --verdicts 10000 --episodes 1000 --json\n"
      "Prints what this program and its processes hold (memory, descriptors, processes, zombies)\n"
      "when warm and at the end, and how many verdicts were wrong and episodes mixed up, which\n"
      "must be none. Takes a few minutes.");
  endurance->callback([&action, flags] { action = [flags] { return BenchEndurance(*flags); }; });
}

}  // namespace sca::cli
