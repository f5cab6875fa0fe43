// The challenger: explores an environment with its tools and writes a Code-as-Task about it.
//
// Paper sections 3 and 4: a look around, a submission, the gates' answer, a revision. The prompt
// shows worked examples of the same environment as earlier turns, exploration included; they come
// in a few fixed sets, so that every candidate of a set shares its prefix.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "domain/code_as_task.h"
#include "domain/message.h"
#include "domain/recipe.h"
#include "env/environment.h"
#include "llm/model.h"
#include "rollout/prompt_library.h"
#include "task/judge.h"

namespace sca::rollout {

// All that came of one challenger episode.
struct Submission {
  std::optional<CodeAsTask> task;          // None: no reply could be read as a task.
  std::optional<task::TaskReport> report;  // The gates on the last task; none if there is no task.
  std::string problem;                     // Why there is no task.
  Json conversation = Json::array();       // [{role, content}] after the worked examples.
  int failures_made = 0;  // Failure cases of the task that are altered copies of its solution.
  int revisions = 0;
  std::string first_failure;  // The gate that sent the first submission back; empty if none did.
  int tokens = 0;             // Written by the model.
  std::string infrastructure_error;  // Not empty: ours failed, the episode counts for nothing.
};

using Judge = std::function<Result<task::TaskReport>(const CodeAsTask&)>;

// Immutable after Create, so any thread may use it.
class Challenger {
 public:
  // Runs each example's exploration once, so that prompts show what the tools really answer.
  // `environment` and `prompts` must outlive the challenger.
  static Result<Challenger> Create(const env::Environment& environment,
                                   const PromptLibrary& prompts, const ChallengeSettings& settings,
                                   std::uint64_t seed);

  // Plays one episode; `index` picks the example set and the tools asked for.
  Submission Play(std::uint64_t index, llm::Session& session, std::uint64_t seed,
                  const Judge& judge) const;

 private:
  struct WorkedExample {
    std::string tools, start, exploration, output, text;
  };

  Challenger(const env::Environment& environment, const PromptLibrary& prompts,
             const ChallengeSettings& settings)
      : environment_(&environment), prompts_(&prompts), settings_(settings) {}

  Status PrepareSets(std::uint64_t seed);
  Result<WorkedExample> Work(const CodeAsTask& example) const;
  Result<std::vector<Message>> OpeningOf(const std::vector<WorkedExample>& examples) const;
  // Half the time those of an example, which make sense together; else any.
  std::vector<std::string> PickTools(RandomStream& random) const;
  Status PlayTurns(std::uint64_t index, llm::Session& session, std::uint64_t seed,
                   const Judge& judge, Submission& submission) const;

  const env::Environment* environment_;
  const PromptLibrary* prompts_;
  ChallengeSettings settings_;
  std::vector<std::vector<std::string>> tool_sets_;  // Of the examples.
  std::vector<std::vector<Message>> openings_;  // One a set: system message and worked examples.
};

}  // namespace sca::rollout
