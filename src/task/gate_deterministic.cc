// The gate against tasks that end otherwise when they are run again.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"
#include "task/list_order.h"
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

// Whether the call whose bracket opens at `at` is followed by an index.
bool IsIndexed(const std::vector<Token>& tokens, std::size_t at) {
  const std::size_t end = EndOfBracket(tokens, at);
  return end + 1 < tokens.size() && tokens[end + 1].value == "[" &&
         tokens[end + 1].kind == Token::Kind::kOther;
}

// Whether braces hold a dict.
bool HasColon(const std::vector<Token>& tokens, std::size_t at) {
  const std::size_t end = EndOfBracket(tokens, at);
  return std::any_of(tokens.begin() + static_cast<std::ptrdiff_t>(at),
                     tokens.begin() + static_cast<std::ptrdiff_t>(std::min(end, tokens.size())),
                     [](const Token& token) { return token.value == ":"; });
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
  constexpr std::array<std::string_view, 6> kClock = {"time",         "time_ns", "monotonic",
                                                      "perf_counter", "gmtime",  "localtime"};
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

// Where code takes from a set what it has no order for: next(iter(s)), list(s)[0], ", ".join(s),
// and the whole answer list(s) where nobody sorts it or makes a set of it again.
class SetOrder {
 public:
  SetOrder(const std::vector<Token>& tokens, bool answer_has_order)
      : tokens_(tokens), answer_counts_(answer_has_order) {
    for (std::size_t index = 0; index < tokens.size(); ++index) {
      if (Is(index, "sort") || Is(index, "sorted")) answer_counts_ = false;
    }
  }

  // To be told of each token in turn: which variables are sets changes on the way.
  void Pass(std::size_t index) {
    if (tokens_[index].kind != Token::Kind::kName || !Is(index + 1, "=") || Is(index + 2, "=")) {
      return;
    }
    if (IsSet(index + 2)) {
      sets_.insert(tokens_[index].value);
    } else {
      sets_.erase(tokens_[index].value);
    }
  }

  // Whether the name at `index`, whose bracket opens next, is next, list or join and takes so.
  bool IsTaken(std::size_t index) const {
    if (Is(index, "join")) return IsSet(index + 2);
    const bool of_set = IsSet(index + 2) || (Is(index + 2, "iter") && IsSet(index + 4));
    if (!of_set) return false;
    if (Is(index, "next")) return true;
    const bool is_answer = index > 1 && Is(index - 1, "=") && Is(index - 2, "answer");
    return Is(index, "list") && (IsIndexed(tokens_, index + 1) || (is_answer && answer_counts_));
  }

 private:
  bool Is(std::size_t index, std::string_view what) const { return TokenIs(tokens_, index, what); }
  bool IsSet(std::size_t index) const {
    if (index >= tokens_.size()) return false;
    if (Is(index, "{")) {
      const bool unpacks = Is(index + 1, "*") && Is(index + 2, "*");  // A dict into another.
      return !unpacks && !Is(index + 1, "}") && !HasColon(tokens_, index);
    }
    return Is(index, "set") || (sets_.contains(tokens_[index].value) && Is(index + 1, ")"));
  }

  const std::vector<Token>& tokens_;
  bool answer_counts_;
  std::set<std::string> sets_;  // Variables.
};

bool Mentions(const std::vector<Token>& tokens, std::initializer_list<std::string_view> names) {
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
    return std::find(names.begin(), names.end(), token.value) != names.end();
  });
}

// The hash seed is fixed and addresses hardly change, so runs cannot show what depends on them:
// calls of hash() and id(), and the order of a set.
std::string WhatDependsOnTheProcess(const CodeAsTask& task, const std::vector<ToolSpec>& tools) {
  const std::vector<Token> evaluation = TokensOf(task.evaluation_function);
  const std::vector<Token> solution = TokensOf(task.solution);
  const bool answer_has_order = !Mentions(evaluation, {"sorted", "sort", "set", "Counter"});
  for (const auto& [part, code] :
       {std::pair{"evaluate", &evaluation}, std::pair{"The solution", &solution}}) {
    const std::vector<Token>& tokens = *code;
    if (const std::string chance = WhatGoesByChance(tokens); !chance.empty()) {
      return fmt::format("{} goes by {}: the same end must always get the same verdict.", part,
                         chance);
    }
    SetOrder sets(tokens, answer_has_order);
    for (std::size_t index = 0; index + 1 < tokens.size(); ++index) {
      sets.Pass(index);
      const std::string& name = tokens[index].value;
      const bool own =
          index > 0 && (tokens[index - 1].value == "." || tokens[index - 1].value == "def");
      const bool tool = FindTool(tools, name) != nullptr;
      const bool called = tokens[index + 1].value == "(";
      if (tokens[index].kind != Token::Kind::kName || tool || !called) continue;
      if (own && name != "join") continue;
      if (name == "hash" || name == "id") {
        return fmt::format("{} calls {}(), whose value differs from process to process.", part,
                           name);
      }
      if (sets.IsTaken(index)) {
        return fmt::format("{} takes what a set has by its place, and sets have no order.", part);
      }
    }
  }
  return {};
}

// Whether the solution ends otherwise where sets give what they have in another order: it takes the
// first of equals that way.
Result<bool> GoesByTheOrderOfSets(Candidate& candidate, const Trace& solution) {
  constexpr std::string_view kBackwards =
      "class set(set):\n"
      "    def __iter__(self):\n"
      "        return iter(sorted(super().__iter__(), key=repr, reverse=REVERSED))\n\n\n";
  if (!Mentions(TokensOf(candidate.task().solution), {"set"})) return false;
  for (const std::string reversed : {"False", "True"}) {
    const Execution other = SCA_TRY(candidate.Execute(
        ReplaceAll(std::string(kBackwards), "REVERSED", reversed) + candidate.task().solution));
    if (RanThrough(other) && !EndTheSame(solution, other.trace, candidate.environment().tools()))
      return true;
  }
  return false;
}

}  // namespace

Result<Finding> JudgeDeterministic(Candidate& candidate) {
  std::string process = WhatDependsOnTheProcess(candidate.task(), candidate.environment().tools());
  if (!process.empty()) return Failed(std::move(process));
  const Execution* solution = SCA_TRY(candidate.Solution());
  // Where solution_runs is switched off, it may not have finished.
  if (!solution->verdict.has_value()) return Failed("The solution did not finish.");
  if (SCA_TRY(GoesByTheOrderOfSets(candidate, solution->trace))) {
    return Failed("The solution ends otherwise where a set gives its elements in another order.");
  }
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
