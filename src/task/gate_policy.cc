// The gate of a company's rules: what a task may ask for, apart from whether it is sound.

#include <fmt/format.h>

#include "base/text.h"
#include "task/gate.h"

namespace sca::task {
namespace {

// Empty if the predicate holds.
Result<std::string> BrokenPredicate(const Candidate& candidate, const Policy::Predicate& predicate,
                                    const Trace& trace) {
  const auto episode = SCA_TRY(candidate.environment().Start(candidate.seed()));
  const env::CodeResult result =
      SCA_TRY(episode->RunCode(PredicateProgram(predicate, candidate.task().instruction, trace)));
  if (result.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, result.error};
  }
  if (result.outcome != sandbox::Outcome::kFinished) {
    return fmt::format("predicate {}: holds ends with an error, so it is not shown to hold: {}",
                       predicate.name, Shorten(result.error, 200));
  }
  const std::string said = result.answer_json.value_or("nothing that is JSON");
  if (said == "true") return std::string();
  return fmt::format("predicate {}: holds gives {}, not True, for {} calls: {}.", predicate.name,
                     Shorten(said, 60), trace.calls.size(), trace.Shape());
}

}  // namespace

Result<Finding> JudgePolicy(Candidate& candidate) {
  const Policy& policy = candidate.policy();
  if (policy.file != candidate.settings().policy_file) {
    // Nobody may believe that rules hold which were not read.
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("The rules of \"{}\" (gates.policy_file) were not read.",
                             candidate.settings().policy_file)};
  }
  if (policy.rules() == 0) return Finding{.passed = true, .evidence = "There are no rules."};
  const Execution* solution = SCA_TRY(candidate.Solution());
  std::string broken = policy.Broken(candidate.task().instruction, solution->trace);
  for (const Policy::Predicate& predicate : policy.predicates) {
    if (!broken.empty()) break;
    broken = SCA_TRY(BrokenPredicate(candidate, predicate, solution->trace));
  }
  if (!broken.empty()) {
    return Finding{.passed = false, .evidence = "It breaks the rule " + std::move(broken)};
  }
  return Finding{.passed = true, .evidence = fmt::format("It keeps all {} rules.", policy.rules())};
}

}  // namespace sca::task
