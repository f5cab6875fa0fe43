// Tasks with one planted defect each, and tasks without: do the gates catch the ones and keep the
// others? tests/defects/README.md has the form of the files.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/parallel.h"
#include "task/judge.h"

namespace sca::task {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(SCA_SOURCE_DIR) / "tests" / "defects";

// "none" where all gates are passed.
struct Judged {
  CodeAsTask task;
  std::string gate = "none";
  std::string evidence;
};

std::vector<Judged> JudgeAll(const fs::path& file, const env::Environment& environment) {
  const std::vector<CodeAsTask> tasks =
      ParseTasks(ReadFile(file).value(), file.string(), MissingParts::kEmpty).value();
  const KnownTasks known = KnownTasks::Of(environment).value();
  const GateSettings settings;
  std::vector<Judged> judged(tasks.size());
  const Status status = ForEachInParallel(tasks.size(), [&](std::size_t index) -> Status {
    const TaskReport report =
        SCA_TRY(JudgeTask(tasks[index], environment, settings, known, 11, {}, TaskSource::kFile));
    judged[index].task = tasks[index];
    if (const GateVerdict* failure = report.verdict.first_failure(); failure != nullptr) {
      judged[index].gate = failure->gate;
      judged[index].evidence = failure->evidence;
    }
    return {};
  });
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  return judged;
}

bool IsMeant(const Json& meant, const std::string& gate) {
  if (meant.is_string()) return meant == gate;
  return std::find(meant.begin(), meant.end(), gate) != meant.end();
}

class Defects : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const fs::path own = kFolder / GetParam();
    environment_ =
        env::Environment::Load(fs::exists(own) ? own : env::Environment::Find(GetParam()).value())
            .value();
  }

  std::unique_ptr<env::Environment> environment_;
};

TEST_P(Defects, AreCaughtByTheGateMeantForThem) {
  const fs::path file = kFolder / (GetParam() + ".jsonl");
  const std::vector<Json> lines = ParseJsonLines(ReadFile(file).value(), file.string()).value();

  const std::vector<Judged> judged = JudgeAll(file, *environment_);

  std::size_t caught = 0;
  std::string misses;
  for (std::size_t index = 0; index < judged.size(); ++index) {
    if (IsMeant(lines[index].at("gate"), judged[index].gate)) {
      ++caught;
    } else {
      misses += judged[index].task.id + " (" + lines[index].at("defect").get<std::string>() +
                "): " + judged[index].gate + ", not " + DumpJson(lines[index].at("gate")) + ". " +
                judged[index].evidence + "\n";
    }
  }
  EXPECT_GE(static_cast<double>(caught), 0.98 * static_cast<double>(judged.size())) << misses;
  EXPECT_GE(judged.size(), 15U);
}

TEST_P(Defects, DoNotTakeGoodTasksWithThem) {
  const std::vector<Judged> judged =
      JudgeAll(kFolder / (GetParam() + "_good.jsonl"), *environment_);

  std::size_t kept = 0;
  std::string falls;
  for (const Judged& one : judged) {
    if (one.gate == "none") {
      ++kept;
    } else {
      falls += one.task.id + " falls at " + one.gate + ": " + one.evidence + "\n";
    }
  }
  EXPECT_GE(static_cast<double>(kept), 0.95 * static_cast<double>(judged.size())) << falls;
  EXPECT_GE(judged.size(), 10U);
}

INSTANTIATE_TEST_SUITE_P(Planted, Defects, testing::Values("kitchen", "shop", "library"),
                         [](const auto& environment) { return environment.param; });

}  // namespace
}  // namespace sca::task
