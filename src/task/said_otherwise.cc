#include "task/said_otherwise.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "task/instruction.h"
#include "task/literals.h"
#include "task/numbers.h"
#include "task/python_tokens.h"
#include "task/said_dates.h"

namespace sca::task {
namespace {

// How often a tool is called, for each: who asks for the mean of three things has said that they
// are three.
std::set<double> CallCounts(const Trace& trace) {
  std::map<std::string, int> counts;
  for (const Trace::Call& call : trace.calls) ++counts[call.tool];
  std::set<double> several;
  for (const auto& [tool, count] : counts) {
    if (count > 1) several.insert(count);
  }
  return several;
}

// "From 2021 to 2024", "months 1 to 6": the whole numbers between are said as well.
void AddRanges(const std::string& lower, std::set<double>& numbers) {
  static const std::regex kRange(
      "\\b([0-9]{1,4})(?: to | through | until |-| and )([0-9]{1,4})\\b");
  constexpr int kWidest = 60;
  const std::sregex_iterator end;
  for (std::sregex_iterator at(lower.begin(), lower.end(), kRange); at != end; ++at) {
    const int from = std::atoi((*at)[1].str().c_str());
    const int until = std::atoi((*at)[2].str().c_str());
    for (int one = from; one <= until && until - from <= kWidest; ++one) numbers.insert(one);
  }
}

}  // namespace

std::set<double> PlacesSaid(const CodeAsTask& task, const std::vector<ToolSpec>& tools) {
  std::set<double> places;
  std::set<double> said = NumbersIn(task.instruction);
  for (const LiteralArgument& argument : LiteralArguments(task.solution, tools)) {
    if (argument.value.is_number()) said.erase(argument.value.get<double>());
  }
  const std::vector<Token> tokens = TokensOf(task.solution);
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (!IsPlace(tokens, at)) continue;
    const double place = std::strtod(tokens[at].value.c_str(), nullptr);
    if (Contains(said, place + 1)) places.insert(place);
  }
  return places;
}

std::set<double> NumbersSaid(const CodeAsTask& task, const Trace& solution,
                             const std::vector<ToolSpec>& tools) {
  std::set<double> numbers = NumbersIn(task.instruction);
  numbers.merge(NumbersImpliedBy(task.instruction));
  numbers.merge(CallCounts(solution));
  for (const std::string& name : solution.Tools()) {
    if (const ToolSpec* tool = FindTool(tools, name)) {
      numbers.merge(ConversionsOf(ReplaceAll(tool->name, "_", " ") + " " + tool->description));
    }
  }
  const std::string lower = Lowercase(task.instruction);
  numbers.merge(MonthsNamed(lower));
  AddRanges(lower, numbers);
  numbers.merge(PlacesSaid(task, tools));
  // range(1, 7) goes from 1 to 6.
  const std::vector<Token> tokens = TokensOf(task.solution);
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (!TokenIs(tokens, at, "range") || !TokenIs(tokens, at + 1, "(")) continue;
    const std::size_t end = std::min(EndOfBracket(tokens, at + 1), tokens.size());
    for (std::size_t inside = at + 2; inside < end; ++inside) {
      if (tokens[inside].kind != Token::Kind::kNumber) continue;
      const double bound = std::strtod(tokens[inside].value.c_str(), nullptr);
      if (Contains(numbers, bound - 1)) numbers.insert(bound);
    }
  }
  return numbers;
}

bool IsOneOfSeveralTried(const CodeAsTask& task, const std::vector<ToolSpec>& tools,
                         const std::string& text) {
  const std::vector<Token> tokens = TokensOf(task.solution);
  for (std::size_t at = 1; at < tokens.size(); ++at) {
    const bool opens =
        TokenIs(tokens, at, "(") || TokenIs(tokens, at, "[") || TokenIs(tokens, at, "{");
    if (!opens || tokens[at - 1].value == "print" || FindTool(tools, tokens[at - 1].value)) {
      continue;
    }
    const std::size_t end = std::min(EndOfBracket(tokens, at), tokens.size());
    std::size_t texts = 0;
    bool has_it = false;
    bool plain = true;
    for (std::size_t inside = at + 1; inside < end; ++inside) {
      const bool is_text = tokens[inside].kind == Token::Kind::kString;
      plain = plain && (is_text || TokenIs(tokens, inside, ","));
      texts += is_text ? 1 : 0;
      has_it = has_it || (is_text && Lowercase(tokens[inside].value) == Lowercase(text));
    }
    if (!plain || !has_it || texts < 2) continue;
    for (const ToolSpec& tool : tools) {
      if (Stands(Lowercase(tool.description), "\"" + Lowercase(text) + "\"")) return true;
    }
  }
  return false;
}

