// Other valid values for the arguments of tool calls: what a mutant puts in place of the right one.
//
// They come from literals in the task's own evaluation function and failure cases, from those in
// the environment's examples, from what the solution's calls gave, from the texts of refused calls,
// which name what would work, and, for environments that write, from what seeds() offers. Never
// from held-out tasks: a value may be shown to a challenger as evidence.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "domain/code_as_task.h"
#include "env/environment.h"
#include "task/known_tasks.h"

namespace sca::task {

class Entities {
 public:
  static Result<Entities> Of(const CodeAsTask& task, const Trace& solution,
                             const env::Environment& environment);

  // Other values of the same kind than `value` (text, number or truth value), likeliest first. A
  // text with numbers in it is also shifted: another day, the next id.
  std::vector<Json> Others(std::string_view parameter, const Json& value) const;

  // Values that a parameter may take, of any kind: those of Known, and what seeds() offers.
  std::vector<Json> Offered(std::string_view parameter) const;

  // Values that were seen for a parameter.
  const std::vector<Json>& Known(std::string_view parameter) const;

 private:
  void AddCode(std::string_view code, const env::Environment& environment);
  void AddResults(const Trace& solution);
  Status AddRefusals(const Trace& solution, const env::Environment& environment);
  Status AddSeeds(const env::Environment& environment);
  // The values of `known`, texts only, that say something else than `value`.
  static std::vector<Json> OtherTexts(const std::vector<Json>& known, const std::string& value);

  std::map<std::string, std::vector<Json>, std::less<>> values_;   // By parameter name.
  std::map<std::string, std::vector<Json>, std::less<>> offered_;  // By seeds().
};

// Appends a value that is not there yet.
void AddOnce(Json value, std::vector<Json>& values);

// The texts that stand beside this one in lists that the calls gave.
std::vector<Json> TextsBeside(const std::string& text, const Trace& trace);

// Letters as a, digits as 9, runs as one: "A130" is "a9", as every order id of that shop.
std::string FormOf(std::string_view text);

// The text with one of its numbers one more or one less, the last number first: "2025-06-21" and
// "2025-06-19" for "2025-06-20". Empty for a text without numbers, or with a decimal
// fraction.
std::vector<std::string> Shifted(std::string_view text);

// The ids of the same form with a number near that of this one, the nearest first: "V10", "V12",
// "V09" for "V11". Empty for what is no short word that ends in a number of up to four digits.
std::vector<std::string> IdsAround(std::string_view id);

// A short id with another digit in one place: "103" and "213" for "203". Empty for other texts.
std::vector<std::string> WithOtherDigits(std::string_view id);

}  // namespace sca::task
