// A gate: one test that a candidate task must pass, with evidence. Each has a file of its own,
// gate_NAME.cc; gates.cc has the ordered list.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/code_as_task.h"
#include "domain/gate_verdict.h"
#include "domain/recipe.h"
#include "env/environment.h"
#include "task/entities.h"
#include "task/known_tasks.h"
#include "task/policy.h"
#include "task/shared_episode.h"

namespace sca::task {

// A piece of code run in a fresh world, and what evaluate() said of the end.
struct Execution {
  env::CodeResult code;
  std::optional<env::VerdictResult> verdict;  // Only if the code finished.
  Trace trace;
};

// Whether it finished, is judged, and none of its calls failed.
bool RanThrough(const Execution& execution);

// A candidate under judgement. Executions are made once and shared by the gates. One thread.
class Candidate {
 public:
  // All must outlive the candidate.
  Candidate(const CodeAsTask& task, const env::Environment& environment,
            const GateSettings& settings, const KnownTasks& known, const Policy& policy,
            std::uint64_t seed)
      : task_(task),
        environment_(environment),
        settings_(settings),
        known_(known),
        policy_(policy),
        seed_(seed),
        shared_(environment, seed) {}

  const CodeAsTask& task() const { return task_; }
  const env::Environment& environment() const { return environment_; }
  const GateSettings& settings() const { return settings_; }
  const KnownTasks& known() const { return known_; }
  const Policy& policy() const { return policy_; }
  std::uint64_t seed() const { return seed_; }
  bool wants_answer() const;

  // The solution in a fresh world, run once.
  Result<const Execution*> Solution();
  // Any code in a world that is as at first, of the same seed, or of another where `seed_offset` is
  // not 0. No code does nothing.
  Result<Execution> Execute(std::string_view code, std::uint64_t seed_offset = 0,
                            env::Purity purity = env::Purity::kUnchecked);
  // The solution in a fresh world of another seed. Plain code goes by what its calls give: where
  // they give the same, only they are made again.
  Result<Execution> SolutionAgain(std::uint64_t seed_offset);
  // What evaluate says of doing nothing, with no answer.
  Result<Execution> Idle();
  // What evaluate says of each answer (empty: none) where an episode has come to; in one fork if it
  // is plain.
  Result<std::vector<env::VerdictResult>> VerifyAnswers(
      env::Episode& episode, std::vector<std::string> answers_json) const;
  // What another evaluate says of the end that the solution comes to.
  Result<env::VerdictResult> VerifySolution(std::string_view evaluation);
  // The failure case with this index in a fresh world, run once.
  Result<const Execution*> Failure(std::size_t index);
  // Where its plain code runs.
  SharedEpisode& shared() { return shared_; }
  // Other values for the arguments of its calls, gathered once.
  Result<const Entities*> KnownEntities();

  // Share of the wrong variants that evaluate rejects; none before that gate, or without variants.
  std::optional<double> mutant_score;

 private:
  const CodeAsTask& task_;
  const env::Environment& environment_;
  const GateSettings& settings_;
  const KnownTasks& known_;
  const Policy& policy_;
  Result<std::unique_ptr<env::Episode>> StartWith(std::uint64_t seed_offset) const;
  // What plain failure cases and idling come to, verified in one fork where evaluate is plain, too.
  Status RunPlainFailures();

  std::uint64_t seed_;
  SharedEpisode shared_;
  std::optional<Execution> solution_;
  bool ran_plain_failures_ = false;
  std::map<std::size_t, Execution> failures_;
  std::optional<Execution> idle_;
  std::optional<Entities> entities_;
};

// What a gate says: nothing wrong, or what.
struct Finding {
  bool passed = true;
  std::string evidence;
};

struct Gate {
  std::string_view name;
  Result<Finding> (*judge)(Candidate& candidate);
};

// Answers are JSON text, or empty. Numbers that differ in their digits only are one answer.
bool IsSameAnswer(const std::string& left, const std::string& right);

// What a failure case's code came to: empty if it runs. Where an answer is wanted it must leave
// one: doing nothing is another gate's case.
Result<std::string> WhyFailureDoesNotRun(const Candidate& candidate, std::string_view code,
                                         const Execution& execution);

// In the order of their cost; docs/ARCHITECTURE.md section 6 says what each holds.
const std::vector<Gate>& AllGates();

Result<Finding> JudgeCompiles(Candidate& candidate);
Result<Finding> JudgeSolutionRuns(Candidate& candidate);
Result<Finding> JudgeSolutionPasses(Candidate& candidate);
Result<Finding> JudgeComplete(Candidate& candidate);
Result<Finding> JudgeNoLeak(Candidate& candidate);
Result<Finding> JudgePolicy(Candidate& candidate);
Result<Finding> JudgeNovelty(Candidate& candidate);
Result<Finding> JudgeIdleRejected(Candidate& candidate);
Result<Finding> JudgeFailuresRun(Candidate& candidate);
Result<Finding> JudgeFailuresRejected(Candidate& candidate);
Result<Finding> JudgeDeterministic(Candidate& candidate);
Result<Finding> JudgePure(Candidate& candidate);
Result<Finding> JudgeEquivalentsAccepted(Candidate& candidate);
Result<Finding> JudgeMutantsRejected(Candidate& candidate);

}  // namespace sca::task
