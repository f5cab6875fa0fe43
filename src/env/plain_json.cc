#include "env/plain_json.h"

#include <cstddef>

#include "base/json.h"
#include "sandbox/json_depth.h"

namespace sca::env {
namespace {

constexpr std::size_t kBytesMax = std::size_t{4} << 20;

}  // namespace

bool IsPlainJson(std::string_view text) {
  return text.size() <= kBytesMax && sandbox::IsShallowJson(text) && ParseJson(text).ok();
}

bool IsPlainObject(std::string_view text) {
  if (text.size() > kBytesMax || !sandbox::IsShallowJson(text)) return false;
  const auto json = ParseJson(text);
  return json.ok() && json->is_object();
}

}  // namespace sca::env
