#include "task/standings.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"

namespace sca::task {
namespace {

bool IsPlain(const Json& json) { return json.is_string() || json.is_number(); }

// Keys that are names, not the words of a record: {"A101": {...}, "A102": {...}}.
bool HasNamesForKeys(const Json& object) {
  return object.size() > 1 && std::all_of(object.begin(), object.end(),
                                          [](const Json& value) { return value.is_object(); });
}

void AddSiblings(std::vector<Standing> row, std::vector<Reached>& all) {
  for (std::size_t index = 0; index < row.size(); ++index) {
    Reached reached;
    reached.standing = row[index];
    for (std::size_t other = 0; other < row.size(); ++other) {
      if (!IsSameValue(row[other].value, row[index].value)) reached.siblings.push_back(row[other]);
    }
    all.push_back(std::move(reached));
  }
}

void Collect(const Json& json, const std::string& key, const Json& around,
             std::vector<Reached>& all) {
  if (IsPlain(json)) {
    all.push_back({.standing = {json, key, around}, .siblings = {}, .path = {}});
  } else if (json.is_array()) {
    std::vector<Standing> row;
    std::map<std::string, std::vector<Standing>> columns;
    for (const Json& element : json) {
      if (IsPlain(element)) row.push_back({element, "", Json()});
      if (element.is_array()) Collect(element, key, around, all);
      if (!element.is_object()) continue;
      for (const auto& [name, value] : element.items()) {
        if (IsPlain(value)) columns[name].push_back({value, name, element});
        if (value.is_structured()) Collect(value, name, element, all);
      }
    }
    AddSiblings(std::move(row), all);
    for (auto& [name, column] : columns) AddSiblings(std::move(column), all);
  } else if (json.is_object()) {
    std::vector<Standing> names;
    for (const auto& [name, value] : json.items()) {
      if (HasNamesForKeys(json)) names.push_back({Json(name), "", value});
      Collect(value, name, json, all);
    }
    AddSiblings(std::move(names), all);
  }
}

}  // namespace

std::vector<Reached> StandingsIn(const Json& result) {
  std::vector<Reached> all;
  Collect(result, "", Json(), all);
  return all;
}

bool IsSameValue(const Json& left, const Json& right) {
  if (left.is_string() && right.is_string()) {
    return Lowercase(left.get<std::string>()) == Lowercase(right.get<std::string>());
  }
  if (left.is_number() && right.is_number()) {
    return std::abs(left.get<double>() - right.get<double>()) < 1e-9;
  }
  return false;
}

}  // namespace sca::task
