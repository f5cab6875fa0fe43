// The processes behind an environment and behind one episode of it. Internal to this module.

#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/parallel.h"
#include "env/environment.h"
#include "env/episode.h"
#include "sandbox/zygote.h"

namespace sca::env {

// A message between two cores costs several times what one on the same core does, so that threads
// which work in parallel have zygotes of their own, each pair on the core of its thread.
struct Zygotes {
  std::unique_ptr<sandbox::Zygote> worlds;  // Tools and state.
  std::unique_ptr<sandbox::Zygote> cells;   // Bare.
  // Of Environment::Look: an episode without a world.
  std::unique_ptr<Episode> looker;
  std::unique_ptr<std::mutex> looking = std::make_unique<std::mutex>();
};

class EnvironmentProcesses {
 public:
  // Those for the calling thread.
  Zygotes& zygotes() { return each[CoreOfThisThread() % each.size()]; }

  std::vector<Zygotes> each;  // One, or one for each core; not empty.
  EnvironmentLimits limits;
};

class EpisodeProcesses {
 public:
  // One tool call in the world, recorded. A tool that does not end takes its world with it; calls
  // of a world that its tools ended fail.
  Result<ToolCall> Call(std::string_view tool, std::string_view arguments_json);
  // The world's answer to a question that is no tool call.
  Result<Json> AskWorld(const Json& question);
  Status EnsureCell();
  sandbox::Ending EndingOfVerifier(sandbox::Process& process, Verifier by);
  // A verifier that waits for more answers; the one before ends.
  void Keep(sandbox::Process process, std::string_view evaluation_function);
  // So many of the kept verifier; none where it gives no such, which is its end. A verifier in
  // which evaluate called a write tool ends as well.
  std::vector<VerdictResult> HearVerdicts(std::size_t count);
  bool Writes(const VerdictResult& verdict) const;
  // Runs code in the cell, which must be there, and answers its tool calls.
  Result<CodeResult> Converse(std::string_view code, Variables variables);

  Zygotes* zygotes = nullptr;
  EnvironmentLimits limits;
  std::uint64_t seed = 0;
  std::int64_t turn = 0;  // Of the cell: a late message of an earlier turn does not count.
  sandbox::Process world;
  sandbox::Process cell;      // Forked by the first RunCode.
  sandbox::Process verifier;  // Of `verifies`, in the world as it is, if one was kept.
  std::string verifies;
  const std::vector<ToolSpec>* tools = nullptr;  // Of the environment.
  std::optional<sandbox::Ending> world_ending;   // If what code asked for ended the world.
  std::vector<ToolCall> calls;
  std::size_t call_bytes = 0;  // Of their arguments and results.
  std::optional<std::string> answer_json;
};

// Those of an episode that runs code without tool calls.
std::unique_ptr<EpisodeProcesses> WithoutWorld(EnvironmentProcesses& environment,
                                               const std::vector<ToolSpec>& tools);

// Forks the world of a new episode.
Result<std::unique_ptr<EpisodeProcesses>> StartProcesses(EnvironmentProcesses& environment,
                                                         const std::vector<ToolSpec>& tools,
                                                         std::uint64_t seed);

}  // namespace sca::env
