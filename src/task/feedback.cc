#include "task/feedback.h"

#include <map>
#include <string_view>

namespace sca::task {
namespace {

std::string_view AdviceFor(std::string_view gate) {
  static const std::map<std::string_view, std::string_view> kAdvice = {
      {"parses", "Write all parts."},
      {"compiles", "Correct the code."},
      {"solution_runs", "Call only the functions that exist, with names that they know."},
      {"solution_passes", "Make evaluate work out exactly what the solution does."},
      {"failures_run", "Each failure case must run and set a wrong answer."},
      {"failures_rejected", "Give failure cases a wrong answer, or make evaluate stricter."},
      {"idle_rejected", "evaluate must be False when nothing was done."},
      {"deterministic", "The result must not depend on chance or time."},
      {"pure", "evaluate must only read."},
      {"complete", "Say it in the instruction."},
      {"no_leak", "Ask in plain words, without code and without the answer."},
      {"policy", "Invent a task that keeps this rule."},
      {"equivalents_accepted",
       "evaluate must accept that too, or the instruction must say which form is wanted."},
      {"mutants_rejected", "evaluate must be False then: make it compare everything that matters."},
      {"novel", "Invent another task: other functions, other names, other words."},
  };
  const auto advice = kAdvice.find(gate);
  return advice == kAdvice.end() ? std::string_view("Correct it.") : advice->second;
}

}  // namespace

std::string FeedbackFor(const GateVerdict& failure) {
  return failure.evidence + " " + std::string(AdviceFor(failure.gate));
}

}  // namespace sca::task
