#include "task/evidence.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"

namespace sca::task {

Finding Failed(std::string evidence) { return {.passed = false, .evidence = std::move(evidence)}; }
std::string Describe(const env::VerdictResult& verdict) {
  if (verdict.passed.has_value()) return *verdict.passed ? "True" : "False";
  return fmt::format("no verdict ({}: {})", sandbox::OutcomeName(verdict.outcome),
                     Shorten(verdict.error, kEvidenceBytesMax));
}

}  // namespace sca::task
