#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace sca {

void CheckFailed(const char* file, int line, const char* what) {
  std::fprintf(stderr, "%s:%d: bug: %s\n", file, line, what);
  std::abort();
}

}  // namespace sca
