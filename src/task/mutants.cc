#include "task/mutants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "base/random.h"
#include "base/text.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

constexpr std::size_t kOthersMax = 4;  // Of one argument.

const ToolSpec* FindTool(const std::vector<ToolSpec>& tools, std::string_view name) {
  const auto tool = std::find_if(tools.begin(), tools.end(),
                                 [&](const ToolSpec& one) { return one.name == name; });
  return tool == tools.end() ? nullptr : &*tool;
}

// Tools that take the same arguments, in name and type: a call of one is a call of the other.
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

std::string Spelled(const Json& value) { return Shorten(DumpJson(value), 60); }

class Maker {
 public:
  Maker(const CodeAsTask& task, const Trace& solution, const env::Environment& environment,
        const Entities& entities)
      : task_(task), solution_(solution), tools_(environment.tools()), entities_(entities) {}

  std::vector<Mutant> Make(bool wants_answer) {
    writes_ = WriteCalls(solution_, tools_);
    if (wants_answer) {
      VaryCode();
      VaryAnswer();
    }
    VaryCalls();
    return std::move(mutants_);
  }

 private:
  void AddCode(std::string group, std::string description, std::string code) {
    mutants_.push_back({.kind = Mutant::Kind::kCode,
                        .group = std::move(group),
                        .description = std::move(description),
                        .code = std::move(code)});
  }
  void AddCalls(std::string group, std::string description, std::vector<Trace::Call> calls) {
    mutants_.push_back({.kind = Mutant::Kind::kCalls,
                        .group = std::move(group),
                        .description = std::move(description),
                        .calls = std::move(calls),
                        .answer_json = solution_.answer_json});
  }
  void AddAnswer(const Json& answer) {
    mutants_.push_back({.kind = Mutant::Kind::kAnswer,
                        .group = "answer",
                        .description = fmt::format("the answer {} instead of {}", Spelled(answer),
                                                   Shorten(solution_.answer_json, 60)),
                        .answer_json = DumpJson(answer)});
  }

  // The parameter that a string of the code ends up in, if any.
  std::string ParameterOf(const std::string& text) const {
    for (const Trace::Call& call : solution_.calls) {
      const auto arguments = ParseJson(call.arguments_json);
      if (!arguments.ok() || !arguments->is_object()) continue;
      for (const auto& [name, value] : arguments->items()) {
        const std::vector<std::string> strings = StringsIn(value, Keys::kTaken);
        if (std::find(strings.begin(), strings.end(), text) != strings.end()) return name;
      }
    }
    return {};
  }

  void VaryCode() {
    for (const Token& token : TokensOf(task_.solution)) {
      if (token.kind == Token::Kind::kString && token.plain) {
        const std::string parameter = ParameterOf(token.value);
        if (parameter.empty()) continue;
        std::vector<Json> others = entities_.Others(parameter, Json(token.value));
        if (others.size() > kOthersMax) others.resize(kOthersMax);
        for (const Json& other : others) {
          AddCode(fmt::format("{} {}", parameter, token.value),
                  fmt::format("{} in place of \"{}\"", Spelled(other), token.value),
                  WithToken(task_.solution, token, other.get<std::string>()));
        }
      } else if (token.kind == Token::Kind::kNumber) {
        const auto number = ParseJson(token.value);
        if (!number.ok() || !number->is_number()) continue;
        for (const Json& other : entities_.Others("", *number)) {
          AddCode("a number of the solution",
                  fmt::format("{} in place of {}", Spelled(other), token.value),
                  WithToken(task_.solution, token, DumpJson(other)));
        }
      } else if (const ToolSpec* tool = FindTool(tools_, token.value);
                 token.kind == Token::Kind::kName && tool != nullptr) {
        for (const std::string& sibling : SiblingsOf(*tool, tools_)) {
          AddCode("the function " + tool->name,
                  fmt::format("{} in place of {}", sibling, tool->name),
                  WithToken(task_.solution, token, sibling));
        }
      }
    }
  }

  void VaryAnswer() {
    const auto answer = ParseJson(solution_.answer_json);
    if (!answer.ok()) return;
    for (const Json& other : OtherAnswers(*answer)) {
      if (other != *answer) AddAnswer(other);
    }
  }

  std::vector<Json> OtherAnswers(const Json& answer) const {
    if (answer.is_boolean()) return {Json(!answer.get<bool>())};
    if (answer.is_number_integer()) {
      const auto number = static_cast<double>(answer.get<std::int64_t>());
      if (std::abs(number) > 1e9) return {Json(0)};
      const std::int64_t whole = answer.get<std::int64_t>();
      return {Json(whole + std::max<std::int64_t>(1, std::abs(whole) / 8)), Json(-whole - 1),
              Json(whole * 10 + 1)};
    }
    if (answer.is_number()) {
      const double number = answer.get<double>();
      return {Json(number * 1.25 + 1), Json(-number - 1), Json(number * 10 + 1)};
    }
    if (answer.is_string()) {
      std::vector<Json> others = {Json(""), Json("something else")};
      for (const Trace::Call& call : solution_.calls) {
        for (const std::string& one : call.StringsGiven()) others.emplace_back(one);
        if (others.size() > kOthersMax) break;
      }
      if (others.size() > kOthersMax) others.resize(kOthersMax);
      return others;
    }
    std::vector<Json> others;
    if (answer.is_array()) {
      others.push_back(Json::array());
      if (answer.size() > 1) others.emplace_back(answer.begin(), answer.end() - 1);
      if (answer.size() > 1) others.emplace_back(answer.begin() + 1, answer.end());
    } else if (answer.is_object()) {
      others.push_back(Json::object());
      for (const auto& [key, value] : answer.items()) {
        for (const Json& other : OtherAnswers(value)) {
          others.push_back(answer);
          others.back()[key] = other;
        }
        if (others.size() > 2 * kOthersMax) break;
      }
    }
    return others;
  }

