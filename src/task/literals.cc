#include "task/literals.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <regex>

#include "base/text.h"
#include "task/entities.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

constexpr std::array<std::string_view, 13> kNumberWords = {
    "zero",  "one",   "two",  "three", "four",   "five",  "six",
    "seven", "eight", "nine", "ten",   "eleven", "twelve"};
constexpr std::size_t kStemBytes = 5;
constexpr std::size_t kLongWordBytes = 4;  // Shorter ones ("a", "of", "to") say little.

bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

void CollectNumberWords(const std::string& lower, std::set<double>& numbers) {
  const std::vector<std::string> words = WordsOf(lower);
  for (std::size_t number = 0; number < kNumberWords.size(); ++number) {
    if (std::find(words.begin(), words.end(), kNumberWords[number]) != words.end()) {
      numbers.insert(static_cast<double>(number));
    }
  }
  for (const auto& [word, number] : {std::pair{"twice", 2.0},
                                     {"double", 2.0},
                                     {"half", 2.0},
                                     {"half", 0.5},
                                     {"dozen", 12.0},
                                     {"pair", 2.0}}) {
    if (lower.find(word) != std::string::npos) numbers.insert(number);
  }
}

}  // namespace

bool IsStructural(double number) {
  return number == 0 || number == 1 || number == 2 || number == 100 || number == 1000;
}

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : Lowercase(text) + " ") {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || byte >= 0x80) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

std::set<double> NumbersIn(const std::string& text) {
  std::set<double> numbers;
  static const std::regex kNumber(R"(\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?)");
  for (std::sregex_iterator match(text.begin(), text.end(), kNumber), end; match != end; ++match) {
    numbers.insert(std::strtod(ReplaceAll(match->str(), ",", "").c_str(), nullptr));
  }
  CollectNumberWords(Lowercase(text), numbers);
  return numbers;
}

bool Contains(const std::set<double>& numbers, double number) {
  return std::any_of(numbers.begin(), numbers.end(), [number](double one) {
    return std::abs(one - number) <= 1e-9 * std::max(1.0, std::abs(number));
  });
}

bool Stands(std::string_view text, std::string_view name) {
  if (name.empty()) return true;
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool cut_before = at > 0 && IsDigit(name.front()) && IsDigit(text[at - 1]);
    const bool cut_after = end < text.size() && IsDigit(name.back()) && IsDigit(text[end]);
    if (!cut_before && !cut_after) return true;
  }
  return false;
}

bool StandsByWords(std::string_view text, std::string_view name) {
  const std::vector<std::string> words = WordsOf(text);
  bool any = false;
  for (const std::string& wanted : WordsOf(name)) {
    if (wanted.size() < kLongWordBytes) continue;
    const std::string stem = wanted.substr(0, kStemBytes);
    if (std::none_of(words.begin(), words.end(),
                     [&](const std::string& word) { return word.rfind(stem, 0) == 0; })) {
      return false;
    }
    any = true;
  }
  return any;
}

namespace {

// What stands in the arguments of one call and in no earlier result.
void AddNames(const Trace::Call& call, const Json& value, const std::string& parameter,
              const std::set<std::string>& given, Needs& needs) {
  for (const std::string& text : StringsIn(value, Keys::kTaken)) {
    std::string name = Lowercase(text);
    const bool known = std::any_of(needs.names.begin(), needs.names.end(),
                                   [&](const NeededName& one) { return one.name == name; });
    if (known || name.empty() || given.contains(name)) continue;
    needs.names.push_back({std::move(name), Json(text), parameter, call});
  }
}

}  // namespace

Needs NeedsOf(const CodeAsTask& task, const Trace& trace, const std::vector<ToolSpec>& tools) {
  Needs needs;
  std::set<std::string> given;
  for (const Trace::Call& call : trace.calls) {
    if (const auto arguments = ParseJson(call.arguments_json);
        arguments.ok() && arguments->is_object()) {
      for (const auto& [parameter, value] : arguments->items()) {
        AddNames(call, value, parameter, given, needs);
      }
    }
    for (const std::string& text : call.StringsGiven()) given.insert(Lowercase(text));
  }
  for (const Token& token : TokensOf(task.solution)) {
    if (token.kind == Token::Kind::kNumber) {
      needs.numbers.insert(std::strtod(token.value.c_str(), nullptr));
    }
  }
  for (const LiteralArgument& argument : LiteralArguments(task.solution, tools)) {
    if (argument.value.is_number()) needs.argument_numbers.insert(argument.value.get<double>());
  }
  return needs;
}

}  // namespace sca::task
