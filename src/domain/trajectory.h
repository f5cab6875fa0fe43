// The record of one episode: what the model said, what it saw, and what it was worth.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace sca {

// How an episode ended. Only kAnswered and kTurnLimit are the model's doing and can be judged.
enum class EpisodeEnding {
  kAnswered,        // The agent left an answer, or said that it is done.
  kTurnLimit,       // Turns or context ran out; the end state is judged as it stands.
  kInfrastructure,  // Something of ours broke: no reward at all, never 0.
};

std::string_view EpisodeEndingName(EpisodeEnding ending);

struct Turn {
  std::string agent;        // The model's message.
  std::string observation;  // What it read next; empty after the last turn.
  Json calls;               // [{tool, arguments, result, failed, milliseconds}], in order.
};

struct Trajectory {
  std::string task_id;
  std::string task_hash;
  std::string policy;  // "base", or the adapter: "iteration_1".
  std::uint64_t seed = 0;
  std::vector<Turn> turns;
  // The whole episode as the model saw it, token by token; `logprobs` is 0 where not `by_agent`.
  std::vector<int> tokens;
  std::vector<bool> by_agent;
  std::vector<float> logprobs;
  std::optional<std::string> answer;  // JSON text.
  EpisodeEnding ending = EpisodeEnding::kAnswered;
  std::optional<double> reward;  // None where infrastructure or the verifier failed.
  std::string outcome;           // Of the verification: "passed", "failed", "raised", ...
  std::string error;
  double seconds = 0;

  int agent_tokens() const;
  int tool_calls() const;
  bool succeeded() const { return reward.has_value() && *reward >= 1.0; }

  Json ToJson() const;
  static Result<Trajectory> FromJson(const Json& json);
};

}  // namespace sca
