#include "task/list_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>

#include "base/text.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

// Lists of numbers keep their order: their places may be what they mean. With MIDDLE True no place
// keeps what stands there.
constexpr std::string_view kBackwards = R"(
def _reversed(many):
    middle = len(many) // 2
    if MIDDLE and len(many) % 2:
        many = [many[middle]] + many[:middle] + many[middle + 1:]
    return many[::-1]


def _backwards(value):
    if isinstance(value, dict):
        pairs = [(key, _backwards(one)) for key, one in value.items()]
        named = all(isinstance(one, dict) for one in value.values())
        return dict(_reversed(pairs) if named else pairs)
    if isinstance(value, list):
        many = [_backwards(one) for one in value]
        return many if any(isinstance(one, (int, float)) for one in many) else _reversed(many)
    return value


def _around(call):
    return lambda *positional, **named: _backwards(call(*positional, **named))


)";

}  // namespace

bool GivesAnOrder(const ToolSpec& tool) {
  static const std::regex kOrder(
      "\\b(sorted|ranked|ranking|ascending|descending|chronological(ly)?|in (the )?order|ordered "
      "by|"
      "[a-z]+est first|(best|most|least|top) first|first to last|route|sequence|queue|along)\\b");
  return std::regex_search(Lowercase(tool.description), kOrder);
}

namespace {

// "The cheapest": of a list with the cheapest first that is the first one.
bool AsksForTheMost(const std::string& instruction) {
  static const std::regex kRank(
      "\\b([a-z]{2,}est|best|most|least|top|worst|winn(er|ers|ing)|wins?|won|champions?|"
      "gold|silver|bronze|podium|medals?|medallists?|leads?|leaders?|leading)\\b");
  return std::regex_search(Lowercase(instruction), kRank);
}

std::string WithListsBackwards(const CodeAsTask& task, const std::vector<ToolSpec>& tools,
                               bool middle_too) {
  const bool ranks = AsksForTheMost(task.instruction);
  std::string code = ReplaceAll(std::string(kBackwards), "MIDDLE", middle_too ? "True" : "False");
  for (const ToolSpec& tool : tools) {
    if (tool.writes || (ranks && GivesAnOrder(tool))) continue;
    code += fmt::format("{0} = _around({0})\n", tool.name);
  }
  return code + task.solution;
}

// Whether the code takes something by a place that is not the first.
bool TakesALaterPlace(const std::string& code) {
  const std::vector<Token> tokens = TokensOf(code);
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (IsPlace(tokens, at) && tokens[at].value != "0") return true;
  }
  return false;
}

bool HasLists(const Trace& trace) {
  return std::any_of(trace.calls.begin(), trace.calls.end(), [](const Trace::Call& call) {
    const auto result = ParseJson(call.result_json);
    if (!result.ok() || !result->is_structured()) return false;
    const std::vector<Reached> all = StandingsIn(*result);
    return std::any_of(all.begin(), all.end(),
                       [](const Reached& one) { return !one.siblings.empty(); });
  });
}

std::vector<const Trace::Call*> Writes(const Trace& trace, const std::vector<ToolSpec>& tools) {
  std::vector<const Trace::Call*> writes;
  for (const Trace::Call& call : trace.calls) {
    if (IsWriteTool(tools, call.tool)) writes.push_back(&call);
  }
  return writes;
}

// An answer without the order of its list, and of its keys.
nlohmann::json Unordered(const std::string& answer_json) {
  const auto answer = ParseJson(answer_json);
  if (!answer.ok()) return {};
  nlohmann::json unordered(*answer);
  if (unordered.is_array()) std::sort(unordered.begin(), unordered.end());
  return unordered;
}

}  // namespace

bool EndTheSame(const Trace& left, const Trace& right, const std::vector<ToolSpec>& tools) {
  const auto written = [&](const Trace& trace) {
    std::vector<std::string> all;
    for (const Trace::Call* call : Writes(trace, tools)) {
      all.push_back(call->tool + call->arguments_json);
    }
    std::sort(all.begin(), all.end());
    return all;
  };
  const bool same_answer = Unordered(left.answer_json) == Unordered(right.answer_json) ||
                           IsSameAnswer(left.answer_json, right.answer_json);
  return same_answer && written(left) == written(right);
}

namespace {

class BothOrders {
 public:
  BothOrders(const Trace& solution, const Trace& backwards, const std::vector<ToolSpec>& tools)
      : solution_(solution), backwards_(backwards), tools_(tools) {}

