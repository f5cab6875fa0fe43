#include "task/said_otherwise.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "task/entities.h"
#include "task/instruction.h"
#include "task/literals.h"
#include "task/numbers.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

using Days = std::chrono::sys_days;

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                   "friday", "saturday", "sunday"};

std::optional<Days> DateOf(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return Days(date);
}

std::optional<Days> IsoDate(const std::string& text) {
  static const std::regex kIso("([0-9]{4})-([0-9]{2})-([0-9]{2})");
  std::smatch match;
  if (!std::regex_match(text, match, kIso)) return std::nullopt;
  return DateOf(std::atoi(match[1].str().c_str()), std::atoi(match[2].str().c_str()),
                std::atoi(match[3].str().c_str()));
}

// The dates that a text says, in figures and in words. One without a year is of `year`.
std::vector<Days> DatesIn(const std::string& lower, int year) {
  static const std::regex kIso("\\b([0-9]{4})-([0-9]{2})-([0-9]{2})\\b");
  static const std::regex kDayFirst(
      "\\b([0-9]{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]+)(?:,? ([0-9]{4}))?");
  static const std::regex kMonthFirst(
      "\\b([a-z]+) (?:the )?([0-9]{1,2})(?:st|nd|rd|th)?\\b(?:,? ([0-9]{4}))?");
  // "10 to 17 August", "August 10-17": two days of one month.
  static const std::string kUntil = "(?: ?- ?| ?– ?| (?:to|until|till|through|and|or) (?:the )?)";
  static const std::regex kDaysFirst(
      "\\b([0-9]{1,2})(?:st|nd|rd|th)?" + kUntil +
      "[0-9]{1,2}(?:st|nd|rd|th)?(?: of)? ([a-z]+)(?:,? ([0-9]{4}))?");
  static const std::regex kDaysLast("\\b([a-z]+) (?:the )?[0-9]{1,2}(?:st|nd|rd|th)?" + kUntil +
                                    "([0-9]{1,2})(?:st|nd|rd|th)?\\b(?:,? ([0-9]{4}))?");
  std::vector<Days> dates;
  const auto add = [&](const std::string& y, int month, const std::string& day) {
    const int of = y.empty() ? year : std::atoi(y.c_str());
    if (const auto date = DateOf(of, month, std::atoi(day.c_str()))) dates.push_back(*date);
  };
  const auto month_of = [](const std::string& word) {
    const auto at = std::find(kMonths.begin(), kMonths.end(), word);
    return at == kMonths.end() ? 0 : static_cast<int>(at - kMonths.begin()) + 1;
  };
  const std::sregex_iterator end;
  for (std::sregex_iterator at(lower.begin(), lower.end(), kIso); at != end; ++at) {
    add((*at)[1], std::atoi((*at)[2].str().c_str()), (*at)[3]);
  }
  for (const std::regex* day_first : {&kDayFirst, &kDaysFirst}) {
    for (std::sregex_iterator at(lower.begin(), lower.end(), *day_first); at != end; ++at) {
      if (const int month = month_of((*at)[2]); month > 0) add((*at)[3], month, (*at)[1]);
    }
  }
  for (const std::regex* month_first : {&kMonthFirst, &kDaysLast}) {
    for (std::sregex_iterator at(lower.begin(), lower.end(), *month_first); at != end; ++at) {
      if (const int month = month_of((*at)[1]); month > 0) add((*at)[3], month, (*at)[2]);
    }
  }
  // "June 2025 (the 1st to the 14th)".
  static const std::regex kDayAlone("\\b([0-9]{1,2})(?:st|nd|rd|th)\\b");
  static const std::regex kMonthAndYear("\\b([a-z]+) ([0-9]{4})\\b");
  for (std::sregex_iterator at(lower.begin(), lower.end(), kMonthAndYear); at != end; ++at) {
    const int month = month_of((*at)[1]);
    if (month == 0) continue;
    for (std::sregex_iterator day(lower.begin(), lower.end(), kDayAlone); day != end; ++day) {
      add((*at)[2], month, (*day)[1]);
    }
  }
  return dates;
}

