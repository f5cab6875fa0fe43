#include "campaign/reverify.h"

namespace sca::campaign {
namespace {

Json RowsJson(const std::vector<TrainingRow>& rows) {
  Json list = Json::array();
  for (const TrainingRow& row : rows) {
    list.push_back({{"task", row.task_id},
                    {"demonstration", row.demonstration},
                    {"trajectory", row.demonstration ? Json(nullptr) : Json(row.trajectory_id)}});
  }
  return list;
}

Json RewardJson(const std::optional<double>& reward) {
  return reward.has_value() ? Json(*reward) : Json(nullptr);
}

}  // namespace

Json Reverification::ToJson() const {
  Json tasks_json = Json::array();
  for (const TaskFlip& flip : task_flips) {
    tasks_json.push_back({{"task", flip.task_id},
                          {"gate", flip.gate},
                          {"before", flip.before},
                          {"after", flip.after},
                          {"evidence", flip.evidence}});
  }
  Json trajectories_json = Json::array();
  for (const TrajectoryFlip& flip : trajectory_flips) {
    trajectories_json.push_back({{"trajectory", flip.id},
                                 {"task", flip.task_id},
                                 {"purpose", flip.purpose},
                                 {"before", RewardJson(flip.before)},
                                 {"after", RewardJson(flip.after)},
                                 {"why", flip.why}});
  }
  return {{"tasks", tasks},
          {"trajectories", trajectories},
          {"trajectories_skipped", trajectories_skipped},
          {"task_flips", tasks_json},
          {"trajectory_flips", trajectories_json},
          {"rows",
           {{"before", rows_before},
            {"after", rows_after},
            {"gone", RowsJson(rows_gone)},
            {"new", RowsJson(rows_new)}}}};
}

}  // namespace sca::campaign
