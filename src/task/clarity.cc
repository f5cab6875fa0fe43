#include "task/clarity.h"

#include <fmt/format.h>

#include "base/text.h"
#include "task/bounds.h"
#include "task/computation.h"
#include "task/entities.h"
#include "task/first_found.h"
#include "task/ignored.h"
#include "task/instruction.h"
#include "task/referent.h"
#include "task/swapped_arguments.h"

namespace sca::task {
namespace {

// "Between A and B", of which the tool makes a way from A to B. Times and dates have a direction of
// their own.
bool SaysBetween(const std::string& lower, const Swapped& swapped) {
  const std::string one = Lowercase(swapped.one);
  const std::string other = Lowercase(swapped.other);
  if ((FormOf(one) + FormOf(other)).find('9') != std::string::npos) return false;
  for (const std::string& between : {fmt::format("between {} and {}", one, other),
                                     fmt::format("between {} and {}", other, one)}) {
    if (ReplaceAll(lower, " the ", " ").find(between) != std::string::npos) return true;
  }
  return false;
}

// A way that is not the same in both directions, of which the instruction gives none.
Result<std::optional<std::string>> LeavesDirectionOpen(Candidate& candidate,
                                                       const Trace& solution) {
  const CodeAsTask& task = candidate.task();
  const std::string lower = Lowercase(task.instruction);
  if (SpeaksOf(task.instruction, {"from", "towards", "direction", "starting", "begin"})) {
    return std::optional<std::string>();
  }
  for (const Swapped& swapped :
       WithArgumentsSwapped(task, solution, candidate.environment().tools())) {
    if (!SaysBetween(lower, swapped)) continue;
    const Execution other = SCA_TRY(candidate.Execute(swapped.code));
    if (!other.verdict.has_value() || other.verdict->passed.value_or(false)) continue;
    if (IsSameAnswer(solution.answer_json, other.trace.answer_json)) continue;
    return std::optional(
        fmt::format("{} says something else from {} to {} than from {} to {}: the instruction does "
                    "not tell which way is meant.",
                    swapped.tool, swapped.one, swapped.other, swapped.other, swapped.one));
  }
  return std::optional<std::string>();
}

Result<std::optional<std::string>> TakesTheFirstFound(Candidate& candidate, const Trace& solution) {
  const std::string& instruction = candidate.task().instruction;
  if (SpeaksOfPlaces(instruction) || SpeaksOfRank(instruction)) {
    return std::optional<std::string>();
  }
  const std::optional<Trace> other = SCA_TRY(FindAnotherThatFits(candidate, solution));
  if (!other.has_value()) return std::optional<std::string>();
  return std::optional(fmt::format(
      "The solution takes one that fits, but another fits as well and ends with {}: {}.",
      other->answer_json.empty() ? other->Shape() : Shorten(other->answer_json, 60),
      LeavesChoice(instruction) ? "the instruction leaves the choice, and evaluate does not"
                                : "the instruction does not tell which is meant"));
}

}  // namespace

Result<std::optional<std::string>> WhatIsUnclear(Candidate& candidate, const Trace& solution) {
  if (auto why = OtherComputation(candidate.task(), solution, candidate.environment().tools())) {
    return why;
  }
  const Entities* entities = SCA_TRY(candidate.KnownEntities());
  if (auto why =
          IgnoredNumber(candidate.task(), solution, candidate.environment().tools(), *entities)) {
    return why;
  }
  if (auto why = SCA_TRY(FindOtherBound(candidate, solution))) return why;
  if (auto why = SCA_TRY(LeavesDirectionOpen(candidate, solution))) return why;
  return TakesTheFirstFound(candidate, solution);
}

}  // namespace sca::task
