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

// Of a text in lower case.
bool IsYesOrNo(std::string_view lower);

// Of an answer that is a text; none for others. Where the instruction asks for a text, only words
// as it spells them.
std::vector<Spelling> PlainerSpellings(const Json& answer, const std::string& instruction,
                                       const Trace& solution);

}  // namespace sca::task
