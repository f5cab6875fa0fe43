#include "task/said_dates.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <optional>
#include <regex>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "task/entities.h"
#include "task/instruction.h"
#include "task/literals.h"

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
  constexpr std::size_t kDatesMax = 400;
  std::vector<Days> dates;
  const auto add = [&](const std::string& y, int month, const std::string& day) {
    if (dates.size() >= kDatesMax) return;
    const int of = y.empty() ? year : std::atoi(y.c_str());
    if (const auto date = DateOf(of, month, std::atoi(day.c_str()))) dates.push_back(*date);
  };
  const auto month_of = [](const std::string& word) {
    constexpr std::size_t kShort = 3;
    const auto at = std::find_if(kMonths.begin(), kMonths.end(), [&](std::string_view month) {
      return word == month || word == month.substr(0, kShort);
    });
    return at == kMonths.end() ? 0 : static_cast<int>(at - kMonths.begin()) + 1;
  };
  const std::sregex_iterator end;
  for (std::sregex_iterator at(lower.begin(), lower.end(), kIso); at != end; ++at) {
    add((*at)[1], std::atoi((*at)[2].str().c_str()), (*at)[3]);
  }
  static const std::regex kFigures("\\b([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})\\b");
  for (std::sregex_iterator at(lower.begin(), lower.end(), kFigures); at != end; ++at) {
    add((*at)[3], std::atoi((*at)[2].str().c_str()), (*at)[1]);
    add((*at)[3], std::atoi((*at)[1].str().c_str()), (*at)[2]);  // As in America.
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
    if (month == 0 || dates.size() >= kDatesMax) continue;
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

}  // namespace

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

namespace {

// An hour as a text says it, "eight" or "8"; -1 for another word.
int HourOf(const std::string& word) {
  static const std::array<std::string_view, 13> kHours = {
      "zero",  "one",   "two",  "three", "four",   "five",  "six",
      "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  const auto at = std::find(kHours.begin(), kHours.end(), word);
  if (at != kHours.end()) return static_cast<int>(at - kHours.begin());
  return word.find_first_not_of("0123456789") == std::string::npos ? std::atoi(word.c_str()) : -1;
}

// Whether an hour of the day is said by one with "a" or "p" for am and pm, or without.
bool IsHour(int hour, int said, const std::string& half) {
  constexpr int kNoon = 12;
  if (half == "a") return hour == said % kNoon;
  if (half == "p") return hour == said % kNoon + kNoon;
  return hour == said;
}

}  // namespace

bool SaysTime(const std::string& instruction, const std::string& time) {
  static const std::regex kTime("([0-9]{1,2}):([0-9]{2})");
  static const std::regex kFigures(
      "(?:\\b|(at|by|from|to|until|till|after|before) )([0-9]{1,2})([:.])([0-9]{2})\\b"
      "(?: ?([ap])\\.?m\\b)?");
  static const std::regex kWhole("\\b([a-z]+|[0-9]{1,2}) ?(?:([ap])\\.?m\\b|o'? ?clock)");
  static const std::regex kParts(
      "\\b(half|quarter|[0-9]{1,2} minutes?) (past|to) ([a-z]+|[0-9]{1,2})\\b");
  static const std::regex kLate("\\b(evening|afternoon|night|pm)\\b");
  std::smatch part;
  if (!std::regex_match(time, part, kTime)) return false;
  const int hour = std::atoi(part[1].str().c_str());
  const int minute = std::atoi(part[2].str().c_str());
  const bool late = std::regex_search(instruction, kLate);
  constexpr int kNoon = 12;
  constexpr int kHour = 60;
  if (minute == 0 && hour == kNoon &&
      (Stands(instruction, "noon") || Stands(instruction, "midday"))) {
    return true;
  }
  if (minute == 0 && hour % (2 * kNoon) == 0 && Stands(instruction, "midnight")) return true;
  const std::sregex_iterator end;
  for (std::sregex_iterator at(instruction.begin(), instruction.end(), kFigures); at != end; ++at) {
    const int said = std::atoi((*at)[2].str().c_str());
    const bool is_time = (*at)[3] == ":" || (*at)[1].matched || (*at)[5].matched;
    if (!is_time || std::atoi((*at)[4].str().c_str()) != minute) continue;
    if (IsHour(hour, said, (*at)[5]) || (late && hour == said + kNoon)) return true;
  }
  for (std::sregex_iterator at(instruction.begin(), instruction.end(), kWhole); at != end; ++at) {
    const int said = HourOf((*at)[1]);
    if (said < 0 || minute != 0) continue;
    if (IsHour(hour, said, (*at)[2]) || (!(*at)[2].matched && hour == said + kNoon)) return true;
  }
  for (std::sregex_iterator at(instruction.begin(), instruction.end(), kParts); at != end; ++at) {
    const std::string of = (*at)[1];
    const int minutes = of == "half" ? 30 : of == "quarter" ? 15 : std::atoi(of.c_str());
    const int said = HourOf((*at)[3]);
    if (said < 0) continue;
    const int total = said * kHour + ((*at)[2] == "past" ? minutes : -minutes);
    const int wanted = hour * kHour + minute;
    if (wanted == total || wanted == total + kNoon * kHour) return true;
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
  static const std::regex kYear("\\b(19|20)\\d\\d\\b");
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
    const bool says_other = std::regex_search(lower, kYear);
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

bool IsOfTheCalendar(const std::string& lower) {
  return std::find(kMonths.begin(), kMonths.end(), lower) != kMonths.end() ||
         std::find(kDays.begin(), kDays.end(), lower) != kDays.end();
}

std::set<double> MonthsNamed(const std::string& lower) {
  std::set<double> numbers;
  for (std::size_t month = 0; month < kMonths.size(); ++month) {
    if (Stands(lower, kMonths[month])) numbers.insert(static_cast<double>(month + 1));
  }
  return numbers;
}

bool IsSaidByTheCalendar(const CodeAsTask& task, const Trace& solution,
                         const std::string& lower_name) {
  const std::string lower = Lowercase(task.instruction);
  return SaysDate(lower, lower_name) || SaysMonth(lower, lower_name) ||
         SaysTime(lower, lower_name) || GoesThroughTheCalendar(solution, lower_name) ||
         GoesThroughTheYear(solution, lower, lower_name) || IsEndOfAPeriod(task, lower, lower_name);
}

}  // namespace sca::task
