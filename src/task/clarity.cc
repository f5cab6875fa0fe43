#include "task/clarity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <regex>

#include "base/text.h"
#include "task/bounds.h"
#include "task/computation.h"
#include "task/entities.h"
#include "task/first_found.h"
#include "task/ignored.h"
#include "task/instruction.h"
#include "task/python_tokens.h"
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

Result<std::optional<std::string>> TakesOneOfSeveral(Candidate& candidate, const Trace& solution) {
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

enum class Measure { kNone, kLength, kTime };

Measure MeasureOf(const ToolSpec& tool) {
  static const std::regex kLength("\\b(metres?|meters?|kilomet(re|er)s?|miles?|km)\\b");
  static const std::regex kTime("\\b(seconds?|minutes?|hours?|days?|weeks?)\\b");
  const std::string text = Lowercase(ReplaceAll(tool.name, "_", " ") + " " + tool.description);
  const bool length = std::regex_search(text, kLength);
  if (length == std::regex_search(text, kTime)) return Measure::kNone;
  return length ? Measure::kLength : Measure::kTime;
}

// "How long is it?" of which one tool knows the metres and another one the minutes.
std::optional<std::string> LeavesMeasureOpen(const CodeAsTask& task, const Trace& solution,
                                             const std::vector<ToolSpec>& tools) {
  static const std::regex kAsked("\\bhow long\\b");
  static const std::regex kSaid(
      "\\b(met(re|er)s?|kilomet(re|er)s?|miles?|km|seconds?|minutes?|hours?|days?|weeks?|"
      "takes?|last|time|travel|ride|wait)\\b");
  const std::string lower = Lowercase(task.instruction);
  if (!std::regex_search(lower, kAsked) || std::regex_search(lower, kSaid)) return std::nullopt;
  for (const std::string& name : solution.Tools()) {
    const ToolSpec* used = FindTool(tools, name);
    if (used == nullptr || MeasureOf(*used) == Measure::kNone) continue;
    for (const ToolSpec& other : tools) {
      const bool same = ParameterNames(other) == ParameterNames(*used);
      if (!same || other.writes || solution.Tools().contains(other.name)) continue;
      if (MeasureOf(other) == Measure::kNone || MeasureOf(other) == MeasureOf(*used)) continue;
      return fmt::format("\"How long\" may mean what {} gives as well as what {} does.", name,
                         other.name);
    }
  }
  return std::nullopt;
}

// "How long was she on her way?", answered in minutes where the tool gives seconds.
Result<std::optional<std::string>> ConvertsUnasked(Candidate& candidate, const Trace& solution) {
  static const std::regex kTime(
      "\\b(secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?|when|clock|speed|pace|fast|"
      "kmh|mph|kph|knots?|rate|wages?|paid)\\b|km/h|m/s|\\d:\\d\\d|\\d ?[hs]\\b");
  static const std::regex kLength("\\b(how long|time|duration|lasts?|lasted|takes?|took|taken)\\b");
  const CodeAsTask& task = candidate.task();
  const std::string lower = Lowercase(task.instruction);
  const auto answer = ParseJson(solution.answer_json);
  if (!answer.ok() || !answer->is_number() || !std::regex_search(lower, kLength) ||
      std::regex_search(lower, kTime)) {
    return std::optional<std::string>();
  }
  for (const Token& token : TokensOf(task.solution)) {
    if (token.value != "60" && token.value != "3600") continue;
    const Execution plain = SCA_TRY(candidate.Execute(WithToken(task.solution, token, "1")));
    const auto other = ParseJson(plain.trace.answer_json);
    if (!other.ok() || !other->is_number()) continue;
    constexpr double kRounded = 0.02;
    const double factor = std::strtod(token.value.c_str(), nullptr);
    const double less = std::min(std::abs(answer->get<double>()), std::abs(other->get<double>()));
    const double more = std::max(std::abs(answer->get<double>()), std::abs(other->get<double>()));
    if (std::abs(more - factor * less) > kRounded * more) continue;
    return std::optional(fmt::format(
        "The solution converts its answer by {}, but the instruction names no unit.", token.value));
  }
  return std::optional<std::string>();
}

}  // namespace

Result<std::optional<std::string>> WhatIsUnclear(Candidate& candidate, const Trace& solution) {
  if (auto why = OtherComputation(candidate.task(), solution, candidate.environment().tools())) {
    return why;
  }
  if (auto why = LeavesMeasureOpen(candidate.task(), solution, candidate.environment().tools())) {
    return why;
  }
  const Entities* entities = SCA_TRY(candidate.KnownEntities());
  if (auto why =
          IgnoredNumber(candidate.task(), solution, candidate.environment().tools(), *entities)) {
    return why;
  }
  if (auto why = SCA_TRY(ConvertsUnasked(candidate, solution))) return why;
  if (auto why = SCA_TRY(FindOtherBound(candidate, solution))) return why;
  if (auto why = SCA_TRY(LeavesDirectionOpen(candidate, solution))) return why;
  return TakesOneOfSeveral(candidate, solution);
}

}  // namespace sca::task
