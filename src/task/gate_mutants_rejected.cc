// The gate that measures the verification function: does it reject wrong variants of the solution?

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "task/gate.h"
#include "task/mutants.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

enum class Fate {
  kRejected,
  kAccepted,
  kEquivalent,  // The same end state and answer: nothing to reject.
  kInvalid,     // It does not run: nobody would hand it in.
};

// Puts mutants of one solution to the proof. Code and verifications that can leave nothing behind
// in their process share one; all others have one each.
class Trial {
 public:
  Trial(const Candidate& candidate, const Execution& solution)
      : candidate_(candidate),
        solution_(solution),
        writes_(WriteCalls(solution.trace, candidate.environment().tools())),
        shares_cell_(writes_.empty() && IsPlainCode(candidate.task().solution)) {}

  // A fate for each mutant.
  Result<std::vector<Fate>> Try(const std::vector<Mutant>& mutants) {
    std::vector<Fate> fates(mutants.size(), Fate::kInvalid);
    std::vector<std::size_t> waiting;  // Of which only an answer is to be verified.
    std::vector<std::string> answers;
    for (std::size_t index = 0; index < mutants.size(); ++index) {
      std::string answer = mutants[index].answer_json;
      if (mutants[index].kind == Mutant::Kind::kCalls) {
        fates[index] = SCA_TRY(TryCalls(mutants[index]));
        continue;
      }
      if (mutants[index].kind == Mutant::Kind::kCode) {
        const std::optional<Fate> fate = SCA_TRY(RunCode(mutants[index].code, answer));
        if (fate.has_value()) {
          fates[index] = *fate;
          continue;
        }
      }
      if (IsSameAnswer(solution_.trace.answer_json, answer)) {
        fates[index] = Fate::kEquivalent;
        continue;
      }
      waiting.push_back(index);
      answers.push_back(std::move(answer));
    }
    const std::vector<bool> accepted = SCA_TRY(VerifyAnswers(answers));
    for (std::size_t index = 0; index < waiting.size(); ++index) {
      fates[waiting[index]] = accepted[index] ? Fate::kAccepted : Fate::kRejected;
    }
    return fates;
  }

 private:
  // The fate of code, or none and its answer where that is all there is to verify.
  Result<std::optional<Fate>> RunCode(const std::string& code, std::string& answer) {
    std::unique_ptr<env::Episode> own;
    if (!shares_cell_) own = SCA_TRY(Start());
    if (shares_cell_ && shared_ == nullptr) shared_ = SCA_TRY(Start());
    env::Episode& episode = shares_cell_ ? *shared_ : *own;
    const env::CodeResult result = SCA_TRY(episode.RunCode(code, env::Variables::kFresh));
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
      const bool same_answer = IsSameAnswer(solution_.trace.answer_json, trace.answer_json);
      fate = SCA_TRY(FateOf(episode, trace.answer_json, same_answer));
    }
    answer = trace.answer_json;
    if (writes) shared_.reset();  // Its world is not what it was.
    return fate;
  }

  Result<Fate> TryCalls(const Mutant& mutant) const {
    const auto episode = SCA_TRY(Start());
    for (const Trace::Call& call : mutant.calls) {
      const env::ToolCall made = SCA_TRY(episode->CallTool(call.tool, call.arguments_json));
      if (made.failed) return Fate::kInvalid;
    }
    return FateOf(*episode, mutant.answer_json, true);
  }

  Result<std::vector<bool>> VerifyAnswers(const std::vector<std::string>& answers) const {
    std::vector<bool> accepted;
    if (answers.empty()) return accepted;
    const auto solved = SCA_TRY(Start());
    for (const Trace::Call& call : writes_) {
      SCA_TRY(solved->CallTool(call.tool, call.arguments_json));
    }
    std::vector<env::VerdictResult> verdicts;
    if (IsPlainCode(candidate_.task().evaluation_function)) {
      verdicts = SCA_TRY(solved->VerifyEach(candidate_.task().evaluation_function, answers));
    }
    for (const env::VerdictResult& verdict : verdicts) {
      accepted.push_back(verdict.passed.value_or(false));
    }
    if (!verdicts.empty()) return accepted;
    for (const std::string& answer : answers) {
      accepted.push_back(SCA_TRY(FateOf(*solved, answer, false)) == Fate::kAccepted);
    }
    return accepted;
  }

  // The state is hashed only where it matters: for what evaluate accepts with the same answer.
  Result<Fate> FateOf(env::Episode& episode, const std::string& answer_json,
                      bool same_answer) const {
    const env::VerdictResult verdict = SCA_TRY(episode.Verify(
        candidate_.task().evaluation_function,
        answer_json.empty() ? std::nullopt : std::optional(answer_json), env::Purity::kUnchecked));
    if (verdict.outcome == sandbox::Outcome::kInfrastructure) {
      return Error{ErrorCode::kUnavailable, verdict.error};
    }
    // A verifier that stumbles over a wrong answer gives no reward for it either.
    if (!verdict.passed.value_or(false)) return Fate::kRejected;
    if (!same_answer) return Fate::kAccepted;
    const std::string state = SCA_TRY(episode.StateHash());
    return state == solution_.verdict->world_hash_before ? Fate::kEquivalent : Fate::kAccepted;
  }

  Result<std::unique_ptr<env::Episode>> Start() const {
    return candidate_.environment().Start(candidate_.seed());
  }

  const Candidate& candidate_;
  const Execution& solution_;
  std::vector<Trace::Call> writes_;
  bool shares_cell_;  // One cell runs all code, which neither writes nor tampers with Python.
  std::unique_ptr<env::Episode> shared_;
};

