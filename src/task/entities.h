// Other valid values for the arguments of tool calls: what a mutant puts in place of the right one.
//
// They come from literals in the environment's examples and the task's own failure cases, from what
// the solution's calls gave, and from the texts of refused calls, which name what would work. Never
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

  // Other values of the same kind than `value` (text, number or truth value), likeliest first.
  std::vector<Json> Others(std::string_view parameter, const Json& value) const;

  // Values that were seen for a parameter.
  const std::vector<Json>& Known(std::string_view parameter) const;

 private:
  void AddCode(std::string_view code, const env::Environment& environment);
  void AddResults(const Trace& solution);
  Status AddRefusals(const Trace& solution, const env::Environment& environment);
  void Add(const std::string& parameter, const Json& value);

  std::map<std::string, std::vector<Json>, std::less<>> values_;  // By parameter name.
};

// Letters as a, digits as 9, runs as one: "A130" is "a9", as every order id of that shop.
std::string FormOf(std::string_view text);

}  // namespace sca::task
