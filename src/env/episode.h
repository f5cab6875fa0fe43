// An episode: a private world, a cell that runs an agent's code against it, and verifications.
//
// The world holds the state and runs the environment's tools; the agent's code runs in another
// process (the cell) and reaches the world only through tool calls that the host records. What
// code of a model does is an Outcome; an Error means that ours failed (never a reward).

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sandbox/outcome.h"

namespace sca::env {

// Arguments and result are JSON text made by Python, so that no number is ever converted.
struct ToolCall {
  std::string tool;
  std::string arguments_json;  // An object: parameter name to value, defaults left out or in.
  std::string result_json;     // Empty if the call failed.
  bool failed = false;
  std::string error;  // What the agent reads of a failed call.
  double milliseconds = 0;
};

struct CodeResult {
  sandbox::Outcome outcome = sandbox::Outcome::kFinished;
  std::string output;  // What was printed, and the repr of a bare last expression, as in a REPL.
  std::string error;   // Short text that the agent can act on; may be set although finished.
  std::optional<std::string> answer_json;    // The variable `answer`, if defined and JSON.
  std::vector<ToolCall> calls;               // Of this piece of code, in order.
  std::vector<std::string> redefined_tools;  // Tools whose name the code binds anew.
  double milliseconds = 0;

  // Whether it came to an end of its own, and not to one of its process.
  bool ended() const {
    return outcome == sandbox::Outcome::kFinished || outcome == sandbox::Outcome::kRaised;
  }
};

struct VerdictResult {
  sandbox::Outcome outcome = sandbox::Outcome::kFinished;
  std::optional<bool> passed;  // Only if finished, and evaluate returned exactly True or False.
  std::string error;           // Why there is no verdict.
  double milliseconds = 0;
  std::vector<ToolCall> calls;
  std::string world_hash_before;  // Equal hashes: evaluate left the state as it was.
  std::string world_hash_after;   // Empty if not finished, or if hashing was not asked for.
};

// Hashing reads the whole state twice; only a check for purity needs it.
enum class Purity { kHashed, kUnchecked };

// What verifies: a fork of the world, which is dropped or stays for a VerifyEach of the same
// function; or the world itself, which ends with it, at the price of no fork.
enum class Verifier { kDropped, kKept, kWorld };

// Whether code sees the variables of the code before it.
enum class Variables { kKept, kFresh };

// What an episode is made of; defined in episode.cc.
class EpisodeProcesses;

enum class ListOrder { kCounts, kIgnored };

// One thread at a time. Must not outlive its Environment.
class Episode {
 public:
  explicit Episode(std::unique_ptr<EpisodeProcesses> processes);
  ~Episode();
  Episode(const Episode&) = delete;
  Episode& operator=(const Episode&) = delete;

  // Runs Python in the cell, where the tools are functions. Variables stay for the next turn. If
  // the cell dies, the next call has a new one without the variables; the world stays.
  // kFresh starts without variables in the same cell, which is cheaper than an episode of its own
  // and, against code that tampers with its interpreter, weaker.
  Result<CodeResult> RunCode(std::string_view code, Variables variables = Variables::kKept);

  // RunCode with fresh variables for each, in one fork of the world, which then is dropped: many
  // times cheaper, because tool calls are made there, but only for plain code, which cannot leave
  // anything behind or lie about its calls. Ends with the first that calls a write tool; empty
  // where the fork came to no end, and each must be run alone. Nothing is recorded in calls().
  Result<std::vector<CodeResult>> RunEach(const std::vector<std::string>& codes);

  // One tool call in the world, without a cell: JSON tool calls, and replay of traces.
  // `arguments_json` is untrusted text; text that is not an object is a failed call.
  Result<ToolCall> CallTool(std::string_view tool, std::string_view arguments_json);

  // Runs evaluate() or evaluate(answer) in the world as it stands, by default in a fork of it that
  // is dropped, so that nothing it writes stays. The answer is given if the function has a
  // parameter for it. After Verifier::kWorld the episode has no world to ask for anything.
  Result<VerdictResult> Verify(std::string_view evaluation_function,
                               std::optional<std::string> answer_json,
                               Purity purity = Purity::kHashed, Verifier by = Verifier::kDropped);

  // Verify for each answer, in one fork, which is kept until a write tool is called: many times
  // cheaper, but only for code that cannot leave anything behind for its next call. No hashes;
  // empty where the fork came to no end, and each answer must be verified alone.
  Result<std::vector<VerdictResult>> VerifyEach(std::string_view evaluation_function,
                                                const std::vector<std::string>& answers_json);

  // Where a new task with `tools` may start from: calls that work in this world, as code, picked
  // by seeds() of tools.py at random. Empty where it has none; kInvalidArgument if that raises.
  Result<std::vector<std::string>> Seeds(const std::vector<std::string>& tools);

  // SHA-256 of the state as canonical JSON; 5 and 5.0 differ, the order of keys does not matter,
  // and that of lists only if it counts.
  Result<std::string> StateHash(ListOrder order = ListOrder::kCounts);

  // All tool calls so far, from code and direct, in order.
  const std::vector<ToolCall>& calls() const;
  // The answer that the latest finished code left.
  std::optional<std::string> answer_json() const;

 private:
  std::unique_ptr<EpisodeProcesses> processes_;
};

}  // namespace sca::env
