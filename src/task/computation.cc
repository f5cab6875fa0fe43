#include "task/computation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>
#include <set>
#include <string_view>

#include "base/text.h"
#include "task/literals.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

enum class Rank { kUnknown, kLowest, kHighest };

// What the tools say of themselves that the solution calls, in lower case.
std::string DescriptionsOf(const Trace& solution, const std::vector<ToolSpec>& tools) {
  std::string all;
  for (const std::string& name : solution.Tools()) {
    if (const ToolSpec* tool = FindTool(tools, name)) {
      all += Lowercase(tool->name + " " + tool->description) + "\n";
    }
  }
  return all;
}

// The words of the code's names and strings: "cooking_minutes" has two.
std::set<std::string> WordsOfCode(const std::vector<Token>& tokens) {
  std::set<std::string> words;
  for (const Token& token : tokens) {
    if (token.kind != Token::Kind::kName && token.kind != Token::Kind::kString) continue;
    for (const std::string& word : WordsOf(ReplaceAll(Lowercase(token.value), "_", " "))) {
      words.insert(word);
    }
  }
  return words;
}

// An average, for which the code adds up and does not divide.
std::optional<std::string> MissesAnAverage(const std::string& instruction,
                                           const std::vector<Token>& tokens,
                                           const std::string& descriptions) {
  static const std::regex kAverage("\\b(average|averages|the mean|arithmetic mean)\\b");
  static const std::regex kGiven("average|mean|typical|\\bavg");
  if (!std::regex_search(instruction, kAverage)) return std::nullopt;
  if (std::regex_search(descriptions, kGiven)) return std::nullopt;
  bool adds = false;
  for (const Token& token : tokens) {
    const std::string lower = Lowercase(token.value);
    const bool other = token.kind == Token::Kind::kOther;
    adds = adds || (other && token.value == "+") || lower == "sum";
    const bool divides = other && token.value == "/";
    const bool part = token.kind == Token::Kind::kNumber && lower.find('.') != std::string::npos;
    if (divides || part || std::regex_search(lower, kGiven) || lower == "median") {
      return std::nullopt;
    }
  }
  if (!adds) return std::nullopt;
  return "The instruction asks for an average, but the solution adds up and divides nothing.";
}

// "The least", "the farthest": only where it is all of one kind.
Rank RankOfWords(const std::string& instruction) {
  static const std::set<std::string_view> kLow = {"least",    "fewest",  "lowest",  "smallest",
                                                  "cheapest", "nearest", "closest", "shortest",
                                                  "lightest", "minimum", "minimal"};
  static const std::set<std::string_view> kHigh = {"most",     "highest",  "largest",  "biggest",
                                                   "greatest", "dearest",  "farthest", "furthest",
                                                   "longest",  "heaviest", "maximum",  "maximal"};
  static const std::set<std::string_view> kNoRank = {"of",    "cent",    "whole",    "integer",
                                                     "euro",  "serving", "standing", "hundredth",
                                                     "tenth", "ten",     "hundred",  "full"};
  static const std::set<std::string_view> kOther = {"earliest", "latest",  "oldest", "youngest",
                                                    "newest",   "fastest", "slowest"};
  bool low = false;
  bool high = false;
  const std::vector<std::string> words = WordsOf(instruction);
  for (std::size_t index = 0; index < words.size(); ++index) {
    if (kOther.contains(words[index])) return Rank::kUnknown;
    const std::string before = index == 0 ? "" : words[index - 1];
    const std::string after = index + 1 < words.size() ? words[index + 1] : "";
    if (before == "at" || kNoRank.contains(after)) continue;
    low = low || kLow.contains(words[index]);
    high = high || kHigh.contains(words[index]);
  }
  if (low == high) return Rank::kUnknown;
  return low ? Rank::kLowest : Rank::kHighest;
}

Rank Opposite(Rank rank) {
  if (rank == Rank::kUnknown) return rank;
  return rank == Rank::kLowest ? Rank::kHighest : Rank::kLowest;
}

