#include "task/entities.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/text.h"
#include "task/python_tokens.h"
#include "task/standings.h"

namespace sca::task {
namespace {

constexpr std::size_t kEntityValuesMax = 48;
constexpr std::size_t kDigitsMax = 12;  // Of a number that is shifted.
constexpr int kSeedRounds = 3;
constexpr std::size_t kRefusalsMax = 8;  // Calls made to hear what would work.
constexpr std::int64_t kIntegerMax = 1'000'000'000;
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

// "9.99 euros", but not the date 20.06.2025.
bool IsDecimalFraction(const std::string& form) {
  const std::size_t at = form.find("9.9");
  return at != std::string::npos && form.find('.', at + 3) == std::string::npos;
}

// Of "C4": "C5" is near, "D1" alike and "terrace" far.
enum class Kin { kNear, kAlike, kFar };

Kin KinOf(const std::string& text, const std::string& other) {
  const std::string lower = Lowercase(text);
  if (FormOf(lower) != FormOf(Lowercase(other))) return Kin::kFar;
  const std::size_t letters = lower.find_first_of("0123456789");
  const bool numbered = letters != std::string::npos && letters > 0;
  return numbered && Lowercase(other).starts_with(lower.substr(0, letters)) ? Kin::kNear
                                                                            : Kin::kAlike;
}

void Add(const Json& value, std::vector<Json>& values) {
  if (values.size() < kEntityValuesMax) AddOnce(value, values);
}

}  // namespace

void AddOnce(Json value, std::vector<Json>& values) {
  if (std::find(values.begin(), values.end(), value) == values.end()) {
    values.push_back(std::move(value));
  }
}

std::vector<Json> TextsBeside(const std::string& text, const Trace& trace) {
  std::vector<Json> others;
  for (const Trace::Call& call : trace.calls) {
    const auto result = ParseJson(call.result_json);
    if (!result.ok()) continue;
    for (const Reached& one : StandingsIn(*result)) {
      if (!IsSameValue(one.standing.value, Json(text))) continue;
      for (const Standing& sibling : one.siblings) {
        if (sibling.value.is_string()) AddOnce(sibling.value, others);
      }
    }
  }
  std::erase(others, Json(text));
  return others;
}

std::string FormOf(std::string_view text) {
  std::string form;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const char kind = std::isdigit(byte) != 0 ? '9' : std::isalpha(byte) != 0 ? 'a' : c;
    if (form.empty() || form.back() != kind) form += kind;
  }
  return form;
}

std::vector<std::string> Shifted(std::string_view text) {
  std::vector<std::string> shifted;
  if (IsDecimalFraction(FormOf(text))) return shifted;  // One more of its cents is no other amount.
  std::size_t end = text.size();
  while (end > 0) {
    const auto is_digit = [&](std::size_t at) {
      return std::isdigit(static_cast<unsigned char>(text[at])) != 0;
    };
    if (!is_digit(end - 1)) {
      --end;
      continue;
    }
    std::size_t begin = end;
    while (begin > 0 && is_digit(begin - 1)) --begin;
    const std::string digits(text.substr(begin, end - begin));
    if (digits.size() <= kDigitsMax) {
      const std::int64_t number = std::stoll(digits);
      for (const std::int64_t other : {number + 1, number - 1}) {
        if (other < 0) continue;
        shifted.push_back(std::string(text.substr(0, begin)) +
                          fmt::format("{:0{}}", other, digits.size()) +
                          std::string(text.substr(end)));
      }
    }
    end = begin;
  }
  return shifted;
}

std::vector<std::string> IdsAround(std::string_view id) {
  constexpr std::size_t kIdBytesMax = 24;  // A longer text is no id.
  constexpr std::size_t kNumberBytesMax = 4;
  constexpr std::int64_t kFarthest = 50;
  std::vector<std::string> around;
  const std::size_t last = id.find_last_not_of("0123456789");
  const std::size_t begin = last == std::string_view::npos ? 0 : last + 1;
  const std::string_view digits = id.substr(begin);
  if (begin == 0 || digits.empty() || digits.size() > kNumberBytesMax || id.size() > kIdBytesMax ||
      std::isalpha(static_cast<unsigned char>(id.front())) == 0 ||
      id.find_first_of(" :") != std::string_view::npos) {
    return around;
  }
  const std::int64_t number = std::stoll(std::string(digits));
  for (std::int64_t far = 1; far <= kFarthest; ++far) {
    for (const std::int64_t other : {number - far, number + far}) {
      if (other < 0) continue;
      around.push_back(std::string(id.substr(0, begin)) +
                       fmt::format("{:0{}}", other, digits.size()));
    }
  }
  return around;
}

std::vector<std::string> WithOtherDigits(std::string_view id) {
  constexpr std::size_t kIdBytesMax = 5;
  std::vector<std::string> others;
  const bool plain = std::all_of(id.begin(), id.end(), [](const unsigned char character) {
    return std::isalnum(character) != 0;
  });
  if (!plain || id.size() > kIdBytesMax) return others;
  for (std::size_t place = 0; place < id.size(); ++place) {
    if (std::isdigit(static_cast<unsigned char>(id[place])) == 0) continue;
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (digit == id[place]) continue;
      others.emplace_back(id);
      others.back()[place] = digit;
    }
  }
  return others;
}