// "Two weeks after", "the day before": days forward or back.
std::vector<int> ShiftsIn(const std::string& lower) {
  static const std::regex kShift(
      "\\b(?:(a|an|one|two|three|four|five|six|the|[0-9]{1,3}) "
      ")?(days?|nights?|weeks?|fortnights?) "
      "(after|before|later|earlier)\\b");
  static const std::map<std::string, int> kWords = {
      {"two", 2}, {"three", 3}, {"four", 4}, {"five", 5}, {"six", 6}};
  std::vector<int> shifts;
  const std::sregex_iterator end;
  for (std::sregex_iterator at(lower.begin(), lower.end(), kShift); at != end; ++at) {
    const std::string count = (*at)[1];
    const auto word = kWords.find(count);
    int number = word == kWords.end() ? std::atoi(count.c_str()) : word->second;
    if (number == 0) number = 1;
    const char unit = (*at)[2].str().front();
    const int days = unit == 'w' ? 7 : unit == 'f' ? 14 : 1;
    const bool back = (*at)[3] == "before" || (*at)[3] == "earlier";
    shifts.push_back((back ? -1 : 1) * number * days);
  }
  if (lower.find("next day") != std::string::npos ||
      lower.find("following day") != std::string::npos) {
    shifts.push_back(1);
  }
  return shifts;
}

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
  for (std::size_t at = 1; at + 1 < tokens.size(); ++at) {
    const bool index = tokens[at].kind == Token::Kind::kNumber && TokenIs(tokens, at - 1, "[") &&
                       TokenIs(tokens, at + 1, "]");
    const double place = index ? std::strtod(tokens[at].value.c_str(), nullptr) : 0;
    if (index && Contains(said, place + 1)) places.insert(place);
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
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    if (Stands(lower, kMonths[month])) numbers.insert(static_cast<double>(month + 1));
  }
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

bool SaysDate(const std::string& instruction, const std::string& iso) {
  const auto wanted = IsoDate(iso);
  if (!wanted.has_value()) return false;
  const int year = static_cast<int>(std::chrono::year_month_day(*wanted).year());
  std::vector<int> shifts = ShiftsIn(instruction);
  shifts.push_back(0);
  const std::vector<Days> dates = DatesIn(instruction, year);
  // "From 1 March to 10 March": any day between.
  static const std::regex kRange("\\b(to|until|till|through|between|and)\\b");
  const auto [first, last] = std::minmax_element(dates.begin(), dates.end());
  if (dates.size() > 1 && std::regex_search(instruction, kRange) && *first <= *wanted &&
      *wanted <= *last) {
    return true;
  }
  for (const Days& said : dates) {
    for (const int shift : shifts) {
      if (said + std::chrono::days(shift) == *wanted) return true;
    }
  }
  return false;
}

bool SaysMonth(const std::string& instruction, const std::string& iso) {
  static const std::regex kMonth("(\\d{4})-(\\d{2})");
  static const std::regex kYear("\\b(19|20)\\d\\d\\b");
  static const std::regex kRange(
      "\\b(\\d{4}-\\d{2}) ?(?:to|and|until|till|through|-|–) ?(\\d{4}-\\d{2})\\b(?!-)");
  static const std::regex kQuarter("\\b(first|second|third|fourth|last) (quarter|half)\\b");
  std::smatch part;
  if (!std::regex_match(iso, part, kMonth)) return false;
  for (std::sregex_iterator at(instruction.begin(), instruction.end(), kRange), end; at != end;
       ++at) {
    if ((*at)[1].str() <= iso && iso <= (*at)[2].str()) return true;
  }
  if (!Stands(instruction, part[1].str()) && std::regex_search(instruction, kYear)) return false;
  const std::size_t month = std::strtoul(part[2].str().c_str(), nullptr, 10);
  if (month < 1 || month > kMonths.size()) return false;
  const std::string name(kMonths[month - 1]);
  if (Stands(instruction, name) || StandsInARange(instruction, name)) return true;
  for (std::sregex_iterator at(instruction.begin(), instruction.end(), kQuarter), end; at != end;
       ++at) {
    constexpr std::array<std::string_view, 4> kPlaces = {"first", "second", "third", "fourth"};
    const std::size_t length = (*at)[2] == "half" ? 6 : 3;
    const auto place = std::find(kPlaces.begin(), kPlaces.end(), (*at)[1].str());
    const std::size_t number = place == kPlaces.end()
                                   ? kMonths.size() / length - 1
                                   : static_cast<std::size_t>(place - kPlaces.begin());
    if ((month - 1) / length == number) return true;
  }
  return false;
}

