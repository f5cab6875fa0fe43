#include "domain/evaluation.h"

#include <gtest/gtest.h>

namespace sca {
namespace {

Evaluation TwoTasks() {
  return {.stage = "after",
          .environment = "kitchen",
          .policy = "iteration_2",
          .seed = 3,
          .trials = 4,
          .tasks = {{.task_id = "a", .calls = 1, .trials = 4, .successes = 3},
                    {.task_id = "b", .calls = 2, .trials = 3, .successes = 0}},
          .pass_at_1 = 0.375,
          .pass_at_1_interval = {.low = 0.125, .high = 0.75},
          .pass_at_4 = 0.5,
          .infrastructure_failures = 1};
}

TEST(Evaluation, ComesBackFromItsJsonText) {
  const std::string text = DumpJson(TwoTasks().ToJson());

  const Evaluation back = Evaluation::FromJson(ParseJson(text).value()).value();

  EXPECT_EQ(DumpJson(back.ToJson()), text);
  EXPECT_EQ(back.stage, "after");
  EXPECT_EQ(back.tasks.at(1).trials, 3);
  EXPECT_EQ(back.pass_at_1_interval.high, 0.75);
  EXPECT_EQ(back.infrastructure_failures, 1);
}

// Other programs read these names from `sca report --json`.
TEST(Evaluation, ShowsTheNamesThatOthersRelyOn) {
  const Json json = TwoTasks().ToJson();

  EXPECT_EQ(json["stage"], "after");
  EXPECT_EQ(json["environment"], "kitchen");
  EXPECT_EQ(json["pass_at_1"], 0.375);
  EXPECT_EQ(json["pass_at_1_interval"], Json::parse("[0.125, 0.75]"));
  EXPECT_EQ(json["pass_at_4"], 0.5);
  EXPECT_EQ(json["tasks"], 2);
  EXPECT_EQ(json["trials"], 4);
}

TEST(Evaluation, IsRefusedWhereItsJsonIsDamaged) {
  Json json = TwoTasks().ToJson();
  json["pass_at_1_interval"] = Json::array();

  EXPECT_EQ(Evaluation::FromJson(json).error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(Evaluation::FromJson(Json(1)).error().code, ErrorCode::kDataLoss);
}

TEST(Comparison, ShowsDifferenceAndInterval) {
  const Comparison comparison{.difference = 0.25, .interval = {.low = 0.125, .high = 0.5}};

  EXPECT_EQ(DumpJson(comparison.ToJson()), R"({"difference":0.25,"interval":[0.125,0.5]})");
}

}  // namespace
}  // namespace sca
