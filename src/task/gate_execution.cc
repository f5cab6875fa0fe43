// The gates that run code: the paper's three (appendix A), and those that judge the judge.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "task/gate.h"
#include "task/parse.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

constexpr std::size_t kEvidenceBytesMax = 300;

// What evaluate() said, in words; a verdict that is none says why.
std::string Describe(const env::VerdictResult& verdict) {
  if (verdict.passed.has_value()) return *verdict.passed ? "True" : "False";
  return fmt::format("no verdict ({}: {})", sandbox::OutcomeName(verdict.outcome),
                     Shorten(verdict.error, kEvidenceBytesMax));
}

// A coin shows the same side twice half of the time, so code that may throw one runs more often.
constexpr std::uint64_t kTimesByChance = 8;

bool SpeaksOfChance(const CodeAsTask& task) {
  constexpr std::array<std::string_view, 8> kWords = {"random",  "time",    "datetime", "uuid",
                                                      "secrets", "urandom", "hash",     "id"};
  for (const std::string* code : {&task.solution, &task.evaluation_function}) {
    for (const Token& token : TokensOf(*code)) {
      if (token.kind == Token::Kind::kName &&
          std::find(kWords.begin(), kWords.end(), token.value) != kWords.end()) {
        return true;
      }
    }
  }
  return false;
}

Finding Failed(std::string evidence) { return {.passed = false, .evidence = std::move(evidence)}; }

bool Rejected(const Execution& execution) {
  return execution.verdict.has_value() && execution.verdict->passed.has_value() &&
         !*execution.verdict->passed;
}

}  // namespace

std::string WhyFailureDoesNotRun(const Candidate& candidate, const Execution& execution) {
  if (execution.code.outcome != sandbox::Outcome::kFinished) {
    return Shorten(execution.code.error, kEvidenceBytesMax);
  }
  const bool failed_call = std::any_of(execution.code.calls.begin(), execution.code.calls.end(),
                                       [](const env::ToolCall& call) { return call.failed; });
  if (failed_call) return "one of its tool calls fails";
  if (candidate.wants_answer() && !execution.code.answer_json) return "it does not set answer";
  return {};
}

Result<Finding> JudgeCompiles(Candidate& candidate) {
  const CodeAsTask& task = candidate.task();
  Json parts = Json::array(
      {{"The evaluation function", task.evaluation_function}, {"The solution", task.solution}});
  for (std::size_t index = 0; index < task.failure_cases.size(); ++index) {
    parts.push_back({fmt::format("Failure case {}", index + 1), task.failure_cases[index]});
  }
  // Compiled in a cell, not run; the last name that is printed is the part that does not compile.
  const std::unique_ptr<env::Episode> episode = SCA_TRY(candidate.environment().Start(0));
  const env::CodeResult result = SCA_TRY(episode->RunCode(
      fmt::format("for part in {}:\n    print(part[0])\n    compile(part[1], 'code', 'exec')",
                  DumpJson(parts))));
  if (result.outcome == sandbox::Outcome::kInfrastructure) {
    return Error{ErrorCode::kUnavailable, result.error};
  }
  if (result.outcome != sandbox::Outcome::kFinished) {
    const std::vector<std::string_view> begun = SplitLines(Trim(result.output));
    return Failed(fmt::format("{} does not compile: {}", begun.empty() ? "The code" : begun.back(),
                              Shorten(result.error, kEvidenceBytesMax)));
  }
  return Finding{.passed = true, .evidence = "All parts compile."};
}

Result<Finding> JudgeSolutionRuns(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  const env::CodeResult& code = solution->code;
  if (code.outcome != sandbox::Outcome::kFinished) {
    return Failed(
        fmt::format("The solution does not run: {}", Shorten(code.error, kEvidenceBytesMax)));
  }
  if (!code.redefined_tools.empty()) {
    return Failed(
        fmt::format("The solution defines {} itself; it must call the function that is "
                    "there.",
                    code.redefined_tools.front()));
  }
  for (const env::ToolCall& call : code.calls) {
    if (call.failed) {
      return Failed(fmt::format("The call {}{} in the solution fails: {}", call.tool,
                                call.arguments_json, Shorten(call.error, kEvidenceBytesMax)));
    }
  }
  if (code.calls.empty()) return Failed("The solution calls none of the functions.");
  if (candidate.wants_answer() && !code.answer_json.has_value()) {
    return Failed("The solution does not set the variable answer.");
  }
  return Finding{.passed = true,
                 .evidence = fmt::format("Calls {}; answer {}.", solution->trace.Shape(),
                                         Shorten(code.answer_json.value_or("none"), 80))};
}