bool IsPutTogether(const CodeAsTask& task, const Trace& solution, const std::string& text) {
  for (const Token& token : TokensOf(task.solution)) {
    if (token.kind == Token::Kind::kString && Lowercase(token.value) == Lowercase(text)) {
      return false;
    }
  }
  const std::vector<std::string> words = WordsOf(text);
  if (words.size() < 2) return false;
  std::string known = task.instruction;
  for (const Trace::Call& call : solution.calls) known += "\n" + call.result_json;
  const std::vector<std::string> all = WordsOf(known);
  const std::set<std::string> given(all.begin(), all.end());
  return std::all_of(words.begin(), words.end(),
                     [&](const std::string& word) { return given.contains(word); });
}

namespace {

// "Banana" says "bananas", and "red lentil" "red lentils".
bool IsSaidAsOne(const std::string& lower, const std::string& name) {
  constexpr std::size_t kBytesMin = 4;
  if (name.size() < kBytesMin || !name.ends_with("s") || name.ends_with("ss")) return false;
  const std::vector<std::string> said = WordsOf(lower);
  const std::vector<std::string> words = WordsOf(name.substr(0, name.size() - 1));
  return std::search(said.begin(), said.end(), words.begin(), words.end()) != said.end();
}

// "Colder" says "temperature".
bool IsSaidByItsQualities(const std::string& lower, const std::string& name) {
  static const std::map<std::string, std::regex> kQualities = {
      {"temperature", std::regex("\\b(cold|cool|warm|hot|degrees|freez)")},
      {"weight", std::regex("\\b(heav|light(er|est)\\b|weigh)")},
      {"price", std::regex("\\b(costs?\\b|cheap|dear|expensive)")},
      {"wind", std::regex("\\b(gust|storm)")},
      {"humidity", std::regex("\\b(humid|damp)")},
      {"rain", std::regex("\\b(wet|dr(y|ier|iest)\\b)")}};
  return std::any_of(kQualities.begin(), kQualities.end(), [&](const auto& one) {
    return name.starts_with(one.first) && std::regex_search(lower, one.second);
  });
}

// "Against" says "no", where that is a vote.
bool IsSaidAsAVote(const std::string& lower, const std::string& name) {
  static const std::regex kAgainst("\\b(against|opposed|rejected|voted down)\\b");
  static const std::regex kFor(
      "\\b(in favou?r|for (it|them|this|the [a-z]+)|supported|approved)\\b");
  return (name == "no" && std::regex_search(lower, kAgainst)) ||
         (name == "yes" && std::regex_search(lower, kFor));
}

}  // namespace

bool IsSaid(const CodeAsTask& task, const Trace& solution, const std::vector<ToolSpec>& tools,
            const std::string& lower_name) {
  const std::string lower = Lowercase(task.instruction);
  for (const auto& [ending, plural] :
       {std::pair("y", "ies"), std::pair("f", "ves"), std::pair("fe", "ves")}) {
    if (lower_name.size() <= 3 || !lower_name.ends_with(ending)) continue;
    const std::size_t stem = lower_name.size() - std::string_view(ending).size();
    if (Stands(lower, lower_name.substr(0, stem) + plural)) return true;
  }
  if (IsSaidAsOne(lower, lower_name) || IsSaidAsAVote(lower, lower_name)) return true;
  return (Stands(lower, lower_name) && !IsOnlyCompared(lower, lower_name)) ||
         StandsInARange(task.instruction, lower_name) ||
         IsSaidByTheCalendar(task, solution, lower_name) || IsConstant(tools, lower_name, lower) ||
         IsOneOfSeveralTried(task, tools, lower_name) ||
         IsPutTogether(task, solution, lower_name) || IsSaidByItsQualities(lower, lower_name);
}

std::optional<std::string> MadeUpKey(const CodeAsTask& task, const Trace& solution) {
  const auto answer = ParseJson(solution.answer_json);
  if (!answer.ok() || !answer->is_object()) return std::nullopt;
  const std::string lower = Lowercase(task.instruction);
  for (const auto& [key, value] : answer->items()) {
    const auto gives = [name = key](const Trace::Call& call) {
      const std::vector<std::string> given = call.StringsGiven();
      const bool digits = name.find_first_not_of("0123456789") == std::string::npos;
      return call.NamesAsked().contains(name) || std::count(given.begin(), given.end(), name) > 0 ||
             (digits && Stands(call.result_json, name));
    };
    if (!Stands(lower, Lowercase(key)) && !StandsByWords(lower, Lowercase(key)) &&
        std::none_of(solution.calls.begin(), solution.calls.end(), gives)) {
      return key;
    }
  }
  return std::nullopt;
}

}  // namespace sca::task
