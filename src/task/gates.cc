#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/random.h"
#include "task/gate.h"
#include "task/python_tokens.h"

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
      {"pure", JudgePure},
      {"failures_run", JudgeFailuresRun},
      {"failures_rejected", JudgeFailuresRejected},
      {"idle_rejected", JudgeIdleRejected},
      {"deterministic", JudgeDeterministic},
      {"complete", JudgeComplete},
      {"no_leak", JudgeNoLeak},
      {"policy", JudgePolicy},
      {"equivalents_accepted", JudgeEquivalentsAccepted},
      {"mutants_rejected", JudgeMutantsRejected},
      {"novel", JudgeNovelty},  // Last: that there is one like it is no fault of its own.
  };
  return kGates;
}

bool IsSameAnswer(const std::string& left, const std::string& right) {
  if (left == right) return true;
  const auto one = ParseJson(left);
  const auto other = ParseJson(right);
  if (!one.ok() || !other.ok()) return false;
  // In Python the keys of a dict have no order.
  if (!one->is_number() || !other->is_number())
    return nlohmann::json(*one) == nlohmann::json(*other);
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

Result<std::unique_ptr<env::Episode>> Candidate::StartWith(std::uint64_t seed_offset) const {
  return environment_.Start(seed_offset == 0 ? seed_ : DeriveSeed(seed_, "again", seed_offset));
}

Result<Execution> Candidate::SolutionAgain(std::uint64_t seed_offset) {
  const Execution* solution = SCA_TRY(Solution());
  bool same = IsPlainCode(task_.solution) && RanThrough(*solution);
  std::unique_ptr<env::Episode> episode;
  if (same) episode = SCA_TRY(StartWith(seed_offset));
  for (std::size_t index = 0; same && index < solution->code.calls.size(); ++index) {
    const env::ToolCall& call = solution->code.calls[index];
    const env::ToolCall again = SCA_TRY(episode->CallTool(call.tool, call.arguments_json));
    same = !again.failed && again.result_json == call.result_json;
  }
  if (!same) return Execute(task_.solution, seed_offset);
  Execution execution{.code = solution->code, .verdict = {}, .trace = solution->trace};
  execution.verdict = SCA_TRY(episode->Verify(task_.evaluation_function, solution->code.answer_json,
                                              env::Purity::kUnchecked, env::Verifier::kWorld));
  if (execution.verdict->outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, execution.verdict->error};
  }
  return execution;
}

Result<env::VerdictResult> Candidate::VerifySolution(std::string_view evaluation) {
  const Trace& trace = SCA_TRY(Solution())->trace;
  const std::vector<Trace::Call> writes = WriteCalls(trace, environment_.tools());
  std::unique_ptr<env::Episode> own;
  if (!writes.empty()) own = SCA_TRY(environment_.Start(seed_));
  env::Episode* episode = own != nullptr ? own.get() : SCA_TRY(shared_.Fresh());
  for (const Trace::Call& call : writes) {
    SCA_TRY(episode->CallTool(call.tool, call.arguments_json));
  }
  env::VerdictResult verdict = SCA_TRY(episode->Verify(
      evaluation, trace.answer_json.empty() ? std::nullopt : std::optional(trace.answer_json),
      env::Purity::kUnchecked));
  if (verdict.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, verdict.error};
  }
  return verdict;
}

Result<std::vector<env::VerdictResult>> Candidate::VerifyAnswers(
    env::Episode& episode, std::vector<std::string> answers_json) const {
  for (std::string& answer : answers_json) {
    if (answer.empty()) answer = "null";
  }
  std::vector<env::VerdictResult> verdicts;
  if (IsPlainCode(task_.evaluation_function) && !answers_json.empty()) {
    verdicts = SCA_TRY(episode.VerifyEach(task_.evaluation_function, answers_json));
  }
  const bool together = !verdicts.empty();
  verdicts.resize(answers_json.size());
  for (std::size_t index = 0; index < answers_json.size(); ++index) {
    // What takes all memory may do so for what those before it left.
    if (together && verdicts[index].outcome != sandbox::Outcome::kOutOfMemory) continue;
    verdicts[index] = SCA_TRY(
        episode.Verify(task_.evaluation_function, answers_json[index], env::Purity::kUnchecked));
    if (verdicts[index].outcome == sandbox::Outcome::kInfrastructure) {
      return Error{ErrorCode::kUnavailable, verdicts[index].error};
    }
  }
  return verdicts;
}

