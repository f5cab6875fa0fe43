#include "report/words.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace sca::report {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr std::array kGateMeanings = {
    Entry{"parses", "All parts of the task are there."},
    Entry{"compiles", "Its code is valid Python and uses only known tools."},
    Entry{"solution_runs", "The example solution runs without an error."},
    Entry{"solution_passes", "The verification accepts the example solution."},
    Entry{"failures_run", "The failure cases run without an error."},
    Entry{"failures_rejected", "The verification rejects every failure case."},
    Entry{"idle_rejected", "Doing nothing is rejected."},
    Entry{"mutants_rejected", "Altered copies of the solution are rejected."},
    Entry{"equivalents_accepted", "Other right solutions are accepted."},
    Entry{"deterministic", "The same verdict twice, in fresh worlds."},
    Entry{"pure", "Verifying changes nothing."},
    Entry{"complete", "The instruction says all that the solution needs."},
    Entry{"no_leak", "The instruction shows neither code nor the answer."},
    Entry{"policy", "The company's rules hold."},
    Entry{"novel", "Unlike every task known, the held-out ones included."},
    Entry{"solvable", "An independent attempt reached the same result."},
    Entry{"not_trivial", "Not every attempt succeeds."},
    Entry{"approved", "A person approved it."},
};

constexpr std::array kWorkNames = {
    Entry{"challenge", "Writing tasks and checking them"},
    Entry{"pilot", "Pilot attempts"},
    Entry{"rollout", "Further attempts"},
    Entry{"train", "Training"},
    Entry{"speed", "Measuring speed"},
};

constexpr std::array kSpeedNames = {
    Entry{"tokens_decoded", "Tokens written"},
    Entry{"decode_seconds", "Seconds spent writing"},
    Entry{"decode_tokens_per_s", "Tokens written per second"},
    Entry{"batched_bench_tokens_per_s",
          "The same in llama.cpp's own batched loop, nothing else at work"},
    Entry{"ratio_to_batched_bench", "This run's share of that"},
    Entry{"width", "Sequences at once"},
    Entry{"context_tokens", "Tokens before each written one, on average"},
    Entry{"prompt_tokens_evaluated", "Prompt tokens read"},
    Entry{"prompt_tokens_reused", "Prompt tokens reused from a shared prefix"},
    Entry{"prompt_seconds", "Seconds spent reading prompts"},
    Entry{"batched_bench_prompt_tokens_per_s", "Prompt tokens read per second in llama.cpp's loop"},
};

template <std::size_t size>
std::string_view Find(const std::array<Entry, size>& entries, std::string_view key) {
  for (const Entry& entry : entries) {
    if (entry.first == key) return entry.second;
  }
  return {};
}

std::string Spoken(std::string_view name) {
  std::string words = ReplaceAll(std::string(name), "_", " ");
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') {
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  }
  return words;
}

}  // namespace

std::string Percent(double share) { return fmt::format("{:.1f}%", 100 * share); }

std::string Points(double difference) { return fmt::format("{:+.1f} points", 100 * difference); }

std::string PercentInterval(const Interval& interval) {
  return fmt::format("{} to {}", Percent(interval.low), Percent(interval.high));
}

std::string Share(int part, int whole) {
  if (whole == 0) return "none";
  return fmt::format("{} of {} ({})", part, whole, Percent(static_cast<double>(part) / whole));
}

std::string Duration(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string Milliseconds(double milliseconds) {
  if (milliseconds >= 1000) return Duration(milliseconds / 1000);
  return milliseconds < 10 ? fmt::format("{:.2f} ms", milliseconds)
                           : fmt::format("{:.0f} ms", milliseconds);
}

std::string Number(double value) {
  if (!std::isfinite(value)) return "–";
  if (value == std::floor(value) && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  return std::abs(value) < 10 ? fmt::format("{:.2f}", value) : fmt::format("{:.1f}", value);
}

std::string StageName(std::string_view stage) { return Spoken(stage); }

std::string WorkName(std::string_view stage) {
  constexpr std::string_view kEvaluation = "evaluation:";
  if (stage.substr(0, kEvaluation.size()) == kEvaluation) {
    return fmt::format("Held-out tasks, {}",
                       ReplaceAll(std::string(stage.substr(kEvaluation.size())), "_", " "));
  }
  const std::string_view name = Find(kWorkNames, stage);
  return name.empty() ? Spoken(stage) : std::string(name);
}

std::vector<std::pair<std::string, double>> SpeedFigures(const Json& speed) {
  std::vector<std::pair<std::string, double>> figures;
  for (const auto& [key, name] : kSpeedNames) {
    const auto found = speed.find(key);
    if (found != speed.end() && found->is_number())
      figures.emplace_back(name, found->get<double>());
  }
  for (const auto& [key, value] : speed.items()) {
    if (!value.is_number() || !Find(kSpeedNames, key).empty()) continue;
    figures.emplace_back(Spoken(key), value.get<double>());
  }
  return figures;
}

std::string GateMeaning(std::string_view gate) { return std::string(Find(kGateMeanings, gate)); }

std::string GateMeaning(const GateFigures& gate) {
  const std::string meaning = GateMeaning(gate.gate);
  if (gate.waiting == 0) return meaning;
  return fmt::format("{} {} {} not taken up yet.", meaning, gate.waiting,
                     gate.waiting == 1 ? "is" : "are");
}

std::string FatesSentence(const CandidateFigures& figures) {
  const std::string waiting =
      figures.waiting == 0 ? "" : fmt::format("waiting for approval {}, ", figures.waiting);
  return fmt::format("accepted {}, set aside {}, {}rejected {}",
                     Share(figures.accepted, figures.candidates), figures.set_aside, waiting,
                     figures.rejected);
}

std::string ComparisonSentence(const Summary& summary) {
  if (!summary.comparison.has_value()) return "";
  const Comparison& comparison = *summary.comparison;
  const std::string change = fmt::format(
      "Held-out success went from {} to {}: {} (95% interval {:+.1f} to {:+.1f})",
      Percent(summary.before->pass_at_1), Percent(summary.after->pass_at_1),
      Points(comparison.difference), 100 * comparison.interval.low, 100 * comparison.interval.high);
  if (comparison.interval.low > 0) return change + ". The improvement is more than chance.";
  if (comparison.interval.high < 0) return change + ". The model became worse.";
  return change + ". The interval includes zero, so this may be chance.";
}

}  // namespace sca::report
