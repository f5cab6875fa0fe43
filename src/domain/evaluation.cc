#include "domain/evaluation.h"

namespace sca {

Json Evaluation::ToJson() const {
  Json scores = Json::array();
  for (const TaskScore& score : tasks) {
    scores.push_back({{"task_id", score.task_id},
                      {"calls", score.calls},
                      {"trials", score.trials},
                      {"successes", score.successes}});
  }
  return {{"stage", stage},
          {"environment", environment},
          {"policy", policy},
          {"seed", seed},
          {"tasks", tasks.size()},
          {"trials", trials},
          {"pass_at_1", pass_at_1},
          {"pass_at_1_interval", {pass_at_1_interval.low, pass_at_1_interval.high}},
          {"pass_at_4", pass_at_4},
          {"infrastructure_failures", infrastructure_failures},
          {"scores", scores}};
}

Result<Evaluation> Evaluation::FromJson(const Json& json) {
  Evaluation evaluation;
  try {
    evaluation.stage = json.at("stage").get<std::string>();
    evaluation.environment = json.at("environment").get<std::string>();
    evaluation.policy = json.at("policy").get<std::string>();
    evaluation.seed = json.at("seed").get<std::uint64_t>();
    evaluation.trials = json.at("trials").get<int>();
    evaluation.pass_at_1 = json.at("pass_at_1").get<double>();
    evaluation.pass_at_1_interval.low = json.at("pass_at_1_interval").at(0).get<double>();
    evaluation.pass_at_1_interval.high = json.at("pass_at_1_interval").at(1).get<double>();
    evaluation.pass_at_4 = json.at("pass_at_4").get<double>();
    evaluation.infrastructure_failures = json.at("infrastructure_failures").get<int>();
    for (const Json& score : json.at("scores")) {
      evaluation.tasks.push_back({.task_id = score.at("task_id").get<std::string>(),
                                  .calls = score.at("calls").get<int>(),
                                  .trials = score.at("trials").get<int>(),
                                  .successes = score.at("successes").get<int>()});
    }
  } catch (const nlohmann::json::exception& exception) {
    return Error{ErrorCode::kDataLoss,
                 std::string("A stored evaluation is damaged: ") + exception.what()};
  }
  return evaluation;
}

Json Comparison::ToJson() const {
  return {{"difference", difference}, {"interval", {interval.low, interval.high}}};
}

}  // namespace sca
