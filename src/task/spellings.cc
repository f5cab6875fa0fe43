#include "task/spellings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstddef>
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

namespace sca::task {
namespace {

constexpr std::ptrdiff_t kListsMax = 1000;  // In an answer.
constexpr double kWholeMax = 1e15;          // Beyond it a double skips integers.

// Whether it asks for a text, or for the digits of something that is no amount.
bool AsksForText(const std::string& instruction) {
  return SpeaksOf(instruction,
                  {"text",   "texts",  "string", "strings", "str",      "quote", "quotes",
                   "quoted", "format", "form",   "written", "spell",    "word",  "words",
                   "code",   "id",     "ids",    "serial",  "postcode", "phone", "pin"});
}

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
  if (std::abs(value) >= kWholeMax || value != std::floor(value)) return number;
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
  const std::string lower = Lowercase(instruction);
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

// Whether no call gave the number, which several calls went into.
bool IsComputed(const Json& answer, const Trace& solution) {
  const bool given =
      std::any_of(solution.calls.begin(), solution.calls.end(), [&](const Trace::Call& call) {
        return call.result_json.find(DumpJson(answer)) != std::string::npos;
      });
  return answer.is_number_float() && !given && solution.calls.size() > 1;
}

// The next number that can be written down: a sum in another order may give it.
Json NextFraction(const Json& number) {
  const double value = number.get<double>();
  return number.is_number_float() && value != std::floor(value) && Quiet(value) == value
             ? Json(std::nextafter(value, 2 * value))
             : number;
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

// A number that only the solution's own code made a text of: nothing asks an agent to do that.
void AddNumberForText(const Json& answer, const std::string& instruction, const Trace& solution,
                      std::vector<Spelling>& spellings) {
  static const std::regex kNumber("-?(0|[1-9][0-9]{0,14})(\\.[0-9]+)?");
  if (!answer.is_string()) return;
  const std::string text = answer.get<std::string>();
  if (!std::regex_match(text, kNumber) || AsksForText(instruction)) return;
  for (const Trace::Call& call : solution.calls) {
    const std::vector<std::string> given = call.StringsGiven();
    if (std::find(given.begin(), given.end(), text) != given.end()) return;
  }
  const auto number = ParseJson(text);
  if (number.ok()) spellings.push_back({*number, "the instruction asks for no text"});
}

void AddTextForNumber(const Json& answer, std::vector<Spelling>& spellings) {
  if (!answer.is_number()) return;
  const Json quiet = answer.is_number_float() ? Json(Quiet(answer.get<double>())) : answer;
  spellings.push_back({Json(DumpJson(quiet)), "the recipe takes a number as text"});
}

// Where a word stands in a text, in whichever letters; npos if it does not.
std::size_t WordAt(const std::string& text, const std::string& lower_word) {
  std::smatch match;
  const std::string lower = Lowercase(text);
  if (!std::regex_search(lower, match, std::regex("\\b" + lower_word + "\\b"))) {
    return std::string::npos;
  }
  return static_cast<std::size_t>(match.position(0));
}

// "Is it in?" asks for no word: "Yes" says it, "yes" does, and so does True.
void AddYesOrNo(const Json& answer, const std::string& instruction,
                std::vector<Spelling>& spellings) {
  if (!answer.is_string()) return;
  const std::string lower = Lowercase(answer.get<std::string>());
  if (!IsYesOrNo(lower)) return;
  if (SpeaksOf(instruction, {"yes"}) && SpeaksOf(instruction, {"no"})) {
    // Who asks for "yes or no" gets it as it is written there.
    const std::size_t at = WordAt(instruction, lower);
    const Json spelled(instruction.substr(at, lower.size()));
    if (at != std::string::npos && spelled != answer) {
      spellings.push_back({spelled, "the instruction spells it so"});
    }
    return;
  }
  if (instruction.find('"') != std::string::npos || SpeaksOf(instruction, {"yes", "no"})) return;
  for (const Json& other :
       {Json(lower), Json(lower == "yes" ? "Yes" : "No"), Json(lower == "yes")}) {
    if (other != answer) spellings.push_back({other, "the instruction asks for no word"});
  }
}

// Whether a unit is named: "EUR" by "in euros", "min" by "how many minutes".
bool NamesUnit(const std::string& instruction, const std::string& unit) {
  const std::string lower = Lowercase(unit);
  const std::vector<std::string> words = WordsOf(Lowercase(instruction));
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return word == lower || (lower.size() >= 2 && word.rfind(lower, 0) == 0);
  });
}

// What a tool gave in letters that only the solution's own code made great or small; and the
// number alone where the question is how many of what, or so much in which unit; "how long" leaves
// the unit open.
void AddPlainerText(const Json& answer, const std::string& instruction, const Trace& solution,
                    std::vector<Spelling>& spellings) {
  static const std::regex kHowMany("\\bhow many\\b");
  static const std::regex kAmount("(-?[0-9]+(?:\\.[0-9]+)?) ?([A-Za-z]+)");
  if (!answer.is_string() || AsksForText(instruction)) return;
  const std::string text = answer.get<std::string>();
  const std::string lower = Lowercase(text);
  std::optional<std::string> given;
  for (const Trace::Call& call : solution.calls) {
    for (const std::string& one : call.StringsGiven()) {
      if (one == text) return;
      if (Lowercase(one) == lower) given = one;
    }
  }
  if (instruction.find(text) != std::string::npos) return;
  if (given.has_value() && !SpeaksOf(instruction, {"uppercase", "lowercase", "upper", "lower",
                                                   "capital", "capitals", "case", "letters"})) {
    spellings.push_back({Json(*given), "a tool gives it so"});
  }
  std::smatch amount;
  if (std::regex_match(text, amount, kAmount) &&
      (std::regex_search(Lowercase(instruction), kHowMany) ||
       NamesUnit(instruction, amount[2].str()))) {
    if (const auto number = ParseJson(amount[1].str()); number.ok()) {
      spellings.push_back({*number, "the instruction asks how many"});
    }
  }
}

// A list for one text that only the solution's own code made of what calls gave: "H14, H15".
void AddListForText(const Json& answer, const std::string& instruction, const Trace& solution,
                    std::vector<Spelling>& spellings) {
  if (!answer.is_string() || AsksForText(instruction)) return;
  static const std::regex kSaysHow("comma|separat|semicolon|sentence|one line|joined");
  if (std::regex_search(Lowercase(instruction), kSaysHow)) return;
  const std::string text = answer.get<std::string>();
  Json list = Json::array();
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    list.push_back(std::string(Trim(std::string_view(text).substr(begin, end - begin))));
    begin = end + 1;
  }
  std::set<std::string> given;
  for (const Trace::Call& call : solution.calls) {
    for (std::string& one : call.StringsGiven()) given.insert(std::move(one));
  }
  const bool all_given = std::all_of(list.begin(), list.end(), [&](const Json& one) {
    return given.contains(one.get<std::string>());
  });
  if (list.size() < 2 || given.contains(text) || !all_given) return;
  spellings.push_back({std::move(list), "the instruction asks for no text"});
}

