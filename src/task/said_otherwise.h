// What an instruction says, also in other words than the code has: numbers, and texts put together.

#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/code_as_task.h"
#include "env/environment.h"
#include "task/known_tasks.h"

namespace sca::task {

// Indices of the code whose places the instruction numbers: lanes[4] is lane 5. Not by numbers that
// calls take.
std::set<double> PlacesSaid(const CodeAsTask& task, const std::vector<ToolSpec>& tools);

// All numbers that it says and that follow from its words, what the units convert by that tools
// count in, how often tools are called, where ranges of the code end, and PlacesSaid.
std::set<double> NumbersSaid(const CodeAsTask& task, const Trace& solution,
                             const std::vector<ToolSpec>& tools);

// Whether the text stands in the code in a list of several, and descriptions of tools offer it: who
// looks through several states of a thing need not be told each.
bool IsOneOfSeveralTried(const CodeAsTask& task, const std::vector<ToolSpec>& tools,
                         const std::string& text);

// Whether the solution puts the text together from what the instruction says and its calls give:
// "harp, 1805" of a name and a year.
bool IsPutTogether(const CodeAsTask& task, const Trace& solution, const std::string& text);

// Whether the instruction says a name, in lower case, in one of all these ways, or need not.
bool IsSaid(const CodeAsTask& task, const Trace& solution, const std::vector<ToolSpec>& tools,
            const std::string& lower_name);

// A key of an answer that is an object, if it has one that only the code has: nobody can guess it.
std::optional<std::string> MadeUpKey(const CodeAsTask& task, const Trace& solution);

}  // namespace sca::task
