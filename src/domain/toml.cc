#include "domain/toml.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <sstream>
#include <string>

namespace sca {
namespace {

Json ToJson(const toml::node& node) {
  if (const auto* table = node.as_table()) {
    Json object = Json::object();
    for (const auto& [key, value] : *table) object[std::string(key.str())] = ToJson(value);
    return object;
  }
  if (const auto* array = node.as_array()) {
    Json list = Json::array();
    for (const auto& element : *array) list.push_back(ToJson(element));
    return list;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* integer = node.as_integer()) return integer->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* boolean = node.as_boolean()) return boolean->get();
  std::ostringstream other;
  if (const auto* date = node.as_date()) other << date->get();
  if (const auto* time = node.as_time()) other << time->get();
  if (const auto* moment = node.as_date_time()) other << moment->get();
  return other.str();
}

}  // namespace

Result<Json> ParseToml(std::string_view text, std::string_view file) {
  try {
    return ToJson(toml::parse(text, file));
  } catch (const toml::parse_error& error) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} line {} column {}: {}.", file, error.source().begin.line,
                             error.source().begin.column, std::string(error.description()))};
  }
}

}  // namespace sca
