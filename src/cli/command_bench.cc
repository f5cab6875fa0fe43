// bench: what worlds cost on this machine.

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/output.h"
#include "env/world_bench.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

struct BenchFlags {
  std::size_t samples = 200;
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

}  // namespace

void AddBench(CLI::App& app, Action& action) {
  CLI::App* bench = app.add_subcommand("bench", "Measures parts of this program on this machine");
  bench->require_subcommand(1);
  bench->footer(
      "Examples:\n"
      "  sca bench worlds\n"
      "  sca bench worlds --samples 1000 --json\n"
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
}

}  // namespace sca::cli
