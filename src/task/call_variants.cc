#include "task/call_variants.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "task/instruction.h"
#include "task/literals.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

constexpr std::size_t kMutantsMax = 6;  // Of one argument.
constexpr std::size_t kChoicesMax = 6;  // Of one mutant, until one is not refused.
constexpr std::size_t kValuesMax = 6;   // Tried for an argument of a call that nobody asked for.
constexpr std::string_view kNonsense = "something else";

std::string SpelledCall(const Trace::Call& call) {
  return call.tool + Shorten(call.arguments_json, 80);
}

// The words that a description quotes: often all that an argument may be.
std::vector<Json> QuotedIn(const std::string& description) {
  std::vector<Json> quoted;
  for (const Token& token : TokensOf(description)) {
    if (token.kind == Token::Kind::kString && token.plain && !token.value.empty()) {
      AddOnce(token.value, quoted);
    }
  }
  return quoted;
}

// Whether two calls have a thing in common: only then can it matter which comes first.
bool Touch(const Trace::Call& left, const Trace::Call& right) {
  const std::set<std::string> its = left.NamesAsked();
  const std::set<std::string> others = right.NamesAsked();
  return its.empty() || std::any_of(others.begin(), others.end(),
                                    [&](const auto& name) { return its.contains(name); });
}

class Maker {
 public:
  Maker(const CodeAsTask& task, const Trace& solution, const std::vector<ToolSpec>& tools,
        const Entities& entities, const Trace& looked_at)
      : solution_(solution),
        looked_at_(looked_at),
        tools_(tools),
        entities_(entities),
        writes_(WriteCalls(solution, tools)),
        instruction_(Lowercase(task.instruction)),
        numbers_(NumbersIn(task.instruction)),
        leaves_choice_(LeavesChoice(task.instruction)),
        demands_sequence_(DemandsSequence(task.instruction)),
        first_then_(SpeaksOf(task.instruction, {"first"}) &&
                    SpeaksOf(task.instruction, {"then", "second", "secondly", "afterwards"})) {}

  std::vector<Mutant> Make() {
    for (std::size_t index = 0; index < writes_.size(); ++index) {
      LeaveOut(index);
      VaryArguments(index);
      VaryTool(index);
    }
    if (!writes_.empty()) AddCalls();
    for (std::size_t index = 0; index < writes_.size(); ++index) {
      Rearrange(index);
      Exchange(index);
    }
    return std::move(mutants_);
  }

 private:
  Mutant& Add(std::string group, std::string description, std::vector<Trace::Call> calls) {
    mutants_.push_back({.kind = Mutant::Kind::kCalls,
                        .group = std::move(group),
                        .description = std::move(description),
                        .calls = std::move(calls),
                        .answer_json = solution_.answer_json});
    return mutants_.back();
  }

