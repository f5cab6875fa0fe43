#include "task/mutant_trial.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "task/answer_variants.h"
#include "task/instruction.h"
#include "task/python_tokens.h"
#include "task/text_spellings.h"

namespace sca::task {

MutantTrial::MutantTrial(Candidate& candidate, const Execution& solution)
    : candidate_(candidate),
      solution_(solution),
      writes_(WriteCalls(solution.trace, candidate.environment().tools())),
      spellings_(SpellingsOf(candidate.task().instruction, solution.trace,
                             candidate.environment().tools(), candidate.settings())),
      solution_is_plain_(writes_.empty() && IsPlainCode(candidate.task().solution)) {}

// A value that is put in may make it another kind of code.
bool MutantTrial::Shares(const Mutant& mutant) const {
  return solution_is_plain_ && IsPlainCode(mutant.code);
}

Result<std::vector<Ending>> MutantTrial::Try(const std::vector<Mutant>& mutants) {
  std::vector<Ending> endings(mutants.size());
  std::vector<std::size_t> waiting;  // Of which only an answer is to be verified.
  std::vector<std::string> answers;
  std::vector<std::optional<env::CodeResult>> ran = SCA_TRY(RunTogether(mutants));
  for (std::size_t index = 0; index < mutants.size(); ++index) {
    endings[index].description = mutants[index].description;
    std::string answer = mutants[index].answer_json;
    if (mutants[index].kind == Mutant::Kind::kCalls) {
      endings[index] = SCA_TRY(TryCalls(mutants[index]));
      continue;
    }
    if (mutants[index].kind == Mutant::Kind::kCode) {
      const std::optional<Fate> fate =
          SCA_TRY(RunCode(mutants[index], std::move(ran[index]), answer));
      if (fate.has_value()) {
        endings[index].fate = *fate;
        continue;
      }
    }
    const bool same = mutants[index].is_strict ? IsAlike(answer)
                                               : IsSameAnswer(solution_.trace.answer_json, answer);
    if (same) {
      endings[index].fate = Fate::kEquivalent;
      continue;
    }
    waiting.push_back(index);
    answers.push_back(std::move(answer));
  }
  const std::vector<bool> accepted = SCA_TRY(VerifyAnswers(answers));
  for (std::size_t index = 0; index < waiting.size(); ++index) {
    const Mutant& mutant = mutants[waiting[index]];
    bool near = accepted[index] && IsTolerable(mutant, answers[index]);
    if (near && (mutant.is_value || mutant.kind == Mutant::Kind::kCode)) {
      near = SCA_TRY(TakesWhatIsBetween(answers[index]));
    }
    endings[waiting[index]].fate = !accepted[index] ? Fate::kRejected
                                   : near           ? Fate::kEquivalent
                                                    : Fate::kAccepted;
  }
  return endings;
}

Result<std::vector<std::optional<env::CodeResult>>> MutantTrial::RunTogether(
    const std::vector<Mutant>& mutants) {
  std::vector<std::size_t> indices;
  std::vector<std::string> codes;
  for (std::size_t index = 0; index < mutants.size(); ++index) {
    if (mutants[index].kind != Mutant::Kind::kCode || !Shares(mutants[index])) continue;
    indices.push_back(index);
    codes.push_back(mutants[index].code);
  }
  std::vector<std::optional<env::CodeResult>> results =
      SCA_TRY(candidate_.shared().RunEach(std::move(codes)));
  std::vector<std::optional<env::CodeResult>> all(mutants.size());
  for (std::size_t i = 0; i < indices.size(); ++i) all[indices[i]] = std::move(results[i]);
  return all;
}

Result<std::optional<Fate>> MutantTrial::RunCode(const Mutant& mutant,
                                                 std::optional<env::CodeResult> ran,
                                                 std::string& answer) {
  const bool shared = Shares(mutant);
  std::unique_ptr<env::Episode> own;
  if (!shared) own = SCA_TRY(Start());
  env::Episode& episode = shared ? *SCA_TRY(candidate_.shared().Fresh()) : *own;
  if (!ran.has_value()) {
    ran = SCA_TRY(shared ? candidate_.shared().Run(mutant.code) : episode.RunCode(mutant.code));
  }
  const env::CodeResult& result = *ran;
  if (result.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, result.error};
  }
  const bool failed = std::any_of(result.calls.begin(), result.calls.end(),
                                  [](const env::ToolCall& call) { return call.failed; });
  const Trace trace = Trace::Of(result.calls, result.answer_json.value_or(""));
  const bool writes =
      !writes_.empty() || !WriteCalls(trace, candidate_.environment().tools()).empty();
  std::optional<Fate> fate;
  if (result.outcome != sandbox::Outcome::kFinished || failed || !result.answer_json) {
    fate = Fate::kInvalid;
  } else if (writes) {
    fate = SCA_TRY(FateOf(episode, trace.answer_json, IsTolerable(mutant, trace.answer_json)));
  }
  answer = trace.answer_json;
  return fate;
}