struct Count {
  int rejected = 0;
  int accepted = 0;
  std::string accepted_example;
};

// Extra and repeated calls weigh in the share only: a verifier may look at what was asked for.
bool MayBeOverlooked(std::string_view group) {
  return group == "one more call" || group == "a call made twice" || group == "the order of calls";
}

}  // namespace

Result<Finding> JudgeMutantsRejected(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  if (!solution->verdict.has_value() || !solution->verdict->passed.value_or(false)) {
    return Finding{.passed = false, .evidence = "The solution itself does not pass."};
  }
  const Entities* entities = SCA_TRY(candidate.KnownEntities());
  const std::vector<Mutant> mutants =
      MutantsOf(candidate.task(), solution->trace, candidate.environment(), *entities,
                static_cast<std::size_t>(std::max(0, candidate.settings().mutants_max)));
  std::map<std::string, Count> groups;
  Count all;
  Trial trial(candidate, *solution);
  const std::vector<Fate> fates = SCA_TRY(trial.Try(mutants));
  for (std::size_t index = 0; index < mutants.size(); ++index) {
    const Mutant& mutant = mutants[index];
    if (fates[index] == Fate::kRejected) {
      ++groups[mutant.group].rejected;
      ++all.rejected;
    } else if (fates[index] == Fate::kAccepted) {
      Count& group = groups[mutant.group];
      ++group.accepted;
      ++all.accepted;
      group.accepted_example = mutant.description;
      all.accepted_example = mutant.description;
    }
  }
  const int counted = all.rejected + all.accepted;
  if (counted == 0) {
    return Finding{.passed = true, .evidence = "No wrong variant of the solution can be made."};
  }
  candidate.mutant_score = static_cast<double>(all.rejected) / counted;
  for (const auto& [name, group] : groups) {
    if (group.rejected == 0 && group.accepted >= 2 && !MayBeOverlooked(name)) {
      return Finding{
          .passed = false,
          .evidence = fmt::format("evaluate is True whatever {} is, for example with {}.", name,
                                  group.accepted_example)};
    }
  }
  const std::string evidence =
      fmt::format("evaluate rejects {} of {} wrong variants", all.rejected, counted);
  if (*candidate.mutant_score < candidate.settings().mutants_rejected_min) {
    return Finding{.passed = false,
                   .evidence = fmt::format("{}; it is True for example with {}.", evidence,
                                           all.accepted_example)};
  }
  return Finding{.passed = true, .evidence = evidence + "."};
}

}  // namespace sca::task