// What a call of max, min or sorted at `index` takes; unknown where a sign may turn it round, or
// where it bounds a number.
Rank RankOfCall(const std::vector<Token>& tokens, std::size_t index) {
  const std::size_t end = EndOfBracket(tokens, index + 1);
  if (end >= tokens.size()) return Rank::kUnknown;
  bool reversed = false;
  bool keyed = false;
  std::size_t arguments = 1;
  int depth = 0;
  for (std::size_t at = index + 1; at < end; ++at) {
    const std::string& value = tokens[at].value;
    if (tokens[at].kind == Token::Kind::kOther) {
      if (value == "-") return Rank::kUnknown;
      if (value == "(" || value == "[" || value == "{") ++depth;
      if (value == ")" || value == "]" || value == "}") --depth;
      if (value == "," && depth == 1) ++arguments;
    }
    keyed = keyed || (TokenIs(tokens, at, "key") && TokenIs(tokens, at + 1, "="));
    reversed = reversed || (TokenIs(tokens, at, "reverse") && TokenIs(tokens, at + 2, "True"));
  }
  if (!TokenIs(tokens, index, "sorted")) {
    if (arguments > 1 && !keyed) return Rank::kUnknown;
    return TokenIs(tokens, index, "max") ? Rank::kHighest : Rank::kLowest;
  }
  if (!TokenIs(tokens, end + 1, "[")) return Rank::kUnknown;
  Rank rank = Rank::kUnknown;
  if (TokenIs(tokens, end + 2, "0") && TokenIs(tokens, end + 3, "]")) rank = Rank::kLowest;
  if (TokenIs(tokens, end + 2, "-") && TokenIs(tokens, end + 3, "1")) rank = Rank::kHighest;
  return reversed ? Opposite(rank) : rank;
}

// Who has been there for the longest time has begun first.
bool RanksByBeginning(const std::string& instruction, const std::vector<Token>& tokens) {
  static const std::regex kTime("\\b(longest|shortest)\\b");
  static const std::array<std::string_view, 11> kBeginnings = {
      "since", "year", "joined", "founded", "built",  "hired",
      "start", "born", "opened", "begins",  "started"};
  static const std::regex kAgo("\\b(longest|shortest) ago\\b");
  const std::set<std::string> words = WordsOfCode(tokens);
  if (std::regex_search(instruction, kAgo)) return true;
  return std::regex_search(instruction, kTime) &&
         std::any_of(kBeginnings.begin(), kBeginnings.end(), [&](const std::string_view word) {
           return words.contains(std::string(word));
         });
}

std::optional<std::string> TakesTheOtherEnd(const std::string& instruction,
                                            const std::vector<Token>& tokens) {
  const Rank asked = RankOfWords(instruction);
  if (asked == Rank::kUnknown || RanksByBeginning(instruction, tokens)) return std::nullopt;
  std::set<Rank> taken;
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const bool ranks = TokenIs(tokens, index, "max") || TokenIs(tokens, index, "min") ||
                       TokenIs(tokens, index, "sorted");
    if (ranks && TokenIs(tokens, index + 1, "(")) taken.insert(RankOfCall(tokens, index));
    if (TokenIs(tokens, index, "sort")) return std::nullopt;
  }
  if (taken != std::set<Rank>{Opposite(asked)}) return std::nullopt;
  return fmt::format(
      "The instruction asks for the one with the {}, but the solution takes the "
      "one with the {}.",
      asked == Rank::kLowest ? "least" : "most", asked == Rank::kLowest ? "most" : "least");
}

// Hours for minutes: the code knows another unit of the kind, not the one that is asked for, and
// has no number to convert it with.
std::optional<std::string> AnswersInAnotherUnit(const std::string& instruction,
                                                const std::vector<Token>& tokens,
                                                const std::string& descriptions) {
  static const std::array<std::vector<std::string>, 4> kKinds = {
      std::vector<std::string>{"second", "minute", "hour", "day", "week"},
      {"gram", "kilogram"},
      {"metre", "kilometre", "centimetre"},
      {"cent", "euro"}};
  static const std::regex kAsked("\\bhow many ([a-z]+?)s\\b");
  std::smatch match;
  if (!std::regex_search(instruction, match, kAsked)) return std::nullopt;
  const std::string unit = match[1];
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& units) {
    return std::find(units.begin(), units.end(), unit) != units.end();
  });
  const bool computes = std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
    return (token.kind == Token::Kind::kNumber && token.value.size() >= 2) || token.value == "7" ||
           (token.kind == Token::Kind::kOther && (token.value == "*" || token.value == "/"));
  });
  if (kind == kKinds.end() || computes) return std::nullopt;
  const std::set<std::string> words = WordsOfCode(tokens);
  const auto knows = [&](const std::string& one) {
    return words.contains(one) || words.contains(one + "s");
  };
  if (knows(unit) || descriptions.find(unit) != std::string::npos) return std::nullopt;
  for (const std::string& other : *kind) {
    if (other == unit || !knows(other)) continue;
    return fmt::format(
        "The instruction asks how many {}s, but the solution works with {}s and "
        "converts nothing.",
        unit, other);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> OtherComputation(const CodeAsTask& task, const Trace& solution,
                                            const std::vector<ToolSpec>& tools) {
  const std::string instruction = Lowercase(task.instruction);
  const std::vector<Token> tokens = TokensOf(task.solution);
  const std::string descriptions = DescriptionsOf(solution, tools);
  if (auto why = MissesAnAverage(instruction, tokens, descriptions)) return why;
  if (auto why = TakesTheOtherEnd(instruction, tokens)) return why;
  return AnswersInAnotherUnit(instruction, tokens, descriptions);
}

}  // namespace sca::task
