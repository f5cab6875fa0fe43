#include "task/text_spellings.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <regex>
#include <set>
#include <utility>

#include "base/text.h"
#include "task/instruction.h"
#include "task/literals.h"

namespace sca::task {
namespace {

// Whether it asks for a text, or for the digits of something that is no amount.
bool AsksForAForm(const std::string& instruction) {
  return SpeaksOf(instruction, {"text", "texts", "string", "strings", "str", "quote", "quotes",
                                "quoted", "format", "form", "written", "spell", "word", "words"});
}

bool AsksForText(const std::string& instruction) {
  return AsksForAForm(instruction) ||
         SpeaksOf(instruction, {"code", "id", "ids", "serial", "postcode", "phone", "pin"});
}

// A number that only the solution's own code made a text of: nothing asks an agent to do that.
void AddNumberForText(const Json& answer, const std::string& instruction, const Trace& solution,
                      std::vector<Spelling>& spellings) {
  static const std::regex kNumber("-?(0|[1-9][0-9]{0,14})(\\.[0-9]+)?");
  const std::string text = answer.get<std::string>();
  if (!std::regex_match(text, kNumber) || AsksForText(instruction)) return;
  for (const Trace::Call& call : solution.calls) {
    const std::vector<std::string> given = call.StringsGiven();
    if (std::find(given.begin(), given.end(), text) != given.end()) return;
  }
  const auto number = ParseJson(text);
  if (number.ok()) spellings.push_back({*number, "the instruction asks for no text"});
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
// Not where a call gave the word: then it is one of its records.
void AddYesOrNo(const Json& answer, const std::string& instruction, const Trace& solution,
                std::vector<Spelling>& spellings) {
  const std::string lower = Lowercase(answer.get<std::string>());
  const bool given = std::any_of(
      solution.calls.begin(), solution.calls.end(),
      [&](const Trace::Call& call) { return call.result_json == solution.answer_json; });
  if (given || !IsYesOrNo(lower)) return;
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
  const std::vector<std::string> words = WordsOf(instruction);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return word == lower || (lower.size() >= 2 && word.rfind(lower, 0) == 0);
  });
}

// What a tool gave in letters that only the solution's own code made great or small; and the
// number alone where the question is how many, or so much in which unit; "how long" leaves the unit
// open.
void AddPlainerText(const Json& answer, const std::string& instruction, const Trace& solution,
                    std::vector<Spelling>& spellings) {
  static const std::regex kHowMuch(
      "\\bhow (many|much|far|high|deep|heavy|large|big|tall|wide|old|fast|hot|warm|cold)\\b");
  static const std::regex kAmount(
      "([A-Za-z]{2,4} |\\$|€|£)?(-?[0-9]+(?:\\.[0-9]+)?) ?([A-Za-z]+|%|€|°C?)?");
  if (AsksForText(instruction)) return;
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
  const bool has_unit =
      std::regex_match(text, amount, kAmount) && amount[1].matched != amount[3].matched;
  if (has_unit && (std::regex_search(Lowercase(instruction), kHowMuch) ||
                   NamesUnit(instruction, amount[amount[1].matched ? 1 : 3].str()))) {
    if (const auto number = ParseJson(amount[2].str()); number.ok()) {
      spellings.push_back({*number, "the instruction asks how much"});
    }
  }
}

// The name alone that a tool gave, where only the solution put a word of its own beside it.
void AddBareName(const Json& answer, const std::string& instruction, const Trace& solution,
                 std::vector<Spelling>& spellings) {
  if (AsksForText(instruction)) return;
  const std::string text = answer.get<std::string>();
  if (instruction.find(text) != std::string::npos) return;
  std::set<std::string> parts;
  for (const Trace::Call& call : solution.calls) {
    for (const std::string& one : call.StringsGiven()) {
      if (one == text) return;
      const std::size_t at = one.size() < 3 ? std::string::npos : text.find(one);
      if (at == std::string::npos) continue;
      const bool begins = at == 0 || text[at - 1] == ' ';
      const bool ends = at + one.size() == text.size() || text[at + one.size()] == ' ';
      if (begins && ends) parts.insert(one);
    }
  }
  if (parts.size() != 1) return;
  static const std::regex kWord(" ?[A-Za-z]+ ?");
  if (std::regex_match(ReplaceAll(text, *parts.begin(), ""), kWord)) {
    spellings.push_back({Json(*parts.begin()), "a tool gives it so"});
  }
}

// A list for one text that only the solution's own code made of what calls gave: "H14, H15",
// "H14 / H15".
void AddListForText(const Json& answer, const std::string& instruction, const Trace& solution,
                    std::vector<Spelling>& spellings) {
  if (AsksForAForm(instruction)) return;
  static const std::regex kSaysHow(
      "comma|separat|semicolon|slash|sentence|one line|joined|between");
  if (std::regex_search(Lowercase(instruction), kSaysHow)) return;
  static const std::regex kBetween("\\s*[,;|\n]\\s*| / | and | & | - ");
  const std::string text = answer.get<std::string>();
  Json list = Json::array();
  for (std::sregex_token_iterator part(text.begin(), text.end(), kBetween, -1), end; part != end;
       ++part) {
    list.push_back(std::string(Trim(part->str())));
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

// The date as a tool gives it, where only the solution's own code wrote it otherwise.
void AddGivenDate(const Json& answer, const std::string& instruction, const Trace& solution,
                  std::vector<Spelling>& spellings) {
  static const std::regex kOther("([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})");
  static const std::regex kSaysHow("[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2}|dd|yyyy|like|such as");
  const std::string text = answer.get<std::string>();
  std::smatch part;
  if (!std::regex_match(text, part, kOther) || AsksForText(instruction)) return;
  if (std::regex_search(Lowercase(instruction), kSaysHow)) return;
  const auto two = [](const std::string& digits) {
    return digits.size() == 1 ? "0" + digits : digits;
  };
  for (const auto& [month, day] : {std::pair(2, 1), std::pair(1, 2)}) {
    const std::string iso = part[3].str() + "-" + two(part[month]) + "-" + two(part[day]);
    for (const Trace::Call& call : solution.calls) {
      if (call.result_json.find(iso) == std::string::npos) continue;
      spellings.push_back({Json(iso), "a tool gives it so"});
      return;
    }
  }
}

// "Done." where the instruction says to answer done.
void AddAsInstructed(const Json& answer, const std::string& instruction,
                     std::vector<Spelling>& spellings) {
  static const std::regex kSay(
      "\\b(say|answer|reply|respond|write)( with)?( the word)? ([a-z]+)\\b");
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

}  // namespace

bool IsYesOrNo(std::string_view lower) { return lower == "yes" || lower == "no"; }

std::vector<Spelling> PlainerSpellings(const Json& answer, const std::string& instruction,
                                       const Trace& solution) {
  std::vector<Spelling> spellings;
  constexpr std::size_t kBytesMax = 500;  // A longer text is no number, list or word.
  if (!answer.is_string() || answer.get<std::string>().size() > kBytesMax) return spellings;
  AddNumberForText(answer, instruction, solution, spellings);
  AddPlainerText(answer, instruction, solution, spellings);
  AddBareName(answer, instruction, solution, spellings);
  AddYesOrNo(answer, instruction, solution, spellings);
  AddListForText(answer, instruction, solution, spellings);
  AddGivenDate(answer, instruction, solution, spellings);
  AddAsInstructed(answer, instruction, spellings);
  return spellings;
}

}  // namespace sca::task
