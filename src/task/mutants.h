// Wrong variants of a task's solution: what a verification function must not accept.
//
// Where an answer is wanted, literals and tool names in the code change, so that the answer
// follows; where state is written, the write calls of the trace change, and others are added; and
// answers change alone. The same task always has the same mutants.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/code_as_task.h"
#include "env/environment.h"
#include "task/entities.h"
#include "task/known_tasks.h"

namespace sca::task {

struct Mutant {
  enum class Kind {
    kCode,    // `code` runs in a fresh world.
    kCalls,   // `calls` are made in a fresh world; the answer stays.
    kAnswer,  // After the solution, with `answer_json` in place of its answer.
  };
  // What it says of a verification function that it is accepted.
  enum class Weight {
    kAlone,  // It is wrong: such an argument, call or answer goes unseen.
    kGroup,  // It may be as right; but not all of its group can be.
    kShare,  // A verifier may overlook it, but not many like it.
  };
  struct Choice {
    Trace::Call call;
    std::string description;
  };

  Kind kind = Kind::kCode;
  Weight weight = Weight::kAlone;
  bool is_value = false;  // It varies an argument or a literal; evidence names those not tried.
  // What is near the right answer is wrong too: a number of an earlier step, or another order.
  bool is_strict = false;
  std::string group;        // What was varied: mutants of a group should not all be accepted.
  std::string description;  // Goes on from "with ", for people and for a challenger.
  std::string code;
  std::vector<Trace::Call> calls;  // Their results are not known.
  // Where `calls` is varied, and with what: the first choice that is not refused counts.
  std::optional<std::size_t> varied;
  std::vector<Choice> choices;
  std::string answer_json;
};

// A value as a description shows it.
std::string Spelled(const Json& value);

// At most `mutants_max`, spread over the groups. What the calls of evaluate gave, `looked_at`, may
// be taken for the answer.
std::vector<Mutant> MutantsOf(const CodeAsTask& task, const Trace& solution,
                              const env::Environment& environment, const Entities& entities,
                              std::size_t mutants_max,
                              const std::vector<env::ToolCall>& looked_at = {});

}  // namespace sca::task
