#include "store/records.h"

namespace sca::store {
namespace {

Error Damaged(std::string_view what, std::string_view why) {
  return {ErrorCode::kDataLoss, "A stored " + std::string(what) + " is damaged: " +
                                    std::string(why) + ". Restore the run's database from a copy."};
}

Result<CandidateFate> ParseFate(std::string_view name) {
  for (const CandidateFate fate : {CandidateFate::kAccepted, CandidateFate::kRejected,
                                   CandidateFate::kSetAside, CandidateFate::kWaiting}) {
    if (name == CandidateFateName(fate)) return fate;
  }
  return Damaged("candidate", "its fate is \"" + std::string(name) + "\"");
}

}  // namespace

std::string_view CandidateFateName(CandidateFate fate) {
  switch (fate) {
    case CandidateFate::kAccepted:
      return "accepted";
    case CandidateFate::kRejected:
      return "rejected";
    case CandidateFate::kSetAside:
      return "set_aside";
    case CandidateFate::kWaiting:
      return "waiting";
  }
  return "rejected";
}

Json Candidate::ToJson() const {
  Json gates = Json::array();
  for (const GateVerdict& gate : verdict.gates) gates.push_back(gate.ToJson());
  Json json = {{"iteration", iteration},
               {"index", index},
               {"fate", CandidateFateName(fate)},
               {"task", task.has_value() ? task->ToJson() : Json(nullptr)},
               {"gates", gates},
               {"trace", trace},
               {"conversation", conversation},
               {"failures_made", failures_made},
               {"revisions", revisions},
               {"first_failure_before_revision", first_failure_before_revision},
               {"milliseconds", milliseconds},
               {"tokens", tokens}};
  if (agreement.has_value()) {
    json["agreement"] = {{"attempts", agreement->attempts},
                         {"agreed", agreement->agreed},
                         {"by_another_trace", agreement->by_another_trace}};
  }
  return json;
}

Result<Candidate> Candidate::FromJson(const Json& json) {
  Candidate candidate;
  try {
    candidate.iteration = json.at("iteration").get<int>();
    candidate.index = json.at("index").get<int>();
    candidate.fate = SCA_TRY(ParseFate(json.at("fate").get<std::string>()));
    if (!json.at("task").is_null()) {
      candidate.task = SCA_TRY(CodeAsTask::FromJson(json.at("task")));
    }
    for (const Json& gate : json.at("gates")) {
      candidate.verdict.gates.push_back(SCA_TRY(GateVerdict::FromJson(gate)));
    }
    candidate.trace = json.at("trace");
    candidate.conversation = json.at("conversation");
    candidate.failures_made = json.value("failures_made", 0);
    candidate.revisions = json.at("revisions").get<int>();
    candidate.first_failure_before_revision =
        json.at("first_failure_before_revision").get<std::string>();
    candidate.milliseconds = json.at("milliseconds").get<double>();
    candidate.tokens = json.at("tokens").get<double>();
    if (json.contains("agreement")) {
      const Json& agreement = json.at("agreement");
      candidate.agreement = {.attempts = agreement.at("attempts").get<int>(),
                             .agreed = agreement.at("agreed").get<int>(),
                             .by_another_trace = agreement.at("by_another_trace").get<int>()};
    }
  } catch (const nlohmann::json::exception& exception) {
    return Damaged("candidate", exception.what());
  }
  return candidate;
}

Json TrainingRecord::ToJson() const {
  return {{"iteration", iteration},
          {"algorithm", algorithm},
          {"rows", rows},
          {"rows_from_rollouts", rows_from_rollouts},
          {"rows_from_demonstrations", rows_from_demonstrations},
          {"distinct_tasks", distinct_tasks},
          {"seconds", seconds},
          {"adapter", adapter},
          {"adapter_sha256", adapter_sha256},
          {"details", details}};
}

Result<TrainingRecord> TrainingRecord::FromJson(const Json& json) {
  TrainingRecord training;
  try {
    training.iteration = json.at("iteration").get<int>();
    training.algorithm = json.at("algorithm").get<std::string>();
    training.rows = json.at("rows").get<int>();
    training.rows_from_rollouts = json.at("rows_from_rollouts").get<int>();
    training.rows_from_demonstrations = json.at("rows_from_demonstrations").get<int>();
    training.distinct_tasks = json.at("distinct_tasks").get<int>();
    training.seconds = json.at("seconds").get<double>();
    training.adapter = json.at("adapter").get<std::string>();
    training.adapter_sha256 = json.at("adapter_sha256").get<std::string>();
    training.details = json.at("details");
  } catch (const nlohmann::json::exception& exception) {
    return Damaged("training", exception.what());
  }
  return training;
}

}  // namespace sca::store
