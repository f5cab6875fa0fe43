// The gates that read the instruction: is everything said that the solution needs, and no more?

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <regex>
#include <set>

#include "base/text.h"
#include "task/gate.h"

namespace sca::task {
namespace {

constexpr std::array<std::string_view, 13> kNumberWords = {
    "zero",  "one",   "two",  "three", "four",   "five",  "six",
    "seven", "eight", "nine", "ten",   "eleven", "twelve"};

// Numbers that code needs without anyone asking for them: counting, percent, rounding, thousands.
bool IsStructural(double number) {
  return number == 0 || number == 1 || number == 2 || number == 100 || number == 1000;
}

// All numbers that a text names, in digits ("1,200" and "1200.0" are 1200) or words.
std::set<double> NumbersIn(const std::string& text) {
  std::set<double> numbers;
  static const std::regex kNumber(R"(\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?)");
  for (std::sregex_iterator match(text.begin(), text.end(), kNumber), end; match != end; ++match) {
    numbers.insert(std::strtod(ReplaceAll(match->str(), ",", "").c_str(), nullptr));
  }
  const std::string lower = Lowercase(text);
  for (std::size_t number = 0; number < kNumberWords.size(); ++number) {
    static const auto is_letter = [](char c) {
      return std::isalpha(static_cast<unsigned char>(c));
    };
    const std::string_view word = kNumberWords[number];
    for (std::size_t at = lower.find(word); at != std::string::npos;
         at = lower.find(word, at + 1)) {
      const bool starts = at == 0 || is_letter(lower[at - 1]) == 0;
      const bool ends = at + word.size() == lower.size() || is_letter(lower[at + word.size()]) == 0;
      if (starts && ends) numbers.insert(static_cast<double>(number));
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
  return numbers;
}

// Binary fractions of sums and products are no exact decimals: 1.4 * 7 is 9.799999999999999.
bool Contains(const std::set<double>& numbers, double number) {
  return std::any_of(numbers.begin(), numbers.end(), [number](double one) {
    return std::abs(one - number) <= 1e-9 * std::max(1.0, std::abs(number));
  });
}

// What the solution needs that nobody may guess: string and number values of its tool calls that no
// earlier call gave, and the numbers that its code computes with.
struct Needs {
  std::set<std::string> names;
  std::set<double> numbers;
};

void CollectValues(const Json& json, Needs& needs) {
  if (json.is_string()) {
    needs.names.insert(Lowercase(json.get<std::string>()));
  } else if (json.is_number()) {
    needs.numbers.insert(json.get<double>());
  } else if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      needs.names.insert(Lowercase(key));
      CollectValues(value, needs);
    }
  } else if (json.is_array()) {
    for (const Json& element : json) CollectValues(element, needs);
  }
}

Needs NeedsOf(const CodeAsTask& task, const Trace& trace) {
  Needs needs;
  Needs given;
  for (const Trace::Call& call : trace.calls) {
    if (const auto arguments = ParseJson(call.arguments_json); arguments.ok()) {
      Needs asked;
      for (const Json& value : *arguments) CollectValues(value, asked);
      for (const std::string& name : asked.names) {
        if (!given.names.contains(name)) needs.names.insert(name);
      }
    }
    if (const auto result = ParseJson(call.result_json); result.ok()) CollectValues(*result, given);
  }
  // Numbers are read off the code: what it computes itself it need not be told.
  static const std::regex kString(R"("([^"\\]|\\.)*"|'([^'\\]|\\.)*'|#[^\n]*)");
  static const std::regex kNumber(R"((^|[^A-Za-z0-9_.])(\d+(\.\d+)?))");
  const std::string code = std::regex_replace(task.solution, kString, "");
  for (std::sregex_iterator match(code.begin(), code.end(), kNumber), end; match != end; ++match) {
    needs.numbers.insert(std::strtod((*match)[2].str().c_str(), nullptr));
  }
  return needs;
}

// Constants that the tools' own descriptions offer are no secret, for example "fridge".
bool StandsInQuotes(const env::Environment& environment, const std::string& name) {
  for (const ToolSpec& tool : environment.tools()) {
    const std::string text = Lowercase(tool.description);
    if (text.find("\"" + name + "\"") != std::string::npos &&
        text.find("for example") == std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<Finding> JudgeComplete(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  const CodeAsTask& task = candidate.task();
  const std::string lower = Lowercase(task.instruction);
  const std::set<double> numbers = NumbersIn(task.instruction);
  const Needs needs = NeedsOf(task, solution->trace);
  for (const std::string& name : needs.names) {
    if (lower.find(name) != std::string::npos || name.empty()) continue;
    if (StandsInQuotes(candidate.environment(), name)) continue;
    return Finding{
        .passed = false,
        .evidence = fmt::format("The solution needs \"{}\", but the instruction does not "
                                "say so.",
                                Shorten(name, 80))};
  }
  for (const double number : needs.numbers) {
    if (IsStructural(number) || Contains(numbers, number)) continue;
    return Finding{
        .passed = false,
        .evidence = fmt::format("The solution needs the number {:g}, but the instruction "
                                "does not say so.",
                                number)};
  }
  return Finding{.passed = true,
                 .evidence = fmt::format("All {} names and {} numbers stand in the instruction.",
                                         needs.names.size(), needs.numbers.size())};
}

Result<Finding> JudgeNoLeak(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  const CodeAsTask& task = candidate.task();
  for (const ToolSpec& tool : candidate.environment().tools()) {
    if (task.instruction.find(tool.name + "(") != std::string::npos) {
      return Finding{.passed = false,
                     .evidence = fmt::format("The instruction shows code: {}(…).", tool.name)};
    }
  }
  const auto answer = ParseJson(solution->trace.answer_json);
  if (answer.ok() && answer->is_number()) {
    const double value = answer->get<double>();
    const Needs needs = NeedsOf(task, solution->trace);
    if (Contains(NumbersIn(task.instruction), value) && !Contains(needs.numbers, value) &&
        !IsStructural(value)) {
      return Finding{
          .passed = false,
          .evidence = fmt::format("The instruction gives the answer, {:g}, away.", value)};
    }
  }
  if (answer.ok() && answer->is_string() && answer->get<std::string>().size() > 3 &&
      Lowercase(task.instruction).find(Lowercase(answer->get<std::string>())) !=
          std::string::npos) {
    return Finding{.passed = false, .evidence = "The instruction gives the answer away."};
  }
  return Finding{.passed = true, .evidence = "Neither code nor the answer stands in it."};
}

}  // namespace sca::task
