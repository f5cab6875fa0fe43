// The gate that measures the verification function: does it reject wrong variants of the solution?

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "task/gate.h"
#include "task/mutants.h"

namespace sca::task {
namespace {

enum class Fate {
  kRejected,
  kAccepted,
  kEquivalent,  // The same end state and answer: nothing to reject.
  kInvalid,     // It does not run: nobody would hand it in.
};

// Puts mutants of one solution to the proof.
class Trial {
 public:
  Trial(const Candidate& candidate, const Execution& solution)
      : candidate_(candidate),
        solution_(solution),
        writes_(WriteCalls(solution.trace, candidate.environment().tools())) {}

  Result<Fate> Try(const Mutant& mutant) {
    switch (mutant.kind) {
      case Mutant::Kind::kCode:
        return TryCode(mutant.code);
      case Mutant::Kind::kCalls:
        return TryCalls(mutant);
      case Mutant::Kind::kAnswer:
        return TryAnswer(mutant.answer_json);
    }
    return Fate::kInvalid;
  }

 private:
  Result<Fate> TryCode(const std::string& code) const {
    const auto episode = SCA_TRY(Start());
    const env::CodeResult result = SCA_TRY(episode->RunCode(code));
    if (result.outcome == sandbox::Outcome::kInfrastructure) {
      return Error{ErrorCode::kUnavailable, result.error};
    }
    const bool failed = std::any_of(result.calls.begin(), result.calls.end(),
                                    [](const env::ToolCall& call) { return call.failed; });
    if (result.outcome != sandbox::Outcome::kFinished || failed || !result.answer_json) {
      return Fate::kInvalid;
    }
    const Trace trace = Trace::Of(result.calls, *result.answer_json);
    const bool writes =
        !writes_.empty() || !WriteCalls(trace, candidate_.environment().tools()).empty();
    const bool same_answer = IsSameAnswer(solution_.trace.answer_json, trace.answer_json);
    if (same_answer && !writes) return Fate::kEquivalent;
    return FateOf(*episode, trace.answer_json, same_answer);
  }

  Result<Fate> TryCalls(const Mutant& mutant) const {
    const auto episode = SCA_TRY(Start());
    for (const Trace::Call& call : mutant.calls) {
      const env::ToolCall made = SCA_TRY(episode->CallTool(call.tool, call.arguments_json));
      if (made.failed) return Fate::kInvalid;
    }
    return FateOf(*episode, mutant.answer_json, true);
  }

  // All changed answers share one world: a verification leaves no mark on it.
  Result<Fate> TryAnswer(const std::string& answer_json) {
    if (IsSameAnswer(solution_.trace.answer_json, answer_json)) return Fate::kEquivalent;
    if (solved_ == nullptr) {
      solved_ = SCA_TRY(Start());
      for (const Trace::Call& call : writes_) {
        SCA_TRY(solved_->CallTool(call.tool, call.arguments_json));
      }
    }
    return FateOf(*solved_, answer_json, false);
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
  std::unique_ptr<env::Episode> solved_;
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
  for (const Mutant& mutant : mutants) {
    const Fate fate = SCA_TRY(trial.Try(mutant));
    if (fate == Fate::kRejected) {
      ++groups[mutant.group].rejected;
      ++all.rejected;
    } else if (fate == Fate::kAccepted) {
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
