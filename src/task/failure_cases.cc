#include "task/failure_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "task/entities.h"
#include "task/gate.h"
#include "task/mutants.h"
#include "task/parse.h"

namespace sca::task {
namespace {

constexpr std::size_t kCasesMax = 24;

// JSON as Python writes it.
std::string PythonLiteral(const Json& json) {
  if (json.is_null()) return "None";
  if (json.is_boolean()) return json.get<bool>() ? "True" : "False";
  if (!json.is_structured()) return DumpJson(json);
  std::vector<std::string> parts;
  for (const auto& [key, value] : json.items()) {
    parts.push_back(json.is_object() ? DumpJson(Json(key)) + ": " + PythonLiteral(value)
                                     : PythonLiteral(value));
  }
  return fmt::format(fmt::runtime(json.is_object() ? "{{{}}}" : "[{}]"), Join(parts, ", "));
}

Result<std::string> PythonCall(const Trace::Call& call) {
  const Json arguments = SCA_TRY(ParseJson(call.arguments_json));
  std::vector<std::string> parts;
  for (const auto& [name, value] : arguments.items()) {
    parts.push_back(name + "=" + PythonLiteral(value));
  }
  return fmt::format("{}({})", call.tool, Join(parts, ", "));
}

Result<std::string> CodeOf(const Mutant& mutant, const std::vector<Trace::Call>& calls) {
  std::vector<std::string> lines;
  for (const Trace::Call& call : calls) lines.push_back(SCA_TRY(PythonCall(call)));
  if (!mutant.answer_json.empty()) {
    lines.push_back("answer = " + PythonLiteral(SCA_TRY(ParseJson(mutant.answer_json))));
  }
  return Join(lines, "\n");
}

// One for each choice that a mutant has, or one.
Result<std::vector<std::string>> CodesOf(const Mutant& mutant) {
  if (mutant.kind == Mutant::Kind::kCode) return std::vector{mutant.code};
  if (mutant.kind == Mutant::Kind::kAnswer) {
    return std::vector{"answer = " + PythonLiteral(SCA_TRY(ParseJson(mutant.answer_json)))};
  }
  if (!mutant.varied.has_value()) return std::vector{SCA_TRY(CodeOf(mutant, mutant.calls))};
  std::vector<std::string> codes;
  for (const Mutant::Choice& choice : mutant.choices) {
    std::vector<Trace::Call> calls = mutant.calls;
    if (*mutant.varied == calls.size()) calls.emplace_back();
    calls[*mutant.varied] = choice.call;
    codes.push_back(SCA_TRY(CodeOf(mutant, calls)));
  }
  return codes;
}

// Whether code runs, and ends otherwise than the solution: in its answer or in the state, which
// can only differ, and is only hashed, where there are tools that write.
Result<bool> SaysSomething(Candidate& candidate, const Execution& solution,
                           const std::string& code) {
  const std::vector<ToolSpec>& tools = candidate.environment().tools();
  const bool writes =
      std::any_of(tools.begin(), tools.end(), [](const ToolSpec& tool) { return tool.writes; });
  const Execution failure =
      SCA_TRY(candidate.Execute(code, 0, writes ? env::Purity::kHashed : env::Purity::kUnchecked));
  if (!SCA_TRY(WhyFailureDoesNotRun(candidate, code, failure)).empty() || !failure.verdict) {
    return false;
  }
  if (!IsSameAnswer(solution.trace.answer_json, failure.trace.answer_json)) return true;
  return writes && solution.verdict->world_hash_before != failure.verdict->world_hash_before;
}

}  // namespace

Result<int> CompleteFailureCases(CodeAsTask& task, const env::Environment& environment,
                                 std::uint64_t seed) {
  const GateSettings settings;
  const KnownTasks known;
  const Policy policy;
  const CodeAsTask original = task;
  Candidate candidate(original, environment, settings, known, policy, seed);
  const Execution* solution = SCA_TRY(candidate.Solution());
  if (!solution->verdict.has_value() || !solution->verdict->passed.value_or(false)) return 0;

  std::vector<std::string> kept;
  for (const std::string& code : original.failure_cases) {
    if (SCA_TRY(SaysSomething(candidate, *solution, code))) kept.push_back(code);
  }
  int made = 0;
  if (kept.size() < kFailureCasesMin) {
    const Entities entities = SCA_TRY(Entities::Of(original, solution->trace, environment));
    for (const Mutant& mutant :
         MutantsOf(original, solution->trace, environment, entities, kCasesMax)) {
      for (std::string& code : SCA_TRY(CodesOf(mutant))) {
        if (code.empty()) continue;  // All calls left out: that is the gate idle_rejected.
        if (!SCA_TRY(SaysSomething(candidate, *solution, code))) continue;
        kept.push_back(std::move(code));
        ++made;
        break;
      }
      if (kept.size() == kFailureCasesMin) break;
    }
  }
  task.failure_cases = std::move(kept);
  return made;
}

}  // namespace sca::task
