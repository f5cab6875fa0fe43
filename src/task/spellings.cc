#include "task/spellings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <regex>
#include <set>

#include "base/text.h"
#include "task/entities.h"
#include "task/instruction.h"
#include "task/list_order.h"
#include "task/literals.h"
#include "task/text_spellings.h"

namespace sca::task {
namespace {

constexpr std::ptrdiff_t kListsMax = 1000;  // In an answer.
constexpr double kExactWholeMax = 1e15;     // Beyond it a double skips integers.

// `answer` with each number in it, at any depth, as `spell` gives it.
template <typename Spell>
Json WithNumbers(const Json& answer, const Spell& spell) {
  if (answer.is_number()) return spell(answer);
  Json copy = answer;
  if (answer.is_structured()) {
    for (Json& element : copy) element = WithNumbers(element, spell);
  }
  return copy;
}

// 5 for 5.0, and 5.0 for 5.
Json OtherType(const Json& number) {
  const double value = number.get<double>();
  if (std::abs(value) >= kExactWholeMax || value != std::floor(value)) return number;
  return number.is_number_integer() ? Json(value) : Json(static_cast<std::int64_t>(value));
}

// 9.8 for 9.799999999999999.
double Quiet(double number) { return std::strtod(fmt::format("{:.12g}", number).c_str(), nullptr); }

struct Rounding {
  enum class Way { kNearest, kDown, kUp };
  int decimals = 0;
  Way way = Way::kNearest;
};

// "Round to 2 decimals", "two decimal places".
std::optional<int> StatedDecimals(const std::string& lower) {
  constexpr std::array<std::string_view, 5> kWords = {"zero", "one", "two", "three", "four"};
  const std::size_t at = lower.find(" decimal");
  if (at == std::string::npos) return std::nullopt;
  const std::size_t space = lower.find_last_of(" (", at == 0 ? 0 : at - 1);
  const std::size_t begin = space == std::string::npos ? 0 : space + 1;
  const std::string_view word = std::string_view(lower).substr(begin, at - begin);
  for (std::size_t number = 0; number < kWords.size(); ++number) {
    if (word == kWords[number] || word == std::to_string(number)) return static_cast<int>(number);
  }
  return std::nullopt;
}

// "Rounded to the nearest cent", "round up to a whole number".
std::optional<int> StatedPlace(const std::string& lower) {
  static const std::regex kPlace(
      "\\bround(?:ed|ing)?\\b[^.!?]*\\bto (?:the |a )?(?:nearest )?"
      "(whole|full|integer|tenth|hundredth|cent)\\b");
  std::smatch match;
  if (!std::regex_search(lower, match, kPlace)) return std::nullopt;
  if (match[1] == "tenth") return 1;
  return match[1] == "hundredth" || match[1] == "cent" ? 2 : 0;
}

std::optional<Rounding> StatedRounding(const std::string& instruction) {
  static const std::regex kWay("\\bround(?:ed|ing)?(?: \\w+){0,2} (up|down)\\b");
  static const std::regex kUnrounded(
      "\\b(not|don't|never|no|without)( be| any)? round(ed|ing)?\\b|\\bunrounded\\b");
  const std::string lower = Lowercase(instruction);
  if (std::regex_search(lower, kUnrounded)) return std::nullopt;
  std::optional<int> decimals = StatedDecimals(lower);
  if (!decimals.has_value()) decimals = StatedPlace(lower);
  if (!decimals.has_value()) return std::nullopt;
  Rounding rounding{.decimals = *decimals};
  std::smatch match;
  if (std::regex_search(lower, match, kWay)) {
    rounding.way = match[1] == "up" ? Rounding::Way::kUp : Rounding::Way::kDown;
  }
  return rounding;
}

double Rounded(double number, const Rounding& rounding) {
  if (rounding.way != Rounding::Way::kNearest) {
    // Without the noise, or 9.799999999999999 would go down to 9.7.
    const double scale = std::pow(10, rounding.decimals);
    const double scaled = Quiet(number * scale);
    return (rounding.way == Rounding::Way::kUp ? std::ceil(scaled) : std::floor(scaled)) / scale;
  }
  return std::strtod(fmt::format("{:.{}f}", number, rounding.decimals).c_str(), nullptr);
}

// Whether a call gave a number that binary fractions only come near to: 0.1, but not 0.5.
bool GivesUnevenFractions(const Trace& solution) {
  constexpr double kEven = 1024;
  return std::any_of(solution.calls.begin(), solution.calls.end(), [](const Trace::Call& call) {
    const auto result = ParseJson(call.result_json);
    if (!result.ok() || !result->is_number_float()) return false;
    const double parts = result->get<double>() * kEven;
    return parts != std::floor(parts);
  });
}

// Whether no call gave the number, which several calls went into, and computing it in another order
// may end beside it.
bool IsComputed(const Json& answer, const Trace& solution) {
  if (!answer.is_number_float() || solution.calls.size() < 2) return false;
  const bool given =
      std::any_of(solution.calls.begin(), solution.calls.end(), [&](const Trace::Call& call) {
        return call.result_json.find(DumpJson(answer)) != std::string::npos;
      });
  const double value = answer.get<double>();
  return !given && (value != std::floor(value) || GivesUnevenFractions(solution));
}

// The next number that can be written down.
Json NextFraction(const Json& number) {
  const double value = number.get<double>();
  return Quiet(value) == value ? Json(std::nextafter(value, 2 * value)) : number;
}

void AddNumbers(const Json& answer, const std::string& instruction, bool is_computed,
                std::vector<Spelling>& spellings) {
  const auto add = [&](const Json& other, std::string_view reason) {
    const std::string text = DumpJson(other);
    const bool known =
        std::any_of(spellings.begin(), spellings.end(),
                    [&](const Spelling& spelling) { return DumpJson(spelling.answer) == text; });
    if (!known && text != DumpJson(answer)) spellings.push_back({other, std::string(reason)});
  };
  add(WithNumbers(answer, OtherType), "the numbers are equal");
  add(WithoutNoise(answer), "only the noise of floating point is gone");
  if (is_computed) {
    add(WithNumbers(answer, NextFraction), "the same computed in another order may end so");
  }
  const std::optional<Rounding> rounding = StatedRounding(instruction);
  if (!rounding.has_value()) return;
  add(WithNumbers(answer,
                  [&](const Json& number) {
                    return number.is_number_float() ? Json(Rounded(number.get<double>(), *rounding))
                                                    : number;
                  }),
      "it is rounded as the instruction asks");
}

// "A104", "24-1028": letters and digits, or two longer numbers. Times, dates, scores and words may
// have an order of their own.
bool IsWrittenId(const std::string& text) {
  constexpr std::size_t kTwoNumbersBytesMin = 6;
  const std::string form = FormOf(text);
  const bool two_numbers = form == "9-9" && text.size() >= kTwoNumbersBytesMin;
  return (two_numbers ||
          (form.find('9') != std::string::npos && form.find('a') != std::string::npos)) &&
         std::all_of(text.begin(), text.end(), [](const unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '#' || c == '/';
         });
}

// "Greyhill"; and "mint" where the question is for things, but not "mix" or "bake": steps have an
// order of their own.
bool IsName(const std::string& text, const std::string& instruction) {
  const bool capital = !text.empty() && std::isupper(static_cast<unsigned char>(text[0])) != 0;
  return (capital ||
          SpeaksOf(instruction, {"which", "who", "whose", "names", "all", "list", "every"})) &&
         std::all_of(text.begin(), text.end(), [](const unsigned char c) {
           return std::isalpha(c) != 0 || c == ' ' || c == '-' || c == '\'' || c >= 0x80;
         });
}

// What comes one after the other, without a word of it in the description.
bool GivesSteps(const ToolSpec& tool) {
  static const std::regex kSteps(
      "\\b(steps?|stops?|stages?|legs?|history|log|journal|ledger|changes)\\b");
  return std::regex_search(Lowercase(tool.description), kSteps);
}

// Whether the answer is some of the things that the instruction names, found out by asking a tool
// about each: which of them are such, not where they stand. All of them only where it says that
// some are asked for.
bool IsSelection(const std::set<std::string>& chosen, const std::string& lower,
                 const Trace& solution) {
  static const std::regex kSome(
      "\\b(which of|of (these|those|them)|those (of|with|that|which))\\b");
  const std::size_t more = std::regex_search(lower, kSome) ? 0 : 1;
  std::map<std::string, std::set<std::string>> asked;  // By tool and parameter.
  for (const Trace::Call& call : solution.calls) {
    const auto arguments = ParseJson(call.arguments_json);
    if (!arguments.ok() || !arguments->is_object()) continue;
    for (const auto& [parameter, value] : arguments->items()) {
      if (value.is_string() && Stands(lower, Lowercase(value.get<std::string>()))) {
        asked[call.tool + " " + parameter].insert(value.get<std::string>());
      }
    }
  }
  return std::any_of(asked.begin(), asked.end(), [&](const auto& one) {
    return one.second.size() >= chosen.size() + more &&
           std::includes(one.second.begin(), one.second.end(), chosen.begin(), chosen.end());
  });
}

// Whether the elements of the answer stand in it as the call gave them.
bool KeepTheOrderOf(const Trace::Call& call, const std::vector<std::string>& answer) {
  std::vector<std::string> given = call.StringsGiven();
  std::erase_if(given, [&](const std::string& text) {
    return std::find(answer.begin(), answer.end(), text) == answer.end();
  });
  return given == answer;
}

// Whether calls give all of the things, and in no order that means something: by a tool that gives
// none, or not in its order, and not each by a call about something else that the instruction names
// ("of Ann and Bob"). Ids have no order of their own in any tool.
bool AreGiven(const std::vector<std::string>& answer, bool ids, const std::string& lower,
              const Trace& solution, const std::vector<ToolSpec>& tools) {
  const std::set<std::string> things(answer.begin(), answer.end());
  std::map<std::string, std::set<std::string>> given;  // By tool.
  std::map<std::string, std::set<std::string>> about;  // Of the things' calls, as far as named.
  bool several = false;                                // Things by one call.
  for (const Trace::Call& call : solution.calls) {
    const ToolSpec* tool = FindTool(tools, call.tool);
    if (!ids && (tool == nullptr || GivesSteps(*tool))) continue;
    if (!ids && GivesAnOrder(*tool) && KeepTheOrderOf(call, answer)) continue;
    const std::string by = ids ? "" : call.tool;
    std::size_t count = 0;
    for (const std::string& text : call.StringsGiven()) {
      if (things.contains(text) && given[by].insert(text).second) ++count;
    }
    several = several || count > 1;
    if (count == 0) continue;
    for (const std::string& name : call.NamesAsked()) {
      if (Stands(lower, Lowercase(name))) about[by].insert(name);
    }
  }
  return std::any_of(given.begin(), given.end(), [&](const auto& one) {
    return one.second == things && (several || about[one.first].size() < 2);
  });
}

// Whether the answer is of whole numbers that calls gave as elements of lists, for a question which
// they are: they name things. Others may be figures of one after the other.
bool AreNumbersOfThings(const Json& answer, const std::string& instruction, const Trace& solution) {
  if (!SpeaksOf(instruction, {"which"})) return false;
  std::set<std::int64_t> given;
  for (const Trace::Call& call : solution.calls) {
    const auto result = ParseJson(call.result_json);
    if (!result.ok() || !result->is_array()) continue;
    for (const Json& element : *result) {
      if (element.is_number_integer()) given.insert(element.get<std::int64_t>());
    }
  }
  return std::all_of(answer.begin(), answer.end(), [&](const Json& element) {
    return element.is_number_integer() && given.contains(element.get<std::int64_t>());
  });
}

// Whether a list of texts may as well be in another order: ids or names that calls gave, for a
// question that asks for all. Named one after the other they have the order of their naming, but
// not where some of them are chosen.
bool HaveNoOrder(const Json& answer, const std::string& instruction, const Trace& solution,
                 const std::vector<ToolSpec>& tools) {
  const std::string lower = Lowercase(instruction);
  const bool free = LeavesOrderFree(lower);
  std::set<std::string> things;
  std::vector<std::string> elements;
  bool ids = true;
  bool are_things = true;
  int named = 0;
  for (const Json& element : answer) {
    if (!element.is_string()) return false;
    const std::string text = element.get<std::string>();
    are_things = are_things && (IsWrittenId(text) || IsName(text, instruction));
    if (Stands(lower, Lowercase(text))) ++named;
    ids = ids && IsWrittenId(text);
    things.insert(text);
    elements.push_back(text);
  }
  if (things.size() != answer.size()) return false;
  if (free || IsSelection(things, lower, solution)) return true;
  return are_things && named <= 1 && !SpeaksOfAQueue(instruction) &&
         AreGiven(elements, ids, lower, solution, tools);
}

void AddOtherOrder(const Json& answer, const std::string& instruction, const Trace& solution,
                   const std::vector<ToolSpec>& tools, std::vector<Spelling>& spellings) {
  if (answer.size() < 2) return;
  if (answer.is_object() && !AsksForAnOrder(instruction)) {
    Json reversed = Json::object();
    for (auto item = answer.rbegin(); item != answer.rend(); ++item) {
      reversed[item.key()] = item.value();
    }
    spellings.push_back({std::move(reversed), "the keys of an object have no order"});
  }
  if (!answer.is_array()) return;
  if (!LeavesOrderFree(instruction) && AsksForAnOrder(instruction)) return;
  if (!HaveNoOrder(answer, instruction, solution, tools) &&
      !AreNumbersOfThings(answer, instruction, solution)) {
    return;
  }
  Json reversed = answer;
  std::reverse(reversed.begin(), reversed.end());
  if (reversed != answer) {
    spellings.push_back({std::move(reversed), "the instruction asks for no order"});
  }
}

}  // namespace

Json WithoutNoise(const Json& answer) {
  return WithNumbers(answer, [](const Json& number) {
    return number.is_number_float() ? Json(Quiet(number.get<double>())) : number;
  });
}

std::vector<Spelling> SpellingsOf(const std::string& instruction, const Trace& solution,
                                  const std::vector<ToolSpec>& tools,
                                  const GateSettings& settings) {
  std::vector<Spelling> spellings;
  // Nobody asks for an answer of so many lists in lists; copies of one would fill the stack.
  const auto lists = std::count_if(solution.answer_json.begin(), solution.answer_json.end(),
                                   [](const char c) { return c == '[' || c == '{'; });
  if (lists > kListsMax) return spellings;
  const auto answer = ParseJson(solution.answer_json);
  if (!answer.ok()) return spellings;
  if (settings.Tries("numbers")) {
    AddNumbers(*answer, instruction, IsComputed(*answer, solution), spellings);
  }
  if (settings.Tries("numbers_for_text")) {
    for (Spelling& spelling : PlainerSpellings(*answer, instruction, solution)) {
      spellings.push_back(std::move(spelling));
    }
  }
  if (settings.Tries("texts_for_numbers") && answer->is_number()) {
    spellings.push_back(
        {Json(DumpJson(WithoutNoise(*answer))), "the recipe takes a number as text"});
  }
  if (settings.Tries("list_order")) AddOtherOrder(*answer, instruction, solution, tools, spellings);
  return spellings;
}

}  // namespace sca::task