Result<Execution> Candidate::Idle() {
  if (idle_.has_value()) return *idle_;
  return Execute("");
}

Result<const Execution*> Candidate::Failure(std::size_t index) {
  SCA_TRY(RunPlainFailures());
  const auto known = failures_.find(index);
  if (known != failures_.end()) return &known->second;
  Execution execution = SCA_TRY(Execute(task_.failure_cases[index]));
  return &failures_.emplace(index, std::move(execution)).first->second;
}

Status Candidate::RunPlainFailures() {
  if (std::exchange(ran_plain_failures_, true)) return {};
  if (!IsPlainCode(task_.evaluation_function)) return {};
  std::vector<std::size_t> waiting;
  std::vector<std::string> answers;
  for (std::size_t index = 0; index < task_.failure_cases.size(); ++index) {
    if (!IsPlainCode(task_.failure_cases[index])) continue;
    Execution execution;
    execution.code = SCA_TRY(shared_.Run(task_.failure_cases[index]));
    if (execution.code.outcome != sandbox::Outcome::kFinished || shared_.has_written() ||
        !execution.code.answer_json.has_value()) {
      continue;  // Executed by itself.
    }
    waiting.push_back(index);
    answers.push_back(*execution.code.answer_json);
    execution.trace = Trace::Of(execution.code.calls, answers.back());
    failures_[index] = std::move(execution);
  }
  if (waiting.empty()) return {};
  answers.emplace_back("null");  // Of doing nothing.
  env::Episode* episode = SCA_TRY(shared_.Fresh());
  std::vector<env::VerdictResult> verdicts =
      SCA_TRY(episode->VerifyEach(task_.evaluation_function, answers));
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (verdicts.empty()) failures_.erase(waiting[i]);
    if (!verdicts.empty()) failures_[waiting[i]].verdict = std::move(verdicts[i]);
  }
  if (!verdicts.empty()) idle_.emplace().verdict = std::move(verdicts.back());
  return {};
}

Result<const Entities*> Candidate::KnownEntities() {
  if (!entities_.has_value()) {
    const Execution* solution = SCA_TRY(Solution());
    entities_ = SCA_TRY(Entities::Of(task_, solution->trace, environment_));
  }
  return &*entities_;
}

bool RanThrough(const Execution& execution) {
  return execution.verdict.has_value() &&
         std::none_of(execution.code.calls.begin(), execution.code.calls.end(),
                      [](const env::ToolCall& call) { return call.failed; });
}

Result<Execution> Candidate::Execute(std::string_view code, std::uint64_t seed_offset,
                                     env::Purity purity) {
  Execution execution;
  std::unique_ptr<env::Episode> own;
  env::Episode* episode = nullptr;
  if (seed_offset == 0 && IsPlainCode(code)) {
    episode = SCA_TRY(shared_.Fresh());
    if (!code.empty()) execution.code = SCA_TRY(shared_.Run(code));
  } else {
    own = SCA_TRY(StartWith(seed_offset));
    episode = own.get();
    if (!code.empty()) execution.code = SCA_TRY(episode->RunCode(code));
  }
  if (execution.code.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, execution.code.error};
  }
  execution.trace = Trace::Of(execution.code.calls, execution.code.answer_json.value_or(""));
  if (execution.code.outcome == sandbox::Outcome::kFinished) {
    const env::Verifier verifier = own != nullptr ? env::Verifier::kWorld
                                   : IsPlainCode(task_.evaluation_function)
                                       ? env::Verifier::kKept
                                       : env::Verifier::kDropped;
    execution.verdict = SCA_TRY(
        episode->Verify(task_.evaluation_function, execution.code.answer_json, purity, verifier));
    if (execution.verdict->outcome == sandbox::Outcome::kInfrastructure) {
      return Error{ErrorCode::kUnavailable, execution.verdict->error};
    }
  }
  return execution;
}

}  // namespace sca::task
