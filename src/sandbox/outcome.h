// How a piece of confined code ended: a fact for the caller to judge, never an Error.

#pragma once

#include <string_view>

namespace sca::sandbox {

enum class Outcome {
  kFinished,        // Ran to its end. The only one that rewards may come from.
  kRaised,          // An exception, or code that does not compile.
  kTimedOut,        // The wall clock, kept by the host, ran out; the process was killed.
  kOutOfMemory,     // MemoryError, or killed by the kernel for memory.
  kOutputExceeded,  // Printed or sent more than its limit; the process was killed.
  kKilled,          // Ended by a signal: a crash, or a system call that is not allowed.
  kProtocolError,   // Spoke nonsense to the host, or ended without a result.
  kInfrastructure,  // Ours failed, for example the world died. Never a reward.
};

std::string_view OutcomeName(Outcome outcome);  // "finished", "timed_out", ...

}  // namespace sca::sandbox