namespace {

// "In June 2025": its first and its last day, or the one after that, where the code has both.
bool IsEndOfAPeriod(const CodeAsTask& task, const std::string& lower, const std::string& iso) {
  const auto wanted = IsoDate(iso);
  if (!wanted.has_value()) return false;
  const auto says = [&](std::string_view what) { return Stands(lower, what); };
  const auto has = [&](const Days& day) {
    const std::chrono::year_month_day date(day);
    return task.solution.find(fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                                          static_cast<unsigned>(date.month()),
                                          static_cast<unsigned>(date.day()))) != std::string::npos;
  };
  const auto ends = [&](const Days& first, const Days& next) {
    const Days last = next - std::chrono::days(1);
    if (*wanted == first) return has(last) || has(next);
    return (*wanted == last || *wanted == next) && has(first);
  };
  for (int back = 0; back <= 1; ++back) {  // The day after December is of another year.
    const std::chrono::year year =
        std::chrono::year_month_day(*wanted).year() - std::chrono::years(back);
    const bool says_year = says(std::to_string(static_cast<int>(year)));
    const bool says_other = std::regex_search(lower, std::regex("\\b(19|20)\\d\\d\\b"));
    if (!says_year && says_other) continue;
    const Days new_year = Days(year / 1 / 1);
    if (says_year && ends(new_year, Days((year + std::chrono::years(1)) / 1 / 1))) return true;
    for (unsigned month = 1; month <= kMonths.size(); ++month) {
      const std::chrono::year_month from = year / static_cast<int>(month);
      if (says(kMonths[month - 1]) &&
          ends(Days(from / 1), Days((from + std::chrono::months(1)) / 1))) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

bool IsOfTheCalendar(const std::string& lower) {
  return std::find(kMonths.begin(), kMonths.end(), lower) != kMonths.end() ||
         std::find(kDays.begin(), kDays.end(), lower) != kDays.end();
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

// Whether calls are made with most days of the week, or most months: who goes through them all need
// not be told each.
bool GoesThroughTheCalendar(const Trace& solution, const std::string& lower_name) {
  constexpr std::size_t kMostDays = 5;
  constexpr std::size_t kMostMonths = 10;
  const bool is_month = std::find(kMonths.begin(), kMonths.end(), lower_name) != kMonths.end();
  std::set<std::string> asked;
  for (const Trace::Call& call : solution.calls) {
    for (const std::string& name : call.NamesAsked()) {
      const std::string lower = Lowercase(name);
      const bool month = std::find(kMonths.begin(), kMonths.end(), lower) != kMonths.end();
      if (IsOfTheCalendar(lower) && month == is_month) asked.insert(lower);
    }
  }
  return asked.contains(lower_name) && asked.size() >= (is_month ? kMostMonths : kMostDays);
}

// Whether calls are made with all months of a year that the instruction says: "2031-01" and on.
bool GoesThroughTheYear(const Trace& solution, const std::string& lower, const std::string& month) {
  constexpr std::size_t kYearBytes = 4;
  constexpr std::size_t kMonthBytes = 7;
  const auto is_month = [&](const std::string& name) {
    return name.size() == kMonthBytes && FormOf(name) == "9-9" &&
           name.compare(0, kYearBytes, month, 0, kYearBytes) == 0;
  };
  if (!is_month(month) || !Stands(lower, month.substr(0, kYearBytes))) return false;
  std::set<std::string> asked;
  for (const Trace::Call& call : solution.calls) {
    for (const std::string& name : call.NamesAsked()) {
      if (is_month(name)) asked.insert(name);
    }
  }
  return asked.size() == kMonths.size();
}

}  // namespace

namespace {

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
  return (Stands(lower, lower_name) && !IsOnlyCompared(lower, lower_name)) ||
         StandsInARange(task.instruction, lower_name) ||
         GoesThroughTheCalendar(solution, lower_name) || SaysDate(lower, lower_name) ||
         SaysMonth(lower, lower_name) || GoesThroughTheYear(solution, lower, lower_name) ||
         IsEndOfAPeriod(task, lower, lower_name) || IsConstant(tools, lower_name, lower) ||
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
