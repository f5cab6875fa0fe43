// Plainer spellings of an answer that only the solution's own code made a text of: the number, the
// list, the word as a tool or the instruction spells it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "task/known_tasks.h"
#include "task/spellings.h"

namespace sca::task {

// Of an answer that is a text; none for others, and where the instruction asks for a text.
std::vector<Spelling> PlainerSpellings(const Json& answer, const std::string& instruction,
                                       const Trace& solution);

}  // namespace sca::task
