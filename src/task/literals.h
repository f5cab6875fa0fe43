// The names and numbers that an instruction says and that a solution needs.

#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "domain/code_as_task.h"
#include "env/environment.h"
#include "task/known_tasks.h"
#include "task/numbers.h"

namespace sca::task {

// Whether `name` stands in `text`, both in lower case. "order" stands in "orders", but "a10" does
// not stand in "a101": that is another order.
bool Stands(std::string_view text, std::string_view name);

// Whether each longer word of `name` stands in `text` by its stem: "changed mind" in "changed my
// mind", "damaged" in "some damage".
bool StandsByWords(std::string_view text, std::string_view name);

// "A higher one" does not yet say "high".
bool IsOnlyCompared(const std::string& text, const std::string& name);

// The words of a text in lower case: letters and digits.
std::vector<std::string> WordsOf(std::string_view text);

// The word without the "s" of a plural.
std::string Singular(std::string word);

// A string argument of a solution's calls that no earlier call gave.
struct NeededName {
  std::string name;  // In lower case.
  Json value;
  std::string parameter;
  Trace::Call call;  // The first that needs it.
};

struct Needs {
  std::vector<NeededName> names;
  std::set<double> numbers;           // In the code: what it computes itself it need not be told.
  std::set<double> argument_numbers;  // Of these, arguments of tool calls,
  std::set<double> factors;           // and what something is multiplied by.
};

Needs NeedsOf(const CodeAsTask& task, const Trace& trace, const std::vector<ToolSpec>& tools);

// What a description of a tool offers: all that it has in quotes, in lower case, but for what it
// gives as an example.
std::set<std::string> OfferedBy(const std::string& description);

// Constants that the tools' own descriptions offer are no secret, for example "fridge". Where a
// description offers several, the instruction must say which, if by other forms of its words:
// "close it" is "closed", or by a word that no other of them has. So it may say what a description
// has as an example.
bool IsConstant(const std::vector<ToolSpec>& tools, const std::string& name,
                const std::string& instruction);

}  // namespace sca::task