  void LeaveOut(std::size_t index) {
    std::vector<Trace::Call> calls = writes_;
    calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(index));
    Add("a call left out", fmt::format("the call {} left out", SpelledCall(writes_[index])),
        std::move(calls));
  }

  void Rearrange(std::size_t index) {
    std::vector<Trace::Call> calls = writes_;
    calls.insert(calls.begin() + static_cast<std::ptrdiff_t>(index), writes_[index]);
    Add("a call made twice", fmt::format("the call {} made twice", SpelledCall(writes_[index])),
        std::move(calls));
    if (index == 0) return;
    if (!demands_sequence_ && !Touch(writes_[index - 1], writes_[index])) return;
    calls = writes_;
    std::swap(calls[index - 1], calls[index]);
    const bool first_then = first_then_ && writes_[index - 1].tool == writes_[index].tool;
    Add("the order of calls",
        fmt::format("{} before {}", writes_[index].tool, writes_[index - 1].tool), std::move(calls))
        .weight = demands_sequence_ || first_then ? Mutant::Weight::kAlone : Mutant::Weight::kShare;
  }

  // The numbers of two calls change places: a verifier may look at their sum.
  void Exchange(std::size_t index) {
    if (index == 0 || writes_[index].tool != writes_[index - 1].tool) return;
    auto one = ParseJson(writes_[index - 1].arguments_json);
    auto other = ParseJson(writes_[index].arguments_json);
    if (!one.ok() || !other.ok() || !one->is_object()) return;
    for (const auto& [name, value] : one->items()) {
      if (!value.is_number() || !other->contains(name) || (*other)[name] == value) continue;
      std::vector<Trace::Call> calls = writes_;
      Json left = *one;
      Json right = *other;
      std::swap(left[name], right[name]);
      calls[index - 1].arguments_json = DumpJson(left);
      calls[index].arguments_json = DumpJson(right);
      Add("numbers of two calls",
          fmt::format("{} exchanged between two calls of {}", name, writes_[index].tool),
          std::move(calls));
    }
  }

  void VaryTool(std::size_t index) {
    const ToolSpec* tool = FindTool(tools_, writes_[index].tool);
    for (const std::string& sibling : SiblingsOf(*tool, tools_)) {
      std::vector<Trace::Call> calls = writes_;
      calls[index].tool = sibling;
      Add("the function " + tool->name, fmt::format("{} in place of {}", sibling, tool->name),
          std::move(calls));
    }
  }

  void VaryArguments(std::size_t index) {
    const ToolSpec* tool = FindTool(tools_, writes_[index].tool);
    const auto arguments = ParseJson(writes_[index].arguments_json);
    if (!arguments.ok() || !arguments->is_object()) return;
    for (const std::string& name : ParameterNames(*tool)) {
      if (arguments->contains(name)) {
        const Json& value = (*arguments)[name];
        if (value.is_string()) VaryEnd(index, *arguments, name, value.get<std::string>());
        VaryArgument(index, *arguments, name, OthersOf(*tool, name, value));
      } else {
        std::vector<Json> values = ValuesFor(*tool, name);
        if (values.size() > kValuesMax) values.resize(kValuesMax);
        VaryArgument(index, *arguments, name, values);
      }
    }
  }

  // Each mutant has choices of its own, so that refused ones do not leave the argument untried.
  void VaryArgument(std::size_t index, const Json& arguments, const std::string& name,
                    const std::vector<Json>& others) {
    const bool is_given = arguments.contains(name);
    const std::size_t count = std::clamp<std::size_t>(others.size(), 1, kMutantsMax);
    for (std::size_t number = 0; number < count; ++number) {
      Mutant& mutant = Add(GroupOf(name, index), fmt::format("another {}", name), writes_);
      mutant.varied = index;
      mutant.is_value = true;
      if (is_given && !IsTold(arguments[name])) mutant.weight = Mutant::Weight::kGroup;
      // A remark that nobody asked for may be overlooked.
      if (!is_given && !others.empty() && others.front().is_string()) {
        mutant.weight = Mutant::Weight::kShare;
      }
      // The first looks at all of them: few may be of use.
      const std::size_t step = number == 0 ? 1 : count;
      const std::size_t choices_max = number == 0 ? others.size() : kChoicesMax;
      for (std::size_t at = number; at < others.size(); at += step) {
        if (mutant.choices.size() == choices_max) break;
        AddChoice(mutant, index, arguments, name, others[at]);
      }
      // An id that works may be one that nobody has shown.
      if (number > 0 || !is_given || !arguments[name].is_string()) continue;
      for (const std::string& id : IdsAround(arguments[name].get<std::string>())) {
        AddChoice(mutant, index, arguments, name, Json(id));
      }
    }
  }

  void AddChoice(Mutant& mutant, std::size_t index, const Json& arguments, const std::string& name,
                 const Json& other) {
    Json changed = arguments;
    changed[name] = other;
    Trace::Call call = writes_[index];
    call.arguments_json = DumpJson(changed);
    mutant.choices.push_back(
        {std::move(call),
         arguments.contains(name)
             ? fmt::format("{} {} in place of {}", name, Spelled(other), Spelled(arguments[name]))
             : fmt::format("{} {}, which was not asked for", name, Spelled(other))});
  }

  // Whether there is but one right value: the instruction says it or leads to it. Words that are
  // put together for the purpose may be put otherwise.
  bool IsTold(const Json& value) const {
    if (value.is_number()) return Contains(numbers_, value.get<double>()) || !leaves_choice_;
    if (!value.is_string()) return !leaves_choice_;
    const std::string text = Lowercase(value.get<std::string>());
    if (Stands(instruction_, text)) return true;
    return !leaves_choice_ && (text.find(' ') == std::string::npos || WasGiven(value));
  }

  bool WasGiven(const Json& value) const {
    return std::any_of(solution_.calls.begin(), solution_.calls.end(), [&](const auto& call) {
      return call.result_json.find(DumpJson(value)) != std::string::npos;
    });
  }

  // Each call is its own: a verifier may look at one of two.
  std::string GroupOf(const std::string& name, std::size_t index) const {
    const std::string& tool = writes_[index].tool;
    const auto same = [&](const Trace::Call& call) { return call.tool == tool; };
    if (std::count_if(writes_.begin(), writes_.end(), same) == 1) {
      return fmt::format("{} of {}", name, tool);
    }
    const auto end = writes_.begin() + static_cast<std::ptrdiff_t>(index);
    return fmt::format("{} of {} number {}", name, tool,
                       std::count_if(writes_.begin(), end, same) + 1);
  }

  // Texts that begin alike: a verifier that looks at the beginning takes them all.
  void VaryEnd(std::size_t index, const Json& arguments, const std::string& name,
               const std::string& text) {
    const std::size_t space = text.rfind(' ');
    if (space == std::string::npos) return;
    for (const std::string& other : {text.substr(0, space), text + " 2"}) {
      Json changed = arguments;
      changed[name] = other;
      std::vector<Trace::Call> calls = writes_;
      calls[index].arguments_json = DumpJson(changed);
      Add("the end of " + GroupOf(name, index),
          fmt::format("{} \"{}\" in place of \"{}\"", name, other, text), std::move(calls))
          .weight = other.size() < text.size() && Stands(instruction_, Lowercase(text))
                        ? Mutant::Weight::kAlone
                        : Mutant::Weight::kGroup;
    }
  }

  std::vector<Json> OthersOf(const ToolSpec& tool, const std::string& name,
                             const Json& value) const {
    std::vector<Json> others;
    if (value.is_array()) {
      for (std::size_t index = 0; index < value.size() && index < kMutantsMax; ++index) {
        const std::vector<Json> elements = OthersOf(tool, name, value[index]);
        for (std::size_t number = 0; number < std::min<std::size_t>(2, elements.size()); ++number) {
          others.push_back(value);
          others.back()[index] = elements[number];
        }
        if (value.size() > 1) {
          others.push_back(value);
          others.back().erase(index);
        }
        if (index == 0 && !elements.empty()) {
          others.push_back(value);
          others.back().push_back(elements.front());
        }
      }
      return others;
    }
    if (value.is_object()) {
      for (const auto& [key, field] : value.items()) {
        const std::vector<Json> fields = OthersOf(tool, key, field);
        for (std::size_t number = 0; number < std::min<std::size_t>(2, fields.size()); ++number) {
          others.push_back(value);
          others.back()[key] = fields[number];
        }
      }
      return others;
    }
    if (value.is_null()) return ValuesFor(tool, name);
    if (value.is_string()) others = TextsBeside(value.get<std::string>(), looked_at_);
    for (const Json& other : entities_.Others(name, value)) AddOnce(other, others);
    if (value.is_string()) {
      const std::string lower = Lowercase(value.get<std::string>());
      for (const Json& quoted : QuotedIn(tool.description)) {
        if (Lowercase(quoted.get<std::string>()) != lower) AddOnce(quoted, others);
      }
      if (others.size() < 2 || lower.find(' ') != std::string::npos) AddOnce(kNonsense, others);
      for (const std::string& one : WithOtherDigits(value.get<std::string>())) {
        AddOnce(one, others);
      }
    } else if (value.is_number()) {
      for (const Json& known : entities_.Offered(name)) {
        if (known.is_number() && known != value && others.size() < kMutantsMax) {
          AddOnce(known, others);
        }
      }
    }
    return others;
  }

  // Values that a parameter may take, those of the solution's own calls first.
  std::vector<Json> ValuesFor(const ToolSpec& tool, const std::string& name) const {
    std::vector<Json> values;
    for (const Trace::Call& call : solution_.calls) {
      const auto arguments = ParseJson(call.arguments_json);
      if (arguments.ok() && arguments->is_object() && arguments->contains(name)) {
        AddOnce((*arguments)[name], values);
      }
    }
    const Json& schema = tool.parameters["properties"][name];
    const std::string type = GetStringOr(schema, "type", "string");
    for (const Json& value : entities_.Offered(name)) AddOnce(value, values);
    if (type == "string") {
      for (const Json& quoted : QuotedIn(tool.description)) AddOnce(quoted, values);
      AddOnce(kNonsense, values);
    } else if (type == "boolean") {
      values = {Json(true), Json(false)};
    } else if (type == "integer" || type == "number") {
      for (const int number : {2, 1, 5, 20}) AddOnce(number, values);
    }
    return values;
  }

  // For each write tool, a call with what the solution works on, and one with other things.
  void AddCalls() {
    for (const ToolSpec& tool : tools_) {
      if (!tool.writes) continue;
      const auto names = GetStrings(tool.parameters, "required");
      if (!names.ok()) continue;
      std::vector<std::vector<Json>> values;
      for (const std::string& name : *names) {
        values.push_back(ValuesFor(tool, name));
        if (values.back().empty()) break;
      }
      if (!values.empty() && values.back().empty()) continue;  // Of no known value.
      AddCall(tool, *names, values, Way::kNear);
      AddCall(tool, *names, values, Way::kElsewhere);
    }
  }

  enum class Way { kNear, kElsewhere };

  void AddCall(const ToolSpec& tool, const std::vector<std::string>& names,
               const std::vector<std::vector<Json>>& values, Way way) {
    Mutant& mutant = Add("a call of " + tool.name + " that nobody asked for",
                         fmt::format("one more call of {}", tool.name), writes_);
    mutant.varied = writes_.size();
    mutant.is_value = true;
    std::set<std::string> done;
    for (const Trace::Call& call : writes_) {
      if (call.tool == tool.name) done.insert(call.arguments_json);
    }
    for (std::size_t number = 0; number < 3 * kChoicesMax; ++number) {
      Json arguments = Json::object();
      for (std::size_t at = 0; at < values.size(); ++at) arguments[names[at]] = nullptr;
      std::size_t rest = number;
      for (std::size_t at = 0; at < values.size(); ++at) {
        // Near: the last argument changes first. Elsewhere: the first one, which names the thing.
        const std::size_t place = way == Way::kNear ? values.size() - 1 - at : at;
        const std::vector<Json>& known = values[place];
        const std::size_t size = std::min(known.size(), kValuesMax);
        std::size_t step = rest % size;
        rest /= size;
        if (way == Way::kElsewhere && place == 0) step = (step + 1) % size;
        arguments[names[place]] = known[step];
      }
      Trace::Call call{.tool = tool.name, .arguments_json = DumpJson(arguments)};
      if (!done.insert(call.arguments_json).second) continue;
      mutant.choices.push_back({call, fmt::format("one more call {}", SpelledCall(call))});
    }
  }

  const Trace& solution_;
  const Trace& looked_at_;
  const std::vector<ToolSpec>& tools_;
  const Entities& entities_;
  std::vector<Trace::Call> writes_;
  std::string instruction_;  // In lower case.
  std::set<double> numbers_;
  bool leaves_choice_;
  bool demands_sequence_;
  bool first_then_;  // "First A, then B".
  std::vector<Mutant> mutants_;
};

}  // namespace

std::vector<Mutant> CallVariants(const CodeAsTask& task, const Trace& solution,
                                 const std::vector<ToolSpec>& tools, const Entities& entities,
                                 const Trace& looked_at) {
  return Maker(task, solution, tools, entities, looked_at).Make();
}

std::vector<std::string> SiblingsOf(const ToolSpec& tool, const std::vector<ToolSpec>& tools) {
  std::vector<std::string> siblings;
  for (const ToolSpec& other : tools) {
    if (other.name != tool.name && other.writes == tool.writes &&
        other.parameters == tool.parameters && !ParameterNames(tool).empty()) {
      siblings.push_back(other.name);
    }
  }
  return siblings;
}

}  // namespace sca::task
