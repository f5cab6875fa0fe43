#include "sandbox/json_depth.h"

#include <cstddef>

namespace sca::sandbox {

bool IsShallowJson(std::string_view text) {
  constexpr int kDepthMax = 64;
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

}  // namespace sca::sandbox
