// The processes behind an environment and behind one episode of it. Internal to this module.

#pragma once

#include <memory>

#include "env/environment.h"
#include "env/episode.h"
#include "sandbox/zygote.h"

namespace sca::env {

class EnvironmentProcesses {
 public:
  std::unique_ptr<sandbox::Zygote> worlds;  // Tools and state.
  std::unique_ptr<sandbox::Zygote> cells;   // Bare.
  EnvironmentLimits limits;
};

class EpisodeProcesses {
 public:
  EnvironmentProcesses* environment = nullptr;
  std::uint64_t seed = 0;
  sandbox::Process world;
  sandbox::Process cell;  // Forked by the first RunCode.
  std::vector<ToolCall> calls;
  std::optional<std::string> answer_json;
};

// Forks the world of a new episode.
Result<std::unique_ptr<EpisodeProcesses>> StartProcesses(EnvironmentProcesses& environment,
                                                         std::uint64_t seed);

}  // namespace sca::env