  std::vector<PickedByPlace> Picks() {
    const auto writes = Writes(solution_, tools_);
    const auto other_writes = Writes(backwards_, tools_);
    for (std::size_t at = 0; at < std::min(writes.size(), other_writes.size()); ++at) {
      if (!IsVisited(*other_writes[at])) AddCalls(writes[at], other_writes[at]);
    }
    const auto answer = ParseJson(solution_.answer_json);
    const auto other_answer = ParseJson(backwards_.answer_json);
    if (answer.ok() && other_answer.ok()) {
      Add("", {}, *answer, *other_answer);
      AddCalls(LastThatGives(solution_, *answer), LastThatGives(backwards_, *other_answer));
    }
    // A loop that breaks ends with what it takes; an index is taken once.
    std::map<std::string, const Trace::Call*> last;
    std::map<std::string, const Trace::Call*> other_last;
    for (const Trace::Call& call : solution_.calls) last[call.tool] = &call;
    for (const Trace::Call& call : backwards_.calls) other_last[call.tool] = &call;
    for (const auto& [tool, call] : last) {
      if (const auto other = other_last.find(tool);
          other != other_last.end() && !IsVisited(*other->second)) {
        AddCalls(call, other->second);
      }
    }
    return std::move(picks_);
  }

 private:
  static const Trace::Call* LastThatGives(const Trace& trace, const Json& answer) {
    const Trace::Call* last = nullptr;
    for (const Trace::Call& call : trace.calls) {
      const auto result = ParseJson(call.result_json);
      if (!result.ok()) continue;
      for (const Reached& one : StandingsIn(*result)) {
        if (IsSameValue(one.standing.value, answer)) last = &call;
      }
    }
    return last;
  }

  // Whether the solution makes this call too: then it has looked at what it does not take.
  bool IsVisited(const Trace::Call& call) const {
    return std::any_of(solution_.calls.begin(), solution_.calls.end(), [&](const Trace::Call& one) {
      return one.tool == call.tool && one.arguments_json == call.arguments_json;
    });
  }

  void AddCalls(const Trace::Call* call, const Trace::Call* other) {
    if (call == nullptr || other == nullptr || call->tool != other->tool) return;
    const auto arguments = ParseJson(call->arguments_json);
    const auto other_arguments = ParseJson(other->arguments_json);
    if (!arguments.ok() || !arguments->is_object() || !other_arguments.ok()) return;
    for (const auto& [parameter, value] : arguments->items()) {
      if (other_arguments->contains(parameter)) {
        Add(parameter, *call, value, (*other_arguments)[parameter]);
      }
    }
  }

  void Add(const std::string& parameter, const Trace::Call& call, const Json& taken,
           const Json& otherwise) {
    const bool both = (taken.is_string() && otherwise.is_string()) ||
                      (taken.is_number() && otherwise.is_number());
    if (!both || IsSameValue(taken, otherwise)) return;
    for (const Trace::Call& source : solution_.calls) {
      const auto result = ParseJson(source.result_json);
      if (!result.ok()) continue;
      for (Reached& one : StandingsIn(*result)) {
        // A bare number says nothing of what it is of.
        if (!IsSameValue(one.standing.value, taken)) continue;
        if (taken.is_number() && one.standing.around == nullptr) continue;
        const auto rival = std::find_if(
            one.siblings.begin(), one.siblings.end(),
            [&](const Standing& sibling) { return IsSameValue(sibling.value, otherwise); });
        if (rival == one.siblings.end()) continue;
        const Standing found = *rival;
        one.path = source.tool + Shorten(source.arguments_json, 60);
        picks_.push_back({parameter, call, std::move(one), found});
        return;
      }
    }
  }

  const Trace& solution_;
  const Trace& backwards_;
  const std::vector<ToolSpec>& tools_;
  std::vector<PickedByPlace> picks_;
};

}  // namespace

Result<std::vector<PickedByPlace>> FindPickedByPlace(Candidate& candidate, const Trace& solution) {
  if (!HasLists(solution)) return std::vector<PickedByPlace>();
  const std::vector<ToolSpec>& tools = candidate.environment().tools();
  for (const bool middle_too : {false, true}) {
    if (middle_too && !TakesALaterPlace(candidate.task().solution)) break;
    const Execution other =
        SCA_TRY(candidate.Execute(WithListsBackwards(candidate.task(), tools, middle_too)));
    // What does not run so relies on an order; no tool gives that one.
    if (!RanThrough(other) || other.verdict->passed.value_or(false) ||
        EndTheSame(solution, other.trace, tools)) {
      continue;
    }
    return BothOrders(solution, other.trace, tools).Picks();
  }
  return std::vector<PickedByPlace>();
}

}  // namespace sca::task
