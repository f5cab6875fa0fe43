#include "task/joint_variants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/text.h"
#include "task/instruction.h"
#include "task/standings.h"

namespace sca::task {
namespace {

constexpr std::size_t kOthersMax = 6;  // Of one value.

// `json` with each value that is the same replaced.
Json With(const Json& json, const Json& value, const Json& other) {
  if (json == value) return other;
  Json copy = json;
  if (copy.is_structured()) {
    for (Json& element : copy) element = With(element, value, other);
  }
  return copy;
}

std::vector<Json> OthersFor(const std::string& parameter, const Json& value, const Trace& solution,
                            const Entities& entities) {
  std::vector<Json> others;
  constexpr double kWholeMax = 1e15;  // Beyond it one more is none.
  if (value.is_number() && std::abs(value.get<double>()) > kWholeMax) return others;
  if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    return {Json(number + 1), Json(number - 1)};
  }
  if (value.is_number()) return {Json(value.get<double>() + 1), Json(value.get<double>() - 1)};
  if (!value.is_string()) return others;
  others = TextsBeside(value.get<std::string>(), solution);
  for (const Json& other : entities.Others(parameter, value)) AddOnce(other, others);
  if (others.size() > kOthersMax) others.resize(kOthersMax);
  return others;
}

}  // namespace

std::vector<Mutant> JointVariants(const CodeAsTask& task, const Trace& solution,
                                  const std::vector<ToolSpec>& tools, const Entities& entities) {
  std::vector<Mutant> made;
  const auto answer = ParseJson(solution.answer_json);
  if (!answer.ok() || LeavesChoice(task.instruction)) return made;
  const std::vector<Trace::Call> writes = WriteCalls(solution, tools);
  std::set<std::string> done;
  for (const Trace::Call& write : writes) {
    const auto arguments = ParseJson(write.arguments_json);
    if (!arguments.ok() || !arguments->is_object()) continue;
    for (const auto& [name, value] : arguments->items()) {
      const bool is_answer =
          value == *answer ||
          (answer->is_array() && std::find(answer->begin(), answer->end(), value) != answer->end());
      if (!is_answer || !done.insert(DumpJson(value)).second) continue;
      for (const Json& other : OthersFor(name, value, solution, entities)) {
        Mutant mutant{
            .kind = Mutant::Kind::kCalls,
            .group = fmt::format("{} of {} and of the answer", name, write.tool),
            .description = fmt::format("{} in place of {}, written and answered",
                                       Shorten(DumpJson(other), 60), Shorten(DumpJson(value), 60)),
            .calls = writes,
            .answer_json = DumpJson(With(*answer, value, other))};
        for (Trace::Call& call : mutant.calls) {
          if (const auto its = ParseJson(call.arguments_json); its.ok()) {
            call.arguments_json = DumpJson(With(*its, value, other));
          }
        }
        made.push_back(std::move(mutant));
      }
    }
  }
  return made;
}

namespace {

// The places of an answer, as Python writes them, and what stands there.
std::vector<std::pair<std::string, Json>> PlacesOf(const Json& answer) {
  std::vector<std::pair<std::string, Json>> places;
  if (answer.is_object()) {
    for (const auto& [key, value] : answer.items()) places.emplace_back(DumpJson(Json(key)), value);
  } else if (answer.is_array()) {
    for (std::size_t at = 0; at < answer.size(); ++at) {
      places.emplace_back(std::to_string(at), answer[at]);
    }
  }
  return places;
}

// How Python takes `value` out of what a call gave; nothing where it is no part of it.
std::optional<std::string> WayTo(const Json& value, const Json& result) {
  if (IsSameValue(result, value)) return "";
  if (!result.is_object()) return std::nullopt;
  for (const auto& [key, one] : result.items()) {
    if (IsSameValue(one, value)) return fmt::format("[{}]", DumpJson(Json(key)));
  }
  return std::nullopt;
}

}  // namespace

std::vector<Mutant> AnswersAboutOthers(const CodeAsTask& task, const Trace& solution,
                                       const Entities& entities) {
  constexpr std::size_t kPlacesMax = 6;
  std::vector<Mutant> made;
  const auto answer = ParseJson(solution.answer_json);
  if (!answer.ok() || LeavesChoice(task.instruction)) return made;
  const auto places = PlacesOf(*answer);
  if (places.size() < 2 || places.size() > kPlacesMax) return made;
  for (const auto& [name_place, thing] : places) {
    if (!thing.is_string()) continue;
    for (const Trace::Call& call : solution.calls) {
      const auto arguments = ParseJson(call.arguments_json);
      const auto result = ParseJson(call.result_json);
      if (!arguments.ok() || !arguments->is_object() || arguments->size() != 1) continue;
      const std::string parameter = arguments->begin().key();
      if (!result.ok() || arguments->front() != thing) continue;
      std::string saying;
      for (const auto& [place, said] : places) {
        const auto way = place == name_place ? std::nullopt : WayTo(said, *result);
        if (way.has_value()) saying += fmt::format("answer[{}] = other{}\n", place, *way);
      }
      if (saying.empty()) continue;
      for (const Json& other : OthersFor(parameter, thing, solution, entities)) {
        made.push_back(
            {.kind = Mutant::Kind::kCode,
             .group = "the thing that the answer is about",
             .description = fmt::format("what {} says of {} in place of {}", call.tool,
                                        Shorten(DumpJson(other), 60), Shorten(DumpJson(thing), 60)),
             .code = fmt::format("{}\nother = {}({})\nanswer[{}] = {}\n{}", task.solution,
                                 call.tool, DumpJson(other), name_place, DumpJson(other), saying)});
      }
      break;
    }
  }
  return made;
}

}  // namespace sca::task
