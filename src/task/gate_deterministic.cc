// The gate against tasks that end otherwise when they are run again.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"
#include "task/python_tokens.h"

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

}  // namespace

Result<Finding> JudgeDeterministic(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  // Where solution_runs is switched off, it may not have finished.
  if (!solution->verdict.has_value()) return Failed("The solution did not finish.");
  const bool chance = SpeaksOfChance(candidate.task());
  const std::uint64_t times = chance ? kTimesByChance : 1;
  for (std::uint64_t time = 1; time <= times; ++time) {
    const Execution again = SCA_TRY(candidate.Execute(candidate.task().solution, time));
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
