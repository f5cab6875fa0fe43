#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "campaign/stages.h"
#include "rollout/challenger.h"
#include "rollout/wave.h"
#include "task/judge.h"
#include "task/known_tasks.h"

namespace sca::campaign {
namespace {

// Rejected by a person, who need not be asked about a like one again.
bool FellAtApproval(const store::Candidate& candidate) {
  const GateVerdict* failure = candidate.verdict.first_failure();
  return failure != nullptr && failure->gate == "approved";
}

// Everything that a new task must differ from: examples, held-out tasks and the pool so far.
Result<task::KnownTasks> Known(RunContext& run) {
  task::KnownTasks known = SCA_TRY(task::KnownTasks::Of(run.environment));
  for (const store::Candidate& candidate : SCA_TRY(run.store.Candidates(std::nullopt))) {
    if (candidate.fate == store::CandidateFate::kRejected && !FellAtApproval(candidate)) continue;
    const auto trace = task::Trace::FromJson(candidate.trace);
    if (!trace.ok()) return trace.error();
    known.Add(*candidate.task, *trace);
  }
  return known;
}

store::Candidate ToCandidate(const rollout::Submission& submission, int iteration, int index) {
  store::Candidate candidate;
  candidate.iteration = iteration;
  candidate.index = index;
  candidate.task = submission.task;
  candidate.conversation = submission.conversation;
  candidate.failures_made = submission.failures_made;
  candidate.revisions = submission.revisions;
  candidate.first_failure_before_revision = submission.first_failure;
  candidate.tokens = submission.tokens;
  candidate.fate = store::CandidateFate::kRejected;
  if (candidate.task.has_value()) candidate.task->id = fmt::format("t{}-{}", iteration, index);
  if (!submission.infrastructure_error.empty()) {
    candidate.verdict.gates.push_back({.gate = "infrastructure",
                                       .verdict = Verdict::kFailed,
                                       .evidence = submission.infrastructure_error});
  } else if (!submission.report.has_value()) {
    candidate.verdict.gates.push_back(
        {.gate = "parses", .verdict = Verdict::kFailed, .evidence = submission.problem});
  } else {
    candidate.verdict = submission.report->verdict;
    candidate.trace = submission.report->trace.ToJson();
    for (const GateVerdict& gate : candidate.verdict.gates) {
      candidate.milliseconds += gate.milliseconds;
    }
  }
  return candidate;
}

// Candidates of one wave did not see each other: the later of two like ones falls here, in index
// order, so that the result does not depend on which thread was faster.
Status SaveWave(RunContext& run, task::KnownTasks& known, std::vector<rollout::Submission>& wave,
                int iteration, std::size_t first) {
  for (std::size_t index = 0; index < wave.size(); ++index) {
    store::Candidate candidate =
        ToCandidate(wave[index], iteration, static_cast<int>(first + index));
    if (candidate.task.has_value() && candidate.verdict.passed() && wave[index].report) {
      const task::Trace& trace = wave[index].report->trace;
      GateVerdict novel = task::JudgeNovel(known, *candidate.task, trace, run.recipe.gates);
      if (novel.verdict == Verdict::kFailed) {
        // It goes no further than this gate, as if it had fallen there at once.
        std::vector<GateVerdict>& gates = candidate.verdict.gates;
        gates.erase(std::find_if(gates.begin(), gates.end(),
                                 [&](const GateVerdict& gate) { return gate.gate == novel.gate; }),
                    gates.end());
        gates.push_back(std::move(novel));
      } else {
        known.Add(*candidate.task, trace);
        candidate.fate = store::CandidateFate::kSetAside;  // Until its pilot says more.
      }
    }
    SCA_TRY(run.store.AddCandidate(candidate));
  }
  return {};
}

}  // namespace

Status Challenge(RunContext& run, int iteration) {
  const Recipe& recipe = run.recipe;
  const rollout::Challenger challenger = SCA_TRY(
      rollout::Challenger::Create(run.environment, run.prompts, recipe.challenge, recipe.seed));
  const task::Policy policy =
      SCA_TRY(task::Policy::Read(recipe.gates.policy_file, run.environment.tools()));
  SCA_TRY(UsePolicy(run, recipe.challenge.trained ? iteration - 1 : 0));
  const Stage stage{.kind = "challenge",
                    .iteration = iteration,
                    .title = fmt::format("Iteration {}: challenger writes tasks", iteration),
                    .unit = "candidates",
                    .units = static_cast<std::size_t>(recipe.challenge.candidates)};
  return RunWaves(
      run, stage, [&](std::size_t first, std::size_t count) -> Result<std::function<Status()>> {
        auto known = std::make_shared<task::KnownTasks>(SCA_TRY(Known(run)));
        auto wave = std::make_shared<std::vector<rollout::Submission>>(count);
        SCA_TRY(rollout::PlayWave(
            run.model, count, run.progress, [&](std::size_t index, llm::Session& session) {
              const std::uint64_t seed =
                  DeriveSeed(recipe.seed, fmt::format("challenge {}", iteration), first + index);
              (*wave)[index] =
                  challenger.Play(first + index, session, seed, [&](const CodeAsTask& candidate) {
                    return task::JudgeTask(candidate, run.environment, recipe.gates, *known, seed,
                                           policy);
                  });
            }));
        return std::function<Status()>([&run, known, wave, iteration, first] {
          return SaveWave(run, *known, *wave, iteration, first);
        });
      });
}

}  // namespace sca::campaign
