#include <fmt/format.h>

#include <cmath>

#include "base/random.h"
#include "task/gate.h"

namespace sca::task {
namespace {

// Answers this close are one answer, told with more or fewer digits.
constexpr double kCloseAbsolute = 0.011;
constexpr double kCloseRelative = 0.001;

}  // namespace

const std::vector<Gate>& AllGates() {
  static const std::vector<Gate> kGates = {
      {"compiles", JudgeCompiles},
      {"solution_runs", JudgeSolutionRuns},
      {"solution_passes", JudgeSolutionPasses},
      {"failures_run", JudgeFailuresRun},
      {"failures_rejected", JudgeFailuresRejected},
      {"idle_rejected", JudgeIdleRejected},
      {"deterministic", JudgeDeterministic},
      {"pure", JudgePure},
      {"complete", JudgeComplete},
      {"no_leak", JudgeNoLeak},
      {"policy", JudgePolicy},
      {"novel", JudgeNovelty},
      {"equivalents_accepted", JudgeEquivalentsAccepted},
      {"mutants_rejected", JudgeMutantsRejected},
  };
  return kGates;
}

bool IsSameAnswer(const std::string& left, const std::string& right) {
  if (left == right) return true;
  const auto one = ParseJson(left);
  const auto other = ParseJson(right);
  if (!one.ok() || !other.ok()) return false;
  if (!one->is_number() || !other->is_number()) return *one == *other;
  const double first = one->get<double>();
  const double second = other->get<double>();
  return std::abs(first - second) <= kCloseAbsolute + kCloseRelative * std::abs(first);
}

bool Candidate::wants_answer() const {
  return environment_.settings().answer == env::AnswerMode::kRequired;
}

Result<const Execution*> Candidate::Solution() {
  if (!solution_.has_value()) solution_ = SCA_TRY(Execute(task_.solution, 0, env::Purity::kHashed));
  return &*solution_;
}

Result<const Execution*> Candidate::Failure(std::size_t index) {
  const auto known = failures_.find(index);
  if (known != failures_.end()) return &known->second;
  Execution execution = SCA_TRY(Execute(task_.failure_cases[index]));
  return &failures_.emplace(index, std::move(execution)).first->second;
}

Result<const Entities*> Candidate::KnownEntities() {
  if (!entities_.has_value()) {
    const Execution* solution = SCA_TRY(Solution());
    entities_ = SCA_TRY(Entities::Of(task_, solution->trace, environment_));
  }
  return &*entities_;
}

Result<Execution> Candidate::Execute(std::string_view code, std::uint64_t seed_offset,
                                     env::Purity purity) const {
  const std::unique_ptr<env::Episode> episode = SCA_TRY(
      environment_.Start(seed_offset == 0 ? seed_ : DeriveSeed(seed_, "again", seed_offset)));
  Execution execution;
  if (!code.empty()) execution.code = SCA_TRY(episode->RunCode(code));
  if (execution.code.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, execution.code.error};
  }
  execution.trace = Trace::Of(execution.code.calls, execution.code.answer_json.value_or(""));
  if (execution.code.outcome == sandbox::Outcome::kFinished) {
    execution.verdict =
        SCA_TRY(episode->Verify(task_.evaluation_function, execution.code.answer_json, purity));
    if (execution.verdict->outcome == sandbox::Outcome::kInfrastructure) {
      return Error{ErrorCode::kUnavailable, execution.verdict->error};
    }
  }
  return execution;
}

}  // namespace sca::task
