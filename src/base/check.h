// SCA_CHECK: ends the process on a bug of ours. Never reachable from a model, a file or a socket.

#pragma once

namespace sca {

[[noreturn]] void CheckFailed(const char* file, int line, const char* what);

}  // namespace sca

#define SCA_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::sca::CheckFailed(__FILE__, __LINE__, #condition))