Result<Ending> MutantTrial::TryCalls(const Mutant& mutant) const {
  const auto episode = SCA_TRY(Start());
  Ending ending{.description = mutant.description};
  for (std::size_t index = 0; index <= mutant.calls.size(); ++index) {
    if (mutant.varied == index) {
      bool made = false;
      for (const Mutant::Choice& choice : mutant.choices) {
        const env::ToolCall call =
            SCA_TRY(episode->CallTool(choice.call.tool, choice.call.arguments_json));
        if (call.failed) continue;
        made = true;
        ending.description = choice.description;
        break;
      }
      if (!made) return ending;
    } else if (index < mutant.calls.size()) {
      const Trace::Call& call = mutant.calls[index];
      if (SCA_TRY(episode->CallTool(call.tool, call.arguments_json)).failed) return ending;
    }
  }
  ending.fate = SCA_TRY(FateOf(*episode, mutant.answer_json, true));
  return ending;
}

Result<std::vector<bool>> MutantTrial::VerifyAnswers(const std::vector<std::string>& answers) {
  std::vector<bool> accepted;
  if (answers.empty()) return accepted;
  std::unique_ptr<env::Episode> own;
  if (!writes_.empty()) own = SCA_TRY(Start());
  env::Episode* solved = own != nullptr ? own.get() : SCA_TRY(candidate_.shared().Fresh());
  for (const Trace::Call& call : writes_) {
    SCA_TRY(solved->CallTool(call.tool, call.arguments_json));
  }
  for (const env::VerdictResult& verdict : SCA_TRY(candidate_.VerifyAnswers(*solved, answers))) {
    accepted.push_back(verdict.passed.value_or(false));
  }
  return accepted;
}

Result<bool> MutantTrial::TakesWhatIsBetween(const std::string& answer_json) {
  const auto right = ParseJson(solution_.trace.answer_json);
  const auto other = ParseJson(answer_json);
  if (!right.ok() || !other.ok() || !right->is_number() || !other->is_number()) return true;
  constexpr double kWholeMax = 1e15;  // Beyond it half a step is none.
  if (std::abs(right->get<double>()) > kWholeMax || std::abs(other->get<double>()) > kWholeMax) {
    return true;
  }
  Json between((right->get<double>() + other->get<double>()) / 2);
  if (right->is_number_integer() && other->is_number_integer()) {
    const auto whole = right->get<std::int64_t>();
    const auto half = (other->get<std::int64_t>() - whole) / 2;
    if (half == 0) return true;  // There is nothing between.
    between = whole + half;
  }
  const std::vector<bool> accepted = SCA_TRY(VerifyAnswers({DumpJson(between)}));
  return bool{accepted.front()};
}

// The state is hashed only where it matters: for what evaluate accepts with nearly the same answer.
Result<Fate> MutantTrial::FateOf(env::Episode& episode, const std::string& answer_json,
                                 bool near_answer) const {
  const env::VerdictResult verdict = SCA_TRY(episode.Verify(
      candidate_.task().evaluation_function,
      answer_json.empty() ? std::nullopt : std::optional(answer_json), env::Purity::kUnchecked));
  if (verdict.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, verdict.error};
  }
  // A verifier that stumbles over a wrong answer gives no reward for it either.
  if (!verdict.passed.value_or(false)) return Fate::kRejected;
  if (!near_answer) return Fate::kAccepted;
  const std::string state = SCA_TRY(episode.StateHash());
  return state == solution_.verdict->world_hash_before ? Fate::kEquivalent : Fate::kAccepted;
}

bool MutantTrial::IsNear(const std::string& answer_json) const {
  if (IsSameAnswer(solution_.trace.answer_json, answer_json)) return true;
  const auto right = ParseJson(solution_.trace.answer_json);
  const auto other = ParseJson(answer_json);
  return right.ok() && other.ok() && IsNearAnswer(*right, *other);
}

bool MutantTrial::IsTolerable(const Mutant& mutant, const std::string& answer_json) const {
  return mutant.is_strict ? IsAlike(answer_json) : IsNear(answer_json);
}

bool MutantTrial::IsAlike(const std::string& answer_json) const {
  const auto right = ParseJson(solution_.trace.answer_json);
  const auto other = ParseJson(answer_json);
  if (!right.ok() || !other.ok()) return false;
  for (const Spelling& spelling : spellings_) {
    if (spelling.answer == *other) return true;
  }
  if (right->is_string() && other->is_boolean()) {  // "Yes", and True for it.
    const std::string word = Lowercase(right->get<std::string>());
    return IsYesOrNo(word) && (word == "yes") == other->get<bool>();
  }
  if (AsksForARanking(candidate_.task().instruction) && right->is_array()) return *right == *other;
  if (!right->is_number() || !other->is_number()) return IsNear(answer_json);
  constexpr double kDigit = 0.06;
  constexpr double kWhole = 1;
  const double off = std::abs(right->get<double>() - other->get<double>());
  return off <=
         (right->get<double>() == std::floor(right->get<double>()) && other->is_number_float()
              ? kWhole
              : kDigit);
}

Result<std::unique_ptr<env::Episode>> MutantTrial::Start() const {
  return candidate_.environment().Start(candidate_.seed());
}

}  // namespace sca::task
