#include "sandbox/outcome.h"

namespace sca::sandbox {

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kFinished:
      return "finished";
    case Outcome::kRaised:
      return "raised";
    case Outcome::kTimedOut:
      return "timed_out";
    case Outcome::kOutOfMemory:
      return "out_of_memory";
    case Outcome::kOutputExceeded:
      return "output_exceeded";
    case Outcome::kKilled:
      return "killed";
    case Outcome::kProtocolError:
      return "protocol_error";
    case Outcome::kInfrastructure:
      return "infrastructure";
  }
  return "infrastructure";
}

}  // namespace sca::sandbox