  void VaryCalls() {
    for (std::size_t index = 0; index < writes_.size(); ++index) {
      const Trace::Call& call = writes_[index];
      std::vector<Trace::Call> calls = writes_;
      calls.erase(calls.begin() + static_cast<std::ptrdiff_t>(index));
      AddCalls("a call left out",
               fmt::format("the call {}{} left out", call.tool, Shorten(call.arguments_json, 80)),
               calls);
      calls = writes_;
      calls.insert(calls.begin() + static_cast<std::ptrdiff_t>(index), call);
      AddCalls("a call made twice",
               fmt::format("the call {}{} made twice", call.tool, Shorten(call.arguments_json, 80)),
               calls);
      if (index > 0) {
        calls = writes_;
        std::swap(calls[index - 1], calls[index]);
        AddCalls("the order of calls",
                 fmt::format("{} before {}", call.tool, writes_[index - 1].tool), calls);
      }
      if (const ToolSpec* tool = FindTool(tools_, call.tool); tool != nullptr) {
        for (const std::string& sibling : SiblingsOf(*tool, tools_)) {
          calls = writes_;
          calls[index].tool = sibling;
          AddCalls("the function " + tool->name,
                   fmt::format("{} in place of {}", sibling, call.tool), calls);
        }
      }
      VaryArguments(index);
    }
  }

  void VaryArguments(std::size_t index) {
    const auto arguments = ParseJson(writes_[index].arguments_json);
    if (!arguments.ok() || !arguments->is_object()) return;
    for (const auto& [name, value] : arguments->items()) {
      if (value.is_string()) VaryEnd(index, name, value.get<std::string>());
      std::vector<Json> others = OthersOf(name, value);
      if (others.size() > kOthersMax) others.resize(kOthersMax);
      bool first = true;
      for (const Json& other : others) {
        Json changed = *arguments;
        changed[name] = other;
        Trace::Call call = writes_[index];
        call.arguments_json = DumpJson(changed);
        std::vector<Trace::Call> calls = writes_;
        calls[index] = call;
        AddCalls(GroupOf(name, index),
                 fmt::format("{} {} in place of {}", name, Spelled(other), Spelled(value)), calls);
        if (first) {
          calls = writes_;
          calls.push_back(call);
          AddCalls("one more call",
                   fmt::format("one more call {}{}", call.tool, Shorten(call.arguments_json, 80)),
                   calls);
        }
        first = false;
      }
    }
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
  void VaryEnd(std::size_t index, const std::string& name, const std::string& text) {
    const std::size_t space = text.rfind(' ');
    if (space == std::string::npos) return;
    for (const std::string& other : {text.substr(0, space), text + " 2"}) {
      std::vector<Trace::Call> calls = writes_;
      Json changed = *ParseJson(calls[index].arguments_json);
      changed[name] = other;
      calls[index].arguments_json = DumpJson(changed);
      AddCalls("the end of " + GroupOf(name, index),
               fmt::format("{} \"{}\" in place of \"{}\"", name, other, text), std::move(calls));
    }
  }

  std::vector<Json> OthersOf(const std::string& name, const Json& value) const {
    if (!value.is_array() || value.empty()) return entities_.Others(name, value);
    std::vector<Json> others;
    if (value.size() > 1) others.emplace_back(value.begin(), value.end() - 1);
    for (const Json& other : entities_.Others(name, value.back())) {
      others.push_back(value);
      others.back().back() = other;
    }
    return others;
  }

  const CodeAsTask& task_;
  const Trace& solution_;
  const std::vector<ToolSpec>& tools_;
  const Entities& entities_;
  std::vector<Trace::Call> writes_;
  std::vector<Mutant> mutants_;
};

}  // namespace

std::vector<Trace::Call> WriteCalls(const Trace& trace, const std::vector<ToolSpec>& tools) {
  std::vector<Trace::Call> writes;
  for (const Trace::Call& call : trace.calls) {
    const ToolSpec* tool = FindTool(tools, call.tool);
    if (tool != nullptr && tool->writes) writes.push_back(call);
  }
  return writes;
}

std::vector<Mutant> MutantsOf(const CodeAsTask& task, const Trace& solution,
                              const env::Environment& environment, const Entities& entities,
                              std::size_t mutants_max) {
  std::vector<Mutant> made = Maker(task, solution, environment, entities)
                                 .Make(environment.settings().answer == env::AnswerMode::kRequired);
  // A round over the groups at a time, so that a cut leaves some of each.
  std::map<std::string, std::vector<Mutant>> groups;
  for (Mutant& mutant : made) groups[mutant.group].push_back(std::move(mutant));
  RandomStream random(DeriveSeed(0, "mutants " + task.Hash(), 0));
  for (auto& [name, group] : groups) random.Shuffle(group);
  std::vector<Mutant> chosen;
  for (std::size_t round = 0; chosen.size() < mutants_max; ++round) {
    bool any = false;
    for (auto& [name, group] : groups) {
      if (round >= group.size() || chosen.size() >= mutants_max) continue;
      chosen.push_back(std::move(group[round]));
      any = true;
    }
    if (!any) break;
  }
  return chosen;
}

}  // namespace sca::task