// "Done." where the instruction says to answer done.
void AddAsInstructed(const Json& answer, const std::string& instruction,
                     std::vector<Spelling>& spellings) {
  static const std::regex kSay(
      "\\b(say|answer|reply|respond|write)( with)?( the word)? ([a-z]+)\\b");
  if (!answer.is_string()) return;
  const std::vector<std::string> words = WordsOf(answer.get<std::string>());
  const std::string lower = Lowercase(instruction);
  const std::sregex_iterator end;
  for (std::sregex_iterator at(lower.begin(), lower.end(), kSay); at != end; ++at) {
    if (words.size() != 1 || (*at)[4] != words.front() || words.front().size() < 3) continue;
    const Json spelled(
        instruction.substr(static_cast<std::size_t>(at->position(4)), words.front().size()));
    if (spelled != answer && instruction.find(answer.get<std::string>()) == std::string::npos) {
      spellings.push_back({spelled, "the instruction spells it so"});
    }
    return;
  }
}

// "A104": letters and digits. Times, dates and words may have an order of their own.
bool IsId(const std::string& text) {
  const std::string form = FormOf(text);
  return form.find('9') != std::string::npos && form.find('a') != std::string::npos &&
         std::all_of(text.begin(), text.end(), [](const unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '#';
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
// about each: which of them are such, not where they stand.
bool IsSelection(const std::set<std::string>& chosen, const std::string& lower,
                 const Trace& solution) {
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
    return one.second.size() > chosen.size() &&
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

// Ids or names that calls gave: a question for them asks for all, in whichever order. Named one
// after the other they have the order of their naming, but not where some of them are chosen.
void AddOtherOrder(const Json& answer, const std::string& instruction, const Trace& solution,
                   const std::vector<ToolSpec>& tools, std::vector<Spelling>& spellings) {
  if (!answer.is_array() || answer.size() < 2) return;
  const std::string lower = Lowercase(instruction);
  const bool free = lower.find("any order") != std::string::npos;
  if (!free && AsksForAnOrder(instruction)) return;
  std::set<std::string> things;
  std::vector<std::string> elements;
  bool ids = true;
  bool are_things = true;
  int named = 0;
  for (const Json& element : answer) {
    if (!element.is_string()) return;
    const std::string text = element.get<std::string>();
    are_things = are_things && (IsId(text) || IsName(text, instruction));
    if (Stands(lower, Lowercase(text))) ++named;
    ids = ids && IsId(text);
    things.insert(text);
    elements.push_back(text);
  }
  if (things.size() != answer.size()) return;
  const bool selection = IsSelection(things, lower, solution);
  if (!selection && (!are_things || (named > 1 && !free))) return;
  if (!free && !selection && !AreGiven(elements, ids, lower, solution, tools)) return;
  Json reversed = answer;
  std::reverse(reversed.begin(), reversed.end());
  spellings.push_back({std::move(reversed), "the instruction asks for no order"});
}

}  // namespace

bool IsYesOrNo(std::string_view lower) { return lower == "yes" || lower == "no"; }

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
    AddNumberForText(*answer, instruction, solution, spellings);
    AddPlainerText(*answer, instruction, solution, spellings);
    AddYesOrNo(*answer, instruction, spellings);
    AddListForText(*answer, instruction, solution, spellings);
    AddAsInstructed(*answer, instruction, spellings);
  }
  if (settings.Tries("texts_for_numbers")) AddTextForNumber(*answer, spellings);
  if (settings.Tries("list_order")) AddOtherOrder(*answer, instruction, solution, tools, spellings);
  return spellings;
}

}  // namespace sca::task
