// The executor: works on a task with tools, turn by turn, and is rewarded by its verification.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/code_as_task.h"
#include "domain/message.h"
#include "domain/trajectory.h"
#include "env/environment.h"
#include "llm/model.h"
#include "rollout/prompt_library.h"

namespace sca::rollout {

struct ExecutorOptions {
  double temperature = 1.0;
  double top_p = 1.0;
  int tokens_max = 160;              // A message.
  int turns_max = 0;                 // 0: as the environment says.
  std::string policy = "base";       // Recorded in the trajectory.
  std::vector<CodeAsTask> examples;  // Solved before the task's own turn; none where it counts.
};

// Immutable after Create, so any thread may use it; a Session belongs to one thread.
class Executor {
 public:
  // `environment` and `prompts` must outlive the executor.
  static Result<Executor> Create(const env::Environment& environment, const PromptLibrary& prompts,
                                 ExecutorOptions options);

  // Plays one episode to its end and judges it. Trouble of ours (a dead model, a dead world) is
  // an episode that ended with kInfrastructure and has no reward.
  Trajectory Play(const CodeAsTask& task, llm::Session& session, std::uint64_t seed) const;

  // What the model reads before its first turn.
  std::vector<Message> Opening(const CodeAsTask& task) const;

  // The message an executor would have sent to give `solution`, for demonstrations.
  static std::string Demonstration(const CodeAsTask& task);

 private:
  Executor(const env::Environment& environment, const PromptLibrary& prompts,
           ExecutorOptions options, std::string system);

  Status PlayTurns(const CodeAsTask& task, llm::Session& session, env::Episode& episode,
                   Trajectory& trajectory) const;
  Result<std::string> Observe(const env::CodeResult& result) const;

  const env::Environment* environment_;
  const PromptLibrary* prompts_;
  ExecutorOptions options_;
  std::string system_;
};

}  // namespace sca::rollout
