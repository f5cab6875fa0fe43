// Tasks that wait for approval as a person sees them, and the questions of `--interactive`.

#pragma once

#include <functional>
#include <istream>
#include <string>

#include "campaign/approvals.h"
#include "domain/review.h"
#include "store/store.h"

namespace sca::cli {

// A line of the list: id, beginning of the hash, the word on it, instruction.
std::string ReviewLine(const campaign::WaitingTask& task);

// All that decides: instruction, solution, verification, failure cases, gates with evidence.
std::string ReviewText(const campaign::WaitingTask& task);
// The same as a line of JSON, which is ASCII: a terminal finds nothing to obey in it.
std::string ReviewJson(const campaign::WaitingTask& task);

// What a person answers, and when.
struct Answers {
  std::istream& lines;
  std::function<std::string()> time_now;  // As Review::time.
};

// Shows each task without a word on standard output and asks for one. Each is stored at once, as
// `word` with decision, note and the time of its answer; so quitting, or a kill, loses none.
Status ReviewOneByOne(store::Store& store, const Review& word, const Answers& answers);

}  // namespace sca::cli
