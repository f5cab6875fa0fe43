// The gate against brittle verification: other right ways to do the same must be accepted.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"
#include "task/mutants.h"
#include "task/python_tokens.h"
#include "task/spellings.h"

namespace sca::task {
namespace {

constexpr std::size_t kAnswerBytesMax = 80;

bool SaysWhatComesFirst(const std::string& instruction) {
  const std::vector<Token> words = TokensOf(Lowercase(instruction));
  return std::any_of(words.begin(), words.end(), [](const Token& word) {
    constexpr std::array<std::string_view, 8> kWords = {"first", "then", "before",  "after",
                                                        "last",  "next", "finally", "afterwards"};
    return std::find(kWords.begin(), kWords.end(), word.value) != kWords.end();
  });
}

// Two neighbours that touch nothing in common and give the same results either way.
struct Swap {
  std::vector<Trace::Call> calls;
  std::string description;
};

std::vector<Swap> Swaps(const std::vector<Trace::Call>& writes) {
  std::vector<Swap> swaps;
  for (std::size_t index = 1; index < writes.size(); ++index) {
    const std::set<std::string> left = writes[index - 1].NamesAsked();
    const std::set<std::string> right = writes[index].NamesAsked();
    const bool apart =
        !left.empty() &&
        std::none_of(right.begin(), right.end(), [&](const auto& n) { return left.contains(n); });
    if (!apart) continue;
    Swap swap{.calls = writes,
              .description =
                  fmt::format("{}{} comes before {}{}", writes[index].tool,
                              Shorten(writes[index].arguments_json, 60), writes[index - 1].tool,
                              Shorten(writes[index - 1].arguments_json, 60))};
    std::swap(swap.calls[index - 1], swap.calls[index]);
    swaps.push_back(std::move(swap));
  }
  return swaps;
}

// Makes the calls; false where one fails or gives another result than it did in the solution.
Result<bool> Replay(env::Episode& episode, const std::vector<Trace::Call>& calls) {
  for (const Trace::Call& call : calls) {
    const env::ToolCall made = SCA_TRY(episode.CallTool(call.tool, call.arguments_json));
    if (made.failed || made.result_json != call.result_json) return false;
  }
  return true;
}

Result<bool> Accepts(const Candidate& candidate, env::Episode& episode,
                     const std::string& answer_json) {
  const env::VerdictResult verdict = SCA_TRY(episode.Verify(
      candidate.task().evaluation_function,
      answer_json.empty() ? std::nullopt : std::optional(answer_json), env::Purity::kUnchecked));
  if (verdict.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, verdict.error};
  }
  return verdict.passed.value_or(false);
}

}  // namespace

Result<Finding> JudgeEquivalentsAccepted(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  const Trace& trace = solution->trace;
  const env::Environment& environment = candidate.environment();
  const std::vector<Trace::Call> writes = WriteCalls(trace, environment.tools());
  int tried = 0;
  const std::vector<Spelling> spellings =
      SpellingsOf(candidate.task().instruction, trace, environment.tools(), candidate.settings());
  if (!spellings.empty()) {
    const auto episode = SCA_TRY(environment.Start(candidate.seed()));
    const bool same = SCA_TRY(Replay(*episode, writes));
    for (const Spelling& spelling : spellings) {
      if (!same) break;
      ++tried;
      if (SCA_TRY(Accepts(candidate, *episode, DumpJson(spelling.answer)))) continue;
      return Failed(fmt::format("evaluate rejects {}, which is as right as {}: {}.",
                                Shorten(DumpJson(spelling.answer), kAnswerBytesMax),
                                Shorten(trace.answer_json, kAnswerBytesMax), spelling.reason));
    }
  }
  if (candidate.settings().Tries("call_order") &&
      !SaysWhatComesFirst(candidate.task().instruction)) {
    for (const Swap& swap : Swaps(writes)) {
      const auto episode = SCA_TRY(environment.Start(candidate.seed()));
      if (!SCA_TRY(Replay(*episode, swap.calls))) continue;
      ++tried;
      if (SCA_TRY(Accepts(candidate, *episode, trace.answer_json))) continue;
      return Failed(fmt::format("evaluate is False if {}.", swap.description));
    }
  }
  return Finding{.passed = true,
                 .evidence = fmt::format("All {} other right ways tried are accepted.", tried)};
}

}  // namespace sca::task
