// The numbers that a text says, and those that follow from what it says.

#pragma once

#include <set>
#include <string>

namespace sca::task {

// All numbers that a text names, in digits ("1,200" and "1200.0" are 1200) or words ("twenty-five",
// "half").
std::set<double> NumbersIn(const std::string& text);

// Those of them that stand alone in whole digits, not in ids, times or amounts.
std::set<double> WholeNumbersIn(const std::string& text);

// Numbers that nobody has to name beside these words: 0.05, 1.05 and 95 of "5 percent", 7 and 14 of
// "two weeks", 0.25 and 4 of "a quarter", 3 of "third".
std::set<double> NumbersImpliedBy(const std::string& text);

// What the units convert by that a text names in the plural: 60, 3600 and 24 for "hours".
std::set<double> ConversionsOf(const std::string& text);

// As far as binary fractions of decimals are equal: 1.4 * 7 is 9.799999999999999.
bool Contains(const std::set<double>& numbers, double number);

// Numbers that code needs without anyone asking for them: counting, percent, rounding, thousands.
bool IsStructural(double number);

}  // namespace sca::task
