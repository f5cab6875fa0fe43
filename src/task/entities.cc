#include "task/entities.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

constexpr std::size_t kValuesMax = 48;
constexpr std::size_t kRefusalsMax = 8;  // Calls made to hear what would work.
constexpr std::string_view kNobody = "no such thing";

// The parts of "There is no order 'x'. Known are for example: A101, A102." that may be names.
std::vector<std::string> NamesIn(std::string_view refusal) {
  std::vector<std::string> names;
  std::string name;
  for (const char c : std::string(refusal) + ",") {
    if (c != ',' && c != ':' && c != ';') {
      name += c;
      continue;
    }
    std::string_view trimmed = Trim(name);
    const std::string_view marks = "'\"[]().";
    while (!trimmed.empty() && marks.find(trimmed.front()) != std::string_view::npos) {
      trimmed.remove_prefix(1);
    }
    while (!trimmed.empty() && marks.find(trimmed.back()) != std::string_view::npos) {
      trimmed.remove_suffix(1);
    }
    if (!trimmed.empty() && trimmed.size() <= 40 && trimmed.find(kNobody) == std::string::npos) {
      names.emplace_back(trimmed);
    }
    name.clear();
  }
  return names;
}

}  // namespace

std::string FormOf(std::string_view text) {
  std::string form;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const char kind = std::isdigit(byte) != 0 ? '9' : std::isalpha(byte) != 0 ? 'a' : c;
    if (form.empty() || form.back() != kind) form += kind;
  }
  return form;
}

Result<Entities> Entities::Of(const CodeAsTask& task, const Trace& solution,
                              const env::Environment& environment) {
  Entities entities;
  for (const std::string& code : task.failure_cases) entities.AddCode(code, environment);
  entities.AddResults(solution);
  for (const CodeAsTask& example : environment.examples()) {
    entities.AddCode(example.solution, environment);
    entities.AddCode(example.exploration, environment);
    for (const std::string& code : example.failure_cases) entities.AddCode(code, environment);
  }
  SCA_TRY(entities.AddRefusals(solution, environment));
  return entities;
}

void Entities::Add(const std::string& parameter, const Json& value) {
  std::vector<Json>& values = values_[parameter];
  if (values.size() < kValuesMax &&
      std::find(values.begin(), values.end(), value) == values.end()) {
    values.push_back(value);
  }
}

void Entities::AddCode(std::string_view code, const env::Environment& environment) {
  for (const LiteralArgument& argument : LiteralArguments(code, environment.tools())) {
    Add(argument.parameter, argument.value);
  }
}

// What calls gave and looks like an argument may be one: the other orders of the same customer.
void Entities::AddResults(const Trace& solution) {
  std::vector<std::string> given;
  for (const Trace::Call& call : solution.calls) {
    const std::vector<std::string> strings = call.StringsGiven();
    given.insert(given.end(), strings.begin(), strings.end());
  }
  for (const Trace::Call& call : solution.calls) {
    const auto arguments = ParseJson(call.arguments_json);
    if (!arguments.ok() || !arguments->is_object()) continue;
    for (const auto& [name, value] : arguments->items()) {
      if (!value.is_string()) continue;
      const std::string form = FormOf(value.get<std::string>());
      if (form.find('9') == std::string::npos) continue;  // Any word looks like any other.
      for (const std::string& one : given) {
        if (FormOf(one) == form) Add(name, one);
      }
    }
  }
}

Status Entities::AddRefusals(const Trace& solution, const env::Environment& environment) {
  const std::unique_ptr<env::Episode> episode = SCA_TRY(environment.Start(0));
  std::size_t asked = 0;
  for (const Trace::Call& call : solution.calls) {
    const auto arguments = ParseJson(call.arguments_json);
    if (!arguments.ok() || !arguments->is_object()) continue;
    for (const auto& [name, value] : arguments->items()) {
      if (!value.is_string() || Others(name, value).size() >= 3 || asked >= kRefusalsMax) continue;
      Json wrong = *arguments;
      wrong[name] = kNobody;
      ++asked;
      const env::ToolCall refused = SCA_TRY(episode->CallTool(call.tool, DumpJson(wrong)));
      if (!refused.failed) continue;  // Any text will do there.
      for (const std::string& one : NamesIn(refused.error)) Add(name, one);
    }
  }
  return {};
}

const std::vector<Json>& Entities::Known(std::string_view parameter) const {
  static const std::vector<Json> kNone;
  const auto known = values_.find(parameter);
  return known == values_.end() ? kNone : known->second;
}

std::vector<Json> Entities::Others(std::string_view parameter, const Json& value) const {
  std::vector<Json> others;
  if (value.is_boolean()) return {Json(!value.get<bool>())};
  if (value.is_number_integer()) {
    const std::int64_t number = value.get<std::int64_t>();
    if (number > -1'000'000'000 && number < 1'000'000'000) {
      others = {Json(number + 1), Json(number * 2 + 3)};
    }
  } else if (value.is_number()) {
    others = {Json(value.get<double>() * 1.5 + 1), Json(value.get<double>() * 0.5)};
  }
  const auto known = values_.find(parameter);
  if (known == values_.end() || !value.is_string()) return others;
  const std::string lower = Lowercase(value.get<std::string>());
  const std::string form = FormOf(lower);
  for (const bool same_form : {true, false}) {
    for (const Json& one : known->second) {
      if (!one.is_string() || Lowercase(one.get<std::string>()) == lower) continue;
      if ((FormOf(Lowercase(one.get<std::string>())) == form) == same_form) others.push_back(one);
    }
  }
  return others;
}

}  // namespace sca::task