Result<Finding> JudgeSolutionPasses(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  if (!solution->verdict.has_value()) return Failed("The solution did not finish.");
  const bool passed = solution->verdict->passed.value_or(false);
  return Finding{.passed = passed,
                 .evidence = fmt::format(
                     "After the solution, whose answer is {}, evaluate gives {}.",
                     Shorten(solution->trace.answer_json, 80), Describe(*solution->verdict))};
}

Result<Finding> JudgeFailuresRun(Candidate& candidate) {
  const std::vector<std::string>& cases = candidate.task().failure_cases;
  if (cases.size() < kFailureCasesMin) {
    return Failed(
        fmt::format("The task has {} failure cases that run and end otherwise than the "
                    "solution, but it needs {}.",
                    cases.size(), kFailureCasesMin));
  }
  for (std::size_t index = 0; index < cases.size(); ++index) {
    const Execution* execution = SCA_TRY(candidate.Failure(index));
    const std::string why = WhyFailureDoesNotRun(candidate, *execution);
    if (!why.empty())
      return Failed(fmt::format("Failure case {} does not run: {}", index + 1, why));
  }
  return Finding{.passed = true, .evidence = fmt::format("All {} run.", cases.size())};
}

Result<Finding> JudgeFailuresRejected(Candidate& candidate) {
  const std::vector<std::string>& cases = candidate.task().failure_cases;
  for (std::size_t index = 0; index < cases.size(); ++index) {
    const Execution* execution = SCA_TRY(candidate.Failure(index));
    if (Rejected(*execution)) continue;
    return Failed(
        fmt::format("Failure case {} must be rejected, but with its answer {} evaluate gives {}.",
                    index + 1, Shorten(execution->trace.answer_json, 80),
                    execution->verdict.has_value() ? Describe(*execution->verdict) : "nothing"));
  }
  return Finding{.passed = true, .evidence = fmt::format("All {} are rejected.", cases.size())};
}

Result<Finding> JudgeIdleRejected(Candidate& candidate) {
  const Execution idle = SCA_TRY(candidate.Execute(""));
  const env::VerdictResult& verdict = *idle.verdict;
  // An evaluate that cannot take None rejects it too, if not gracefully.
  const bool rejected =
      verdict.passed.has_value() ? !*verdict.passed : verdict.outcome == sandbox::Outcome::kRaised;
  return Finding{
      .passed = rejected,
      .evidence = fmt::format("After doing nothing evaluate gives {}.", Describe(verdict))};
}

Result<Finding> JudgeDeterministic(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  // Where solution_runs is switched off, it may not have finished.
  if (!solution->verdict.has_value()) return Failed("The solution did not finish.");
  const bool chance = SpeaksOfChance(candidate.task());
  const std::uint64_t times = chance ? kTimesByChance : 1;
  for (std::uint64_t time = 1; time <= times; ++time) {
    const Execution again = SCA_TRY(candidate.Execute(candidate.task().solution, time));
    const bool same_calls = !chance || again.trace.Key() == solution->trace.Key();
    if (same_calls && again.verdict.has_value() &&
        again.verdict->passed == solution->verdict->passed &&
        again.trace.answer_json == solution->trace.answer_json) {
      continue;
    }
    if (!same_calls) return Failed("A second run makes other calls: the solution goes by chance.");
    return Failed(fmt::format("A second run ends otherwise: answer {} after {}, evaluate gives {}.",
                              Shorten(again.trace.answer_json, 80),
                              Shorten(solution->trace.answer_json, 80),
                              again.verdict.has_value() ? Describe(*again.verdict) : "nothing"));
  }
  return Finding{
      .passed = true,
      .evidence = times == 1 ? "A second run in a fresh world ends the same."
                             : fmt::format("{} more runs in fresh worlds end the same.", times)};
}

Result<Finding> JudgePure(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  if (!solution->verdict.has_value()) return Failed("The solution did not finish.");
  const bool pure = solution->verdict->world_hash_before == solution->verdict->world_hash_after;
  return Finding{.passed = pure,
                 .evidence = pure ? "evaluate leaves the state as it was."
                                  : "evaluate changes the state that it should only look at."};
}

Result<Finding> JudgeNovelty(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  const GateVerdict verdict =
      JudgeNovel(candidate.known(), candidate.task(), solution->trace, candidate.settings());
  return Finding{.passed = verdict.verdict == Verdict::kPassed, .evidence = verdict.evidence};
}

}  // namespace sca::task
