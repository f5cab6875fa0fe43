#include "task/standings.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"

namespace sca::task {
namespace {

constexpr std::size_t kRowMax = 1000;  // Elements of one list that are given their siblings.

// Keys that are names, not the words of a record: {"A101": {...}, "A102": {...}}.
bool HasNamesForKeys(const Json& object) {
  return object.size() > 1 && std::all_of(object.begin(), object.end(),
                                          [](const Json& value) { return value.is_object(); });
}

void AddSiblings(std::vector<Standing> row, std::vector<Reached>& all) {
  for (std::size_t index = 0; index < row.size(); ++index) {
    Reached reached;
    reached.standing = row[index];
    for (const Standing& other : row) {
      if (index >= kRowMax || reached.siblings.size() == kSiblingsMax) break;
      if (!IsSameValue(other.value, reached.standing.value)) reached.siblings.push_back(other);
    }
    all.push_back(std::move(reached));
  }
}

// `around`: the object that holds `json`; null if none does.
void Collect(const Json& json, const std::string& key, const std::shared_ptr<const Json>& around,
             std::vector<Reached>& all) {
  if (IsTextOrNumber(json)) {
    all.push_back({.standing = {json, key, around}, .siblings = {}, .path = {}});
  } else if (json.is_array()) {
    std::vector<Standing> row;
    std::map<std::string, std::vector<Standing>> columns;
    for (const Json& element : json) {
      if (IsTextOrNumber(element)) row.push_back({element, "", nullptr});
      if (element.is_array()) Collect(element, key, around, all);
      if (!element.is_object()) continue;
      const auto record = std::make_shared<const Json>(element);
      for (const auto& [name, value] : element.items()) {
        if (IsTextOrNumber(value)) columns[name].push_back({value, name, record});
        if (value.is_structured()) Collect(value, name, record, all);
      }
    }
    AddSiblings(std::move(row), all);
    for (auto& [name, column] : columns) AddSiblings(std::move(column), all);
  } else if (json.is_object()) {
    const auto record = std::make_shared<const Json>(json);
    const bool names_for_keys = HasNamesForKeys(json);  // Looks at all of them.
    std::vector<Standing> names;
    for (const auto& [name, value] : json.items()) {
      if (names_for_keys) {
        names.push_back({Json(name), "", std::make_shared<const Json>(value)});
      }
      Collect(value, name, record, all);
    }
    AddSiblings(std::move(names), all);
  }
}

}  // namespace

std::vector<Reached> StandingsIn(const Json& result) {
  std::vector<Reached> all;
  Collect(result, "", nullptr, all);
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