Result<Entities> Entities::Of(const CodeAsTask& task, const Trace& solution,
                              const env::Environment& environment) {
  Entities entities;
  entities.AddCode(task.evaluation_function, environment);  // What it may take as well comes first.
  for (const std::string& code : task.failure_cases) entities.AddCode(code, environment);
  entities.AddResults(solution);
  for (const CodeAsTask& example : environment.examples()) {
    entities.AddCode(example.solution, environment);
    entities.AddCode(example.exploration, environment);
    for (const std::string& code : example.failure_cases) entities.AddCode(code, environment);
  }
  SCA_TRY(entities.AddRefusals(solution, environment));
  SCA_TRY(entities.AddSeeds(environment));
  return entities;
}

void Entities::AddCode(std::string_view code, const env::Environment& environment) {
  for (const LiteralArgument& argument : LiteralArguments(code, environment.tools())) {
    Add(argument.value, values_[argument.parameter]);
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
        if (FormOf(one) == form) Add(one, values_[name]);
      }
    }
  }
}

Status Entities::AddRefusals(const Trace& solution, const env::Environment& environment) {
  std::unique_ptr<env::Episode> episode;
  std::size_t asked = 0;
  for (const Trace::Call& call : solution.calls) {
    const auto arguments = ParseJson(call.arguments_json);
    if (!arguments.ok() || !arguments->is_object()) continue;
    for (const auto& [name, value] : arguments->items()) {
      if (!value.is_string() || asked >= kRefusalsMax) continue;
      if (OtherTexts(Known(name), value.get<std::string>()).size() >= 3) continue;
      Json wrong = *arguments;
      wrong[name] = kNobody;
      ++asked;
      if (episode == nullptr) episode = SCA_TRY(environment.Start(0));
      const env::ToolCall refused = SCA_TRY(episode->CallTool(call.tool, DumpJson(wrong)));
      if (!refused.failed) continue;  // Any text will do there.
      for (const std::string& one : NamesIn(refused.error)) Add(one, values_[name]);
    }
  }
  return {};
}

// Only what is written with needs more than the rest gives: every write tool is tried.
Status Entities::AddSeeds(const env::Environment& environment) {
  const std::vector<ToolSpec>& tools = environment.tools();
  if (std::none_of(tools.begin(), tools.end(), [](const ToolSpec& tool) { return tool.writes; })) {
    return {};
  }
  std::vector<std::string> names;
  for (const ToolSpec& tool : tools) names.push_back(tool.name);
  const std::unique_ptr<env::Episode> episode = SCA_TRY(environment.Start(0));
  for (int round = 0; round < kSeedRounds; ++round) {
    const auto calls = episode->Seeds(names);
    if (!calls.ok()) {
      if (calls.error().code == ErrorCode::kInvalidArgument) break;  // It cannot serve all tools.
      return calls.error();
    }
    for (const std::string& call : *calls) {
      for (const LiteralArgument& argument : LiteralArguments(call, tools)) {
        Add(argument.value, offered_[argument.parameter]);
      }
    }
  }
  return {};
}

const std::vector<Json>& Entities::Known(std::string_view parameter) const {
  static const std::vector<Json> kNone;
  const auto known = values_.find(parameter);
  return known == values_.end() ? kNone : known->second;
}

std::vector<Json> Entities::Offered(std::string_view parameter) const {
  std::vector<Json> offered = Known(parameter);
  if (const auto more = offered_.find(parameter); more != offered_.end()) {
    for (const Json& value : more->second) {
      if (std::find(offered.begin(), offered.end(), value) == offered.end()) {
        offered.push_back(value);
      }
    }
  }
  return offered;
}

std::vector<Json> Entities::OtherTexts(const std::vector<Json>& known, const std::string& value) {
  std::vector<Json> others;
  for (const Kin wanted : {Kin::kNear, Kin::kAlike, Kin::kFar}) {
    for (const Json& one : known) {
      if (!one.is_string() || Lowercase(one.get<std::string>()) == Lowercase(value)) continue;
      if (KinOf(value, one.get<std::string>()) == wanted) others.push_back(one);
    }
  }
  return others;
}

std::vector<Json> Entities::Others(std::string_view parameter, const Json& value) const {
  if (value.is_boolean()) return {Json(!value.get<bool>())};
  std::vector<Json> others;
  if (value.is_number_integer()) {
    const std::int64_t number = value.get<std::int64_t>();
    if (number > -kIntegerMax && number < kIntegerMax) {
      others = {Json(number + 1), Json(number * 2 + 3), Json(number - 1)};
    }
  } else if (value.is_number()) {
    others = {Json(value.get<double>() * 1.5 + 1), Json(value.get<double>() * 0.5)};
  } else if (value.is_string()) {
    const std::string text = value.get<std::string>();
    others = OtherTexts(Offered(parameter), text);
    if (const auto number = ParseJson(text); number.ok() && number->is_number()) {
      for (const Json& other : Others("", *number)) others.emplace_back(DumpJson(other));
    } else {
      const bool has_near =
          !others.empty() && KinOf(text, others.front().get<std::string>()) == Kin::kNear;
      const std::vector<std::string> shifted = Shifted(text);
      std::vector<Json> known = std::exchange(others, {});
      // Where none near is known, the next id or day is likelier than one of another kind.
      for (std::size_t at = 0; !has_near && at < std::min<std::size_t>(2, shifted.size()); ++at) {
        Add(shifted[at], others);
      }
      for (const Json& one : known) Add(one, others);
      for (const std::string& one : shifted) Add(one, others);
    }
  }
  return others;
}

}  // namespace sca::task
