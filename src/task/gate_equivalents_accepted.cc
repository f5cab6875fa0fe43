// The gate against brittle verification: other right ways to do the same must be accepted.

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <regex>
#include <set>
#include <utility>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"
#include "task/ids_renamed.h"
#include "task/instruction.h"
#include "task/literals.h"
#include "task/mutants.h"
#include "task/python_tokens.h"
#include "task/spellings.h"

namespace sca::task {
namespace {

constexpr std::size_t kAnswerBytesMax = 80;
constexpr std::size_t kSwapsMax = 24;  // Tried of one task.

// Two neighbours, or two parts of all, the other way round.
struct Swap {
  enum class Kind {
    kApart,   // They touch nothing in common.
    kMaking,  // They make a new thing each: then ids may change places.
    kAlike,   // They touch the same: a swap if all ends the same but for the order of lists.
  };
  std::vector<Trace::Call> calls;
  std::string description;
  Kind kind = Kind::kApart;
  bool may_be_a_queue = false;  // Of one tool, or several: places in a queue change.
  bool is_as_named = false;     // As the instruction names what they are about.
};

bool AreApart(const Trace::Call& left, const Trace::Call& right) {
  const std::set<std::string> its = left.NamesAsked();
  const std::set<std::string> others = right.NamesAsked();
  return !its.empty() && std::none_of(others.begin(), others.end(),
                                      [&](const auto& name) { return its.contains(name); });
}

// Whether both give an id that they were not given.
bool MakeThings(const Trace::Call& left, const Trace::Call& right) {
  const auto its = ParseJson(left.result_json);
  const auto others = ParseJson(right.result_json);
  if (left.tool != right.tool || !its.ok() || !others.ok()) return false;
  IdsRenamed ids;
  ids.Learn(*its, *others);
  return std::any_of(ids.ids().begin(), ids.ids().end(), [&](const auto& pair) {
    return left.arguments_json.find(pair.first) == std::string::npos &&
           right.arguments_json.find(pair.second) == std::string::npos;
  });
}

// Whether the instruction names what the second call is about before what the first one is.
bool AreNamedTheOtherWayRound(const Trace::Call& first, const Trace::Call& second,
                              const std::string& instruction) {
  const std::string lower = Lowercase(instruction);
  const auto place_of = [&](const Trace::Call& call, const Trace::Call& other) {
    std::size_t place = std::string::npos;
    const std::set<std::string> others = other.NamesAsked();
    for (const std::string& name : call.NamesAsked()) {
      if (!others.contains(name)) place = std::min(place, lower.find(Lowercase(name)));
    }
    return place;
  };
  const std::size_t its = place_of(second, first);
  return its != std::string::npos && its < place_of(first, second);
}

std::vector<Swap> Swaps(const std::vector<Trace::Call>& writes, const std::string& instruction) {
  std::vector<Swap> swaps;
  for (std::size_t index = 1; index < writes.size(); ++index) {
    const Trace::Call& left = writes[index - 1];
    const Trace::Call& right = writes[index];
    const bool apart = AreApart(left, right);
    Swap swap{.calls = writes,
              .description = fmt::format("{}{} comes before {}{}", right.tool,
                                         Shorten(right.arguments_json, 60), left.tool,
                                         Shorten(left.arguments_json, 60)),
              .kind = apart                     ? Swap::Kind::kApart
                      : MakeThings(left, right) ? Swap::Kind::kMaking
                                                : Swap::Kind::kAlike,
              .may_be_a_queue = left.tool == right.tool,
              .is_as_named = AreNamedTheOtherWayRound(left, right, instruction)};
    std::swap(swap.calls[index - 1], swap.calls[index]);
    swaps.push_back(std::move(swap));
  }
  // What is done with one thing after what is done with the other.
  for (std::size_t index = 1; index < writes.size() && writes.size() > 2; ++index) {
    const auto middle = static_cast<std::ptrdiff_t>(index);
    Swap swap{.calls = writes,
              .description = fmt::format("{}{} and what follows comes first", writes[index].tool,
                                         Shorten(writes[index].arguments_json, 60)),
              .kind = Swap::Kind::kAlike,
              .may_be_a_queue = true};
    std::rotate(swap.calls.begin(), swap.calls.begin() + middle, swap.calls.end());
    swaps.push_back(std::move(swap));
  }
  if (swaps.size() > kSwapsMax) swaps.resize(kSwapsMax);
  return swaps;
}

// "A04 waits at place 6." and "A04 waits at place 7.": sentences that say a number last, or of what
// it is: "P06 has 2 notes."
bool AreCounted(const Json& before, const Json& now) {
  static const std::regex kCounted("(\\D.* )\\d+((?: [a-z]+?){0,3})s?\\.?");
  constexpr std::size_t kSentenceBytesMax = 200;  // A regular expression takes stack by length.
  if (!before.is_string() || !now.is_string()) return false;
  const std::string one = before.get<std::string>();
  const std::string other = now.get<std::string>();
  if (std::max(one.size(), other.size()) > kSentenceBytesMax) return false;
  std::smatch its;
  std::smatch others;
  return std::regex_match(one, its, kCounted) && std::regex_match(other, others, kCounted) &&
         its[1] == others[1] && its[2] == others[2];
}

// Where whoever is named first comes first.
bool IsQueue(const std::string& instruction) {
  return SpeaksOfAQueue(instruction) && !LeavesOrderFree(instruction);
}

// Makes the calls with the ids of this world; nothing where one fails, or gives something else than
// it did in the solution but for ids. What no part of the answer is may be otherwise: "2 notes".
Result<std::optional<IdsRenamed>> Replay(env::Episode& episode,
                                         const std::vector<Trace::Call>& calls,
                                         const std::string& answer_json) {
  IdsRenamed ids;
  for (const Trace::Call& call : calls) {
    const auto arguments = ParseJson(call.arguments_json);
    const bool renames = !ids.ids().empty() && arguments.ok();
    const env::ToolCall made = SCA_TRY(episode.CallTool(
        call.tool, renames ? DumpJson(ids.Apply(*arguments)) : call.arguments_json));
    if (made.failed) return std::optional<IdsRenamed>();
    if (made.result_json == call.result_json && !renames) continue;
    const auto before = ParseJson(call.result_json);
    const auto now = ParseJson(made.result_json);
    if (!before.ok() || !now.ok()) return std::optional<IdsRenamed>();
    const auto answers = [&](const std::string& json) {
      return !answer_json.empty() && json.find(answer_json) != std::string::npos;
    };
    const bool answered = answers(call.result_json) || answers(made.result_json);
    if (before->is_number() && now->is_number() && !answered) continue;
    if (ids.Learn(*before, *now)) continue;
    if (answered || !AreCounted(*before, *now)) return std::optional<IdsRenamed>();
  }
  if (!ids.IsPermutation()) return std::optional<IdsRenamed>();
  return std::optional(std::move(ids));
}

// Whether calls that touch the same leave it the same, lists in another order aside; where an order
// may be meant they do not.
Result<bool> EndsAlike(const Candidate& candidate, env::Episode& swapped,
                       const std::vector<Trace::Call>& writes) {
  const std::string& instruction = candidate.task().instruction;
  if (AsksForARanking(instruction) || IsQueue(instruction)) return false;
  const auto episode = SCA_TRY(candidate.environment().Start(candidate.seed()));
  SCA_TRY(Replay(*episode, writes, ""));
  return SCA_TRY(swapped.StateHash(env::ListOrder::kIgnored)) ==
         SCA_TRY(episode->StateHash(env::ListOrder::kIgnored));
}

// Who says what a new thing will be called has said in which order they are made.
bool SaysAnIdOf(const IdsRenamed& ids, const std::string& instruction) {
  return std::any_of(ids.ids().begin(), ids.ids().end(), [&](const auto& pair) {
    return Stands(Lowercase(instruction), Lowercase(pair.first));
  });
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

// The answer without the rounding that the solution does and nobody asked for: an agent may leave
// it out. "How many" may ask for a whole number.
Result<std::optional<Spelling>> Unrounded(Candidate& candidate, const Trace& solution) {
  constexpr std::string_view kWithoutRounding = "round = lambda number, ndigits=None: number\n";
  static const std::regex kAsked(
      "\\b(round|decimal|nearest|whole|cents?|digits?|precision|integer|places)");
  const CodeAsTask& task = candidate.task();
  const std::vector<Token> tokens = TokensOf(task.solution);
  const bool rounds = std::any_of(tokens.begin(), tokens.end(),
                                  [](const Token& token) { return token.value == "round"; });
  const std::string lower = Lowercase(task.instruction);
  const auto rounded = ParseJson(solution.answer_json);
  const bool counts = rounded.ok() && rounded->is_number_integer() && Stands(lower, "how many");
  if (!rounds || counts || std::regex_search(lower, kAsked)) {
    return std::optional<Spelling>();
  }
  const Execution execution =
      SCA_TRY(candidate.Execute(std::string(kWithoutRounding) + task.solution));
  const auto answer = ParseJson(execution.trace.answer_json);
  const bool alike = answer.ok() && execution.trace.Key() == solution.Key();
  if (!alike || DumpJson(WithoutNoise(*answer)) == solution.answer_json) {
    return std::optional<Spelling>();
  }
  return std::optional(Spelling{*answer, "the instruction asks for no rounding"});
}

// "Either V05 or V10": the one of the two that the solution takes, and the other. Names of one
// word.
std::optional<std::pair<std::string, std::string>> OtherOfTwo(
    const std::string& instruction, const std::vector<Trace::Call>& writes) {
  static const std::regex kEither("\\b[Ee]ither ([A-Za-z0-9_-]+) or ([A-Za-z0-9_-]+)");
  std::smatch two;
  if (!std::regex_search(instruction, two, kEither)) return std::nullopt;
  std::set<std::string> taken;
  for (const Trace::Call& call : writes) {
    for (const std::string& name : call.NamesAsked()) taken.insert(name);
  }
  const std::string one = two[1];
  const std::string other = two[2];
  if (taken.contains(one) == taken.contains(other)) return std::nullopt;
  return taken.contains(one) ? std::pair(one, other) : std::pair(other, one);
}

// Whether evaluate takes the other of two that the instruction leaves to choose from, where the
// world takes it; its evidence if not.
Result<std::string> WhyNotTheOther(const Candidate& candidate, const Trace& trace,
                                   const std::vector<Trace::Call>& writes) {
  const auto two = OtherOfTwo(candidate.task().instruction, writes);
  if (!two.has_value()) return std::string();
  const auto with_other = [&](const std::string& json) {
    return ReplaceAll(json, DumpJson(Json(two->first)), DumpJson(Json(two->second)));
  };
  const auto episode = SCA_TRY(candidate.environment().Start(candidate.seed()));
  for (const Trace::Call& call : writes) {
    const env::ToolCall made =
        SCA_TRY(episode->CallTool(call.tool, with_other(call.arguments_json)));
    if (made.failed) return std::string();
  }
  const bool accepted = SCA_TRY(Accepts(candidate, *episode, with_other(trace.answer_json)));
  return accepted ? std::string()
                  : fmt::format("evaluate is False with {} in place of {}, which is as right.",
                                two->second, two->first);
}

}  // namespace

Result<Finding> JudgeEquivalentsAccepted(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  const Trace& trace = solution->trace;
  const env::Environment& environment = candidate.environment();
  const std::vector<Trace::Call> writes = WriteCalls(trace, environment.tools());
  int tried = 0;
  std::vector<Spelling> spellings =
      SpellingsOf(candidate.task().instruction, trace, environment.tools(), candidate.settings());
  if (candidate.settings().Tries("numbers")) {
    if (auto unrounded = SCA_TRY(Unrounded(candidate, trace)); unrounded.has_value()) {
      spellings.push_back(std::move(*unrounded));
    }
  }
  if (!spellings.empty()) {
    std::unique_ptr<env::Episode> own;
    if (!writes.empty()) own = SCA_TRY(environment.Start(candidate.seed()));
    env::Episode& episode = own != nullptr ? *own : *SCA_TRY(candidate.shared().Fresh());
    std::vector<env::VerdictResult> verdicts;
    if (SCA_TRY(Replay(episode, writes, trace.answer_json)).has_value()) {
      std::vector<std::string> answers;
      for (const Spelling& spelling : spellings) answers.push_back(DumpJson(spelling.answer));
      verdicts = SCA_TRY(candidate.VerifyAnswers(episode, answers));
    }
    for (std::size_t index = 0; index < verdicts.size(); ++index) {
      ++tried;
      if (verdicts[index].passed.value_or(false)) continue;
      const Spelling& spelling = spellings[index];
      return Failed(fmt::format("evaluate rejects {}, which is as right as {}: {}.",
                                Shorten(DumpJson(spelling.answer), kAnswerBytesMax),
                                Shorten(trace.answer_json, kAnswerBytesMax), spelling.reason));
    }
  }
  if (const std::string why = SCA_TRY(WhyNotTheOther(candidate, trace, writes)); !why.empty()) {
    return Failed(why);
  }
  if (candidate.settings().Tries("call_order") &&
      !SaysWhatComesFirst(candidate.task().instruction)) {
    for (const Swap& swap : Swaps(writes, candidate.task().instruction)) {
      if (swap.may_be_a_queue && !swap.is_as_named && IsQueue(candidate.task().instruction)) {
        continue;
      }
      const auto episode = SCA_TRY(environment.Start(candidate.seed()));
      const std::optional<IdsRenamed> ids =
          SCA_TRY(Replay(*episode, swap.calls, trace.answer_json));
      if (!ids.has_value()) continue;
      // Things that are called after what they are of keep their ids.
      const bool alike = swap.kind == Swap::Kind::kAlike ||
                         (swap.kind == Swap::Kind::kMaking && ids->ids().empty());
      if (alike && !SCA_TRY(EndsAlike(candidate, *episode, writes))) continue;
      if (SaysAnIdOf(*ids, candidate.task().instruction)) continue;
      ++tried;
      const auto answer = ParseJson(trace.answer_json);
      const bool renames = !ids->ids().empty() && answer.ok();
      if (SCA_TRY(Accepts(candidate, *episode,
                          renames ? DumpJson(ids->Apply(*answer)) : trace.answer_json))) {
        continue;
      }
      if (!ids->ids().empty()) {
        return Failed(fmt::format("evaluate is False if {}: then {} is called {}.",
                                  swap.description, ids->ids().begin()->first,
                                  ids->ids().begin()->second));
      }
      return Failed(fmt::format("evaluate is False if {}.", swap.description));
    }
  }
  return Finding{.passed = true,
                 .evidence = fmt::format("All {} other right ways tried are accepted.", tried)};
}

}  // namespace sca::task
