#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace sca {
namespace {

const Json* Find(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(std::string(key));
  return found == object.end() ? nullptr : &*found;
}

// An integer that int64 can hold; above it, the conversion would turn it negative.
bool IsInteger(const Json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>() <= std::uint64_t{INT64_MAX};
  return value.is_number_integer();
}

Error Missing(const Json* member, std::string_view key, std::string_view type) {
  if (member == nullptr) {
    return {ErrorCode::kInvalidArgument, fmt::format("The key \"{}\" is missing.", key)};
  }
  return {ErrorCode::kInvalidArgument,
          fmt::format("The key \"{}\" must be {}, but is {}.", key, type, member->type_name())};
}

}  // namespace

Result<Json> ParseJson(std::string_view text, std::string_view what) {
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::exception& exception) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} is not valid JSON: {}", what, exception.what())};
  }
}

Result<std::vector<Json>> ParseJsonLines(std::string_view text, std::string_view what) {
  std::vector<Json> values;
  int line_number = 0;
  for (const std::string_view line : SplitLines(text)) {
    ++line_number;
    if (Trim(line).empty()) continue;
    values.push_back(SCA_TRY(ParseJson(line, fmt::format("{} line {}", what, line_number))));
  }
  return values;
}

std::string DumpJson(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

bool IsTextOrNumber(const Json& json) { return json.is_string() || json.is_number(); }

Result<std::string> GetString(const Json& object, std::string_view key) {
  const Json* member = Find(object, key);
  if (member == nullptr || !member->is_string()) return Missing(member, key, "a string");
  return member->get<std::string>();
}

Result<std::int64_t> GetInteger(const Json& object, std::string_view key) {
  const Json* member = Find(object, key);
  if (member == nullptr || !IsInteger(*member)) return Missing(member, key, "an integer");
  return member->get<std::int64_t>();
}

Result<double> GetNumber(const Json& object, std::string_view key) {
  const Json* member = Find(object, key);
  if (member == nullptr || !member->is_number()) return Missing(member, key, "a number");
  return member->get<double>();
}

Result<bool> GetBool(const Json& object, std::string_view key) {
  const Json* member = Find(object, key);
  if (member == nullptr || !member->is_boolean()) return Missing(member, key, "true or false");
  return member->get<bool>();
}

Result<std::vector<std::string>> GetStrings(const Json& object, std::string_view key) {
  const Json* member = Find(object, key);
  if (member == nullptr || !member->is_array()) return Missing(member, key, "a list of strings");
  std::vector<std::string> strings;
  for (const Json& element : *member) {
    if (!element.is_string()) return Missing(&element, key, "a list of strings");
    strings.push_back(element.get<std::string>());
  }
  return strings;
}

std::string GetStringOr(const Json& object, std::string_view key, std::string_view fallback) {
  const Json* member = Find(object, key);
  if (member == nullptr || !member->is_string()) return std::string(fallback);
  return member->get<std::string>();
}

std::int64_t GetIntegerOr(const Json& object, std::string_view key, std::int64_t fallback) {
  const Json* member = Find(object, key);
  return member == nullptr || !IsInteger(*member) ? fallback : member->get<std::int64_t>();
}

double GetNumberOr(const Json& object, std::string_view key, double fallback) {
  const Json* member = Find(object, key);
  return member == nullptr || !member->is_number() ? fallback : member->get<double>();
}

bool GetBoolOr(const Json& object, std::string_view key, bool fallback) {
  const Json* member = Find(object, key);
  return member == nullptr || !member->is_boolean() ? fallback : member->get<bool>();
}

std::vector<std::string> StringsIn(const Json& json, Keys keys) {
  struct Open {
    const std::string* key;
    const Json* value;
  };
  std::vector<std::string> strings;
  std::vector<Open> open = {{nullptr, &json}};  // Not recursive: a value may be nested very deeply.
  while (!open.empty()) {
    const auto [key, value] = open.back();
    open.pop_back();
    if (key != nullptr && keys == Keys::kTaken) strings.push_back(*key);
    if (value->is_string()) strings.push_back(value->get<std::string>());
    if (!value->is_structured()) continue;
    const auto first = open.size();
    if (value->is_object()) {
      for (const auto& [name, member] : value->get_ref<const Json::object_t&>()) {
        open.push_back({&name, &member});
      }
    } else {
      for (const Json& element : *value) open.push_back({nullptr, &element});
    }
    std::reverse(open.begin() + static_cast<std::ptrdiff_t>(first), open.end());
  }
  return strings;
}

}  // namespace sca
