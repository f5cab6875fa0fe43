#include "env/plain_json.h"

#include <cstddef>

#include "base/json.h"

namespace sca::env {
namespace {

constexpr std::size_t kBytesMax = std::size_t{4} << 20;
constexpr int kDepthMax = 64;  // Walking JSON recurses.

// Brackets in strings do not count; whether they match is the parser's business.
bool IsShallow(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char character = text[at];
    if (in_string) {
      if (character == '\\') ++at;
      if (character == '"') in_string = false;
    } else if (character == '"') {
      in_string = true;
    } else if (character == '[' || character == '{') {
      if (++depth > kDepthMax) return false;
    } else if (character == ']' || character == '}') {
      --depth;
    }
  }
  return true;
}

}  // namespace

bool IsPlainJson(std::string_view text) {
  return text.size() <= kBytesMax && IsShallow(text) && ParseJson(text).ok();
}

bool IsPlainObject(std::string_view text) {
  if (text.size() > kBytesMax || !IsShallow(text)) return false;
  const auto json = ParseJson(text);
  return json.ok() && json->is_object();
}

}  // namespace sca::env
