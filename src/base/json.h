// JSON, wrapped once: parsing and typed access that answer with a Result instead of an exception.
//
// Objects keep the order of their keys. Integers and floating-point numbers stay apart (5 and 5.0);
// integers beyond 64 bits would not survive, so values of model code travel as JSON text.

#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sca {

using Json = nlohmann::ordered_json;

// `what` names the text in the error, for example a file name.
Result<Json> ParseJson(std::string_view text, std::string_view what = "JSON text");

// One JSON value a line, empty lines skipped; an error names the line.
Result<std::vector<Json>> ParseJsonLines(std::string_view text, std::string_view what);

// Invalid UTF-8 is replaced, so this cannot fail.
std::string DumpJson(const Json& json, int indent = -1);

bool IsTextOrNumber(const Json& json);

// The member `key` of an object, of the wanted type, or an error that names the key.
Result<std::string> GetString(const Json& object, std::string_view key);
Result<std::int64_t> GetInteger(const Json& object, std::string_view key);
Result<double> GetNumber(const Json& object, std::string_view key);
Result<bool> GetBool(const Json& object, std::string_view key);
Result<std::vector<std::string>> GetStrings(const Json& object, std::string_view key);

// The member if present and of the wanted type, else the default.
std::string GetStringOr(const Json& object, std::string_view key, std::string_view fallback);
std::int64_t GetIntegerOr(const Json& object, std::string_view key, std::int64_t fallback);
double GetNumberOr(const Json& object, std::string_view key, double fallback);
bool GetBoolOr(const Json& object, std::string_view key, bool fallback);

// All strings in a value, at any depth, in their order; keys of objects where asked for.
enum class Keys { kLeftOut, kTaken };
std::vector<std::string> StringsIn(const Json& json, Keys keys);

}  // namespace sca
