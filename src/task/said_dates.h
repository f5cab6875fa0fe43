// Days, months and times that an instruction says, also in other words than the code has.

#pragma once

#include <set>
#include <string>

#include "domain/code_as_task.h"
#include "task/known_tasks.h"

namespace sca::task {

// Whether `iso` ("2031-03-09") is a date that the instruction, in lower case, says as "9 March
// 2031", "March 9", or "one week after 2031-03-02".
bool SaysDate(const std::string& instruction, const std::string& iso);

// Whether `iso` ("2031-03") is a month that the instruction, in lower case, says as "March 2031",
// or by a range, a quarter or a half of the year.
bool SaysMonth(const std::string& instruction, const std::string& iso);

// Whether `time` ("15:30") is one that the instruction, in lower case, says as "3:30 pm" or "half
// past three"; "12:00" by "noon".
bool SaysTime(const std::string& instruction, const std::string& time);

// A day of the week or a month, in lower case: anyone knows them.
bool IsOfTheCalendar(const std::string& lower);

// The numbers of the months that a text in lower case names.
std::set<double> MonthsNamed(const std::string& lower);

// Whether the instruction says a name, in lower case, as a day or month in one of these ways, or by
// the whole of which it is part: an end of a month, a day or month where the solution goes through
// all of them.
bool IsSaidByTheCalendar(const CodeAsTask& task, const Trace& solution,
                         const std::string& lower_name);

}  // namespace sca::task
