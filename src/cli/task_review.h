// Tasks that wait for approval as a person sees them, and the questions of `--interactive`.

#pragma once

#include <istream>
#include <string>

#include "base/json.h"
#include "campaign/approvals.h"
#include "domain/review.h"
#include "store/store.h"

namespace sca::cli {

// A line of the list: id, beginning of the hash, the word on it, instruction.
std::string ReviewLine(const campaign::WaitingTask& task);

// All that decides: instruction, solution, verification, failure cases, gates with evidence.
std::string ReviewText(const campaign::WaitingTask& task);
Json ReviewJson(const campaign::WaitingTask& task);

// Shows each task without a word on standard output and asks for one on `answers`. Each is stored
// at once, as `word` with decision and note filled in; so quitting, or a kill, loses none.
Status ReviewOneByOne(store::Store& store, const Review& word, std::istream& answers);

}  // namespace sca::cli
