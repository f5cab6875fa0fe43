// The gate against tasks that end otherwise when they are run again.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"
#include "task/python_tokens.h"
#include "task/set_order.h"

namespace sca::task {
namespace {

// A coin shows the same side twice half of the time, so code that may throw one runs more often.
constexpr std::uint64_t kTimesByChance = 8;

bool SpeaksOfChance(const CodeAsTask& task) {
  constexpr std::array<std::string_view, 8> kWords = {"random",  "time",    "datetime", "uuid",
                                                      "secrets", "urandom", "hash",     "id"};
  for (const std::string* code : {&task.solution, &task.evaluation_function}) {
    for (const Token& token : TokensOf(*code)) {
      if (token.kind == Token::Kind::kName &&
          std::find(kWords.begin(), kWords.end(), token.value) != kWords.end()) {
        return true;
      }
    }
  }
  return false;
}

// Chance and the clock: few runs may show what goes by the one, and none what goes by the other,
// which stands still in worlds. Random numbers from a seed of the code's own are no chance.
std::string WhatGoesByChance(const std::vector<Token>& tokens) {
  const auto is = [&](std::size_t index, std::string_view what) {
    return TokenIs(tokens, index, what);
  };
  const auto is_any = [&](std::size_t index, const auto& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view what) { return is(index, what); });
  };
  constexpr std::array<std::string_view, 3> kChance = {"random", "secrets", "uuid"};
  constexpr std::array<std::string_view, 10> kClock = {
      "time",         "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns",
      "process_time", "gmtime",  "localtime", "ctime"};
  constexpr std::array<std::string_view, 3> kNow = {"now", "utcnow", "today"};
  const bool seeded = std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
    return token.value == "seed" || token.value == "Random";
  });
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const bool imports = is(index, "import") || is(index, "from");
    if (imports && is_any(index + 1, kChance) && !(seeded && is(index + 1, "random"))) {
      return "random numbers";
    }
    if (is(index, "urandom")) return "random numbers";
    const bool calls = is(index + 1, ".") && is(index + 3, "(");
    if (calls && ((is(index, "time") && is_any(index + 2, kClock)) ||
                  ((is(index, "datetime") || is(index, "date")) && is_any(index + 2, kNow)))) {
      return "the clock";
    }
  }
  return {};
}

// Runs cannot show it: worlds have a clock of their own, the hash seed is fixed, and addresses
// hardly change.
std::string WhatDependsOnTheProcess(const CodeAsTask& task, const std::vector<ToolSpec>& tools) {
  for (const auto& [part, code] : {std::pair{"evaluate", &task.evaluation_function},
                                   std::pair{"The solution", &task.solution}}) {
    const std::vector<Token> tokens = TokensOf(*code);
    if (const std::string chance = WhatGoesByChance(tokens); !chance.empty()) {
      return fmt::format("{} goes by {}: the same end must always get the same verdict.", part,
                         chance);
    }
    for (std::size_t index = 0; index + 1 < tokens.size(); ++index) {
      const std::string& name = tokens[index].value;
      const bool own =
          index > 0 && (TokenIs(tokens, index - 1, ".") || TokenIs(tokens, index - 1, "def"));
      const bool called =
          tokens[index].kind == Token::Kind::kName && TokenIs(tokens, index + 1, "(");
      if (!called || own || FindTool(tools, name) != nullptr) continue;
      if (name == "hash" || name == "id") {
        return fmt::format("{} calls {}(), whose value differs from process to process.", part,
                           name);
      }
    }
  }
  return {};
}

}  // namespace

Result<Finding> JudgeDeterministic(Candidate& candidate) {
  std::string process = WhatDependsOnTheProcess(candidate.task(), candidate.environment().tools());
  if (!process.empty()) return Failed(std::move(process));
  const Execution* solution = SCA_TRY(candidate.Solution());
  // Where solution_runs is switched off, it may not have finished.
  if (!solution->verdict.has_value()) return Failed("The solution did not finish.");
  if (auto why = SCA_TRY(WhatGoesByTheOrderOfSets(candidate, solution->trace))) {
    return Failed(std::move(*why));
  }
  const bool chance = SpeaksOfChance(candidate.task());
  const std::uint64_t times = chance ? kTimesByChance : 1;
  for (std::uint64_t time = 1; time <= times; ++time) {
    const Execution again = SCA_TRY(candidate.SolutionAgain(time));
    const bool same_calls = !chance || again.trace.Key() == solution->trace.Key();
    if (same_calls && again.verdict.has_value() &&
        again.verdict->passed == solution->verdict->passed &&
        again.trace.answer_json == solution->trace.answer_json) {
      continue;
    }
    if (again.code.outcome != sandbox::Outcome::kFinished) {
      return Failed(fmt::format("A second run does not finish ({}): {}",
                                sandbox::OutcomeName(again.code.outcome),
                                Shorten(again.code.error, kEvidenceBytesMax)));
    }
    if (!same_calls) return Failed("A second run makes other calls: the solution goes by chance.");
    return Failed(fmt::format("A second run ends otherwise: answer {} after {}, evaluate gives {}.",
                              Shorten(again.trace.answer_json, 80),
                              Shorten(solution->trace.answer_json, 80),
                              again.verdict.has_value() ? Describe(*again.verdict) : "nothing"));
  }
  return Finding{
      .passed = true,
      .evidence = times == 1 ? "A second run in a fresh world ends the same."
                             : fmt::format("{} more runs in fresh worlds end the same.", times)};
}

}  // namespace sca::task
