#include "domain/trajectory.h"

#include <algorithm>

namespace sca {

std::string_view EpisodeEndingName(EpisodeEnding ending) {
  switch (ending) {
    case EpisodeEnding::kAnswered:
      return "answered";
    case EpisodeEnding::kTurnLimit:
      return "turn_limit";
    case EpisodeEnding::kInfrastructure:
      return "infrastructure";
  }
  return "infrastructure";
}

int Trajectory::agent_tokens() const {
  return static_cast<int>(std::count(by_agent.begin(), by_agent.end(), true));
}

int Trajectory::tool_calls() const {
  int calls = 0;
  for (const Turn& turn : turns) calls += static_cast<int>(turn.calls.size());
  return calls;
}

Json Trajectory::ToJson() const {
  Json turn_list = Json::array();
  for (const Turn& turn : turns) {
    turn_list.push_back(
        {{"agent", turn.agent}, {"observation", turn.observation}, {"calls", turn.calls}});
  }
  Json json = {{"task_id", task_id},   {"task_hash", task_hash}, {"policy", policy},
               {"seed", seed},         {"turns", turn_list},     {"tokens", tokens},
               {"by_agent", by_agent}, {"logprobs", logprobs}};
  json["answer"] = answer.has_value() ? Json(*answer) : Json(nullptr);
  json["ending"] = EpisodeEndingName(ending);
  json["reward"] = reward.has_value() ? Json(*reward) : Json(nullptr);
  json["outcome"] = outcome;
  json["error"] = error;
  json["seconds"] = seconds;
  return json;
}

Result<Trajectory> Trajectory::FromJson(const Json& json) {
  Trajectory trajectory;
  try {
    trajectory.task_id = json.at("task_id").get<std::string>();
    trajectory.task_hash = json.at("task_hash").get<std::string>();
    trajectory.policy = json.at("policy").get<std::string>();
    trajectory.seed = json.at("seed").get<std::uint64_t>();
    for (const Json& turn : json.at("turns")) {
      trajectory.turns.push_back({.agent = turn.at("agent").get<std::string>(),
                                  .observation = turn.at("observation").get<std::string>(),
                                  .calls = turn.at("calls")});
    }
    trajectory.tokens = json.at("tokens").get<std::vector<int>>();
    trajectory.by_agent = json.at("by_agent").get<std::vector<bool>>();
    trajectory.logprobs = json.at("logprobs").get<std::vector<float>>();
    if (!json.at("answer").is_null()) trajectory.answer = json.at("answer").get<std::string>();
    if (!json.at("reward").is_null()) trajectory.reward = json.at("reward").get<double>();
    trajectory.outcome = json.at("outcome").get<std::string>();
    trajectory.error = json.at("error").get<std::string>();
    trajectory.seconds = json.at("seconds").get<double>();
    const std::string ending = json.at("ending").get<std::string>();
    trajectory.ending = ending == "answered"     ? EpisodeEnding::kAnswered
                        : ending == "turn_limit" ? EpisodeEnding::kTurnLimit
                                                 : EpisodeEnding::kInfrastructure;
  } catch (const nlohmann::json::exception& exception) {
    return Error{ErrorCode::kDataLoss,
                 std::string("A stored trajectory is damaged: ") + exception.what()};
  }
  return trajectory;
}

}  // namespace sca
