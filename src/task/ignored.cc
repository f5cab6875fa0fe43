#include "task/ignored.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <regex>
#include <set>
#include <vector>

#include "base/text.h"
#include "task/literals.h"
#include "task/numbers.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

// Numbers of how to say it, and of what is only mentioned.
std::string WithoutNumbersOfForm(const std::string& instruction) {
  static const std::regex kManner(
      "\\b[0-9]+ (decimal|digit|place|significant)[a-z]*|\\bper 1?0+\\b|\"[^\"]*\"|"
      "\\b(not|than|instead of|above|over|below|under|except|without)( in| for| on)? [0-9]+|"
      "\\b(i am|i'm|s?he is|s?he's|aged?|turned) [0-9]+(?=\\s*([,.;!?)]|$)| "
      "(years?|and|so|but)\\b)|"
      "\\b[0-9]+[- ]years?[- ]old");
  return std::regex_replace(Lowercase(instruction), kManner, "");
}

// Runs of digits, wherever they stand: 2031, 3 and 9 of "2031-03-09".
void AddDigits(const std::string& text, std::set<double>& numbers) {
  for (std::size_t at = 0; at < text.size();) {
    if (std::isdigit(static_cast<unsigned char>(text[at])) == 0) {
      ++at;
      continue;
    }
    char* end = nullptr;
    numbers.insert(std::strtod(text.c_str() + at, &end));
    const auto whole = text.find_first_not_of("0123456789", at);
    numbers.insert(std::strtod(text.substr(at, whole - at).c_str(), nullptr));
    at = std::max(at + 1, static_cast<std::size_t>(end - text.c_str()));
  }
}

// All numbers that the solution has to do with.
std::set<double> NumbersUsed(const CodeAsTask& task, const Trace& solution) {
  std::set<double> numbers;
  AddDigits(task.solution, numbers);
  AddDigits(solution.answer_json, numbers);
  for (const double word : NumbersIn(task.solution)) numbers.insert(word);
  std::map<std::string, int> counts;
  for (const Trace::Call& call : solution.calls) {
    AddDigits(call.arguments_json, numbers);
    AddDigits(call.result_json, numbers);
    numbers.insert(++counts[call.tool]);
    if (const auto result = ParseJson(call.result_json); result.ok() && result->is_structured()) {
      numbers.insert(static_cast<double>(result->size()));
    }
  }
  numbers.insert(static_cast<double>(solution.calls.size()));
  if (const auto answer = ParseJson(solution.answer_json); answer.ok() && answer->is_array()) {
    numbers.insert(static_cast<double>(answer->size()));
  }
  return numbers;
}

// Whether one of the numbers is so many of something: 14 for 2 weeks, 0.95 for 5 percent off.
bool IsConverted(double number, const std::set<double>& used) {
  constexpr std::array<double, 12> kUnits = {2, 7, 10, 12, 24, 30, 52, 60, 100, 365, 1000, 3600};
  for (const double unit : kUnits) {
    if (Contains(used, number * unit) || Contains(used, number / unit)) return true;
  }
  return Contains(used, 1 + number / 100) || Contains(used, 1 - number / 100) ||
         Contains(used, 100 - number) || Contains(used, 100 + number) ||
         Contains(used, number - 1) || Contains(used, number + 1);
}

// A room 302 may be mentioned as any other thing.
bool IsNameOfAThing(const std::string& digits, const std::vector<ToolSpec>& tools,
                    const Entities& entities) {
  for (const ToolSpec& tool : tools) {
    for (const std::string& parameter : ParameterNames(tool)) {
      for (const std::vector<Json>& values :
           {entities.Known(parameter), entities.Offered(parameter)}) {
        if (std::find(values.begin(), values.end(), Json(digits)) != values.end()) return true;
      }
    }
  }
  return false;
}

}  // namespace

std::optional<std::string> IgnoredNumber(const CodeAsTask& task, const Trace& solution,
                                         const std::vector<ToolSpec>& tools,
                                         const Entities& entities) {
  // Of a thing that is to be changed a number may tell which it is: "the order above 50 euros".
  const auto answer = ParseJson(solution.answer_json);
  if (!answer.ok() || !answer->is_number()) return std::nullopt;
  const std::set<double> said = WholeNumbersIn(WithoutNumbersOfForm(task.instruction));
  if (said.empty()) return std::nullopt;
  std::set<double> used = NumbersUsed(task, solution);
  // Beside a name it may tell what evaluate looks at, and the solution need not.
  for (const LiteralArgument& argument : LiteralArguments(task.evaluation_function, tools)) {
    if (argument.value.is_number()) used.insert(argument.value.get<double>());
  }
  for (const double number : said) {
    if (number < 2 || Contains(used, number) || IsConverted(number, used)) continue;
    if (IsNameOfAThing(fmt::format("{:g}", number), tools, entities)) continue;
    return fmt::format("The instruction says {:g}, of which the solution makes no use.", number);
  }
  return std::nullopt;
}

}  // namespace sca::task
