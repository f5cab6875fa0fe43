// An environment: a folder with tools and state, loaded once, from which episodes are forked.
//
// The folder: environment.toml, tools.py, data/, policy.md, challenger.md, tasks/heldout.jsonl,
// tasks/examples.jsonl. docs/ARCHITECTURE.md section 4 has its form.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/code_as_task.h"
#include "domain/tool_spec.h"
#include "env/episode.h"
#include "sandbox/isolation.h"

namespace sca::env {

enum class AnswerMode { kRequired, kNone };  // Does a task end with a value in `answer`?
enum class UserMode { kNone, kScripted, kModel };

struct EnvironmentLimits {
  std::chrono::milliseconds code_time{5'000};    // Wall time of one RunCode, tool calls included.
  std::chrono::milliseconds tool_time{5'000};    // Of one tool call.
  std::chrono::milliseconds verify_time{5'000};  // Of one verification.
  std::chrono::milliseconds load_time{60'000};   // Of loading tools.py and its state.
  std::size_t memory_bytes = std::size_t{512} << 20;  // A process may take beyond the loaded state.
  std::size_t output_bytes = std::size_t{64} << 10;   // Printed by one RunCode.
  std::size_t calls_max = 1'000;                      // Tool calls of one RunCode.
  std::size_t calls_bytes = std::size_t{32} << 20;    // Of an episode: its arguments and results.
};

struct EnvironmentSettings {
  std::string name;         // Of the folder.
  std::string title;        // For people.
  std::string description;  // What an agent is told first.
  int turns_max = 8;
  AnswerMode answer = AnswerMode::kRequired;
  UserMode user = UserMode::kNone;
  EnvironmentLimits limits;
};

struct LoadOptions {
  // Loading fails where the machine confines less than this.
  sandbox::IsolationLevel isolation_minimum = sandbox::IsolationLevel::kLandlock;
  // Confine no more than this; for tests of lower levels.
  sandbox::IsolationLevel isolation_maximum = sandbox::IsolationLevel::kNamespaces;
  // Its processes once for each core: twice as fast for ForEachInParallel, with as much more
  // memory. Else once.
  bool on_each_core = false;
};

class EnvironmentProcesses;  // The zygotes; environment_processes.h.

// Thread-safe once loaded: many threads may start episodes at once.
class Environment {
 public:
  // Reads the folder and starts its zygotes. A tools.py that raises is an error that names the
  // file, the line and the exception.
  static Result<std::unique_ptr<Environment>> Load(const std::filesystem::path& folder,
                                                   const LoadOptions& options = {});

  // The folder of an environment by name (environments/<name> of the project) or by path.
  static Result<std::filesystem::path> Find(std::string_view name_or_path);

  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  const EnvironmentSettings& settings() const { return settings_; }
  const std::filesystem::path& folder() const { return folder_; }
  const std::vector<ToolSpec>& tools() const { return tools_; }
  const std::string& policy() const { return policy_; }                      // May be empty.
  const std::string& challenger_hints() const { return challenger_hints_; }  // May be empty.
  const std::vector<CodeAsTask>& heldout() const { return heldout_; }
  const std::vector<CodeAsTask>& examples() const { return examples_; }

  // The confinement of this environment's processes, as tested when they started.
  const sandbox::Isolation& isolation() const;

  // A fresh private world whose random numbers, clock and uuids are a function of `seed`. Its
  // cell is forked by the first RunCode. Zygotes that died are restarted first.
  Result<std::unique_ptr<Episode>> Start(std::uint64_t seed) const;

  // Runs code of ours that only looks at text, with the tools' names, in a cell that stays for the
  // next: no code of a model ever runs in it. One at a time on each core.
  Result<CodeResult> Look(std::string_view own_code) const;

 private:
  Environment();

  std::filesystem::path folder_;
  EnvironmentSettings settings_;
  std::vector<ToolSpec> tools_;
  std::string policy_;
  std::string challenger_hints_;
  std::vector<CodeAsTask> heldout_;
  std::vector<CodeAsTask> examples_;
  std::unique_ptr<EnvironmentProcesses> processes_;
};

}  // namespace sca::env
