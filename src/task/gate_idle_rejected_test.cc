// Doing nothing, and giving up by handing over to a person.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "base/files.h"
#include "task/gate.h"

namespace sca::task {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTools = R"py(
from sca import read, write

def load_state():
    return {"open": ["T1", "T2"], "log": []}

@read
def log(state) -> list[str]:
    """What was done."""
    return state["log"]

@write
def close_ticket(state, ticket: str) -> str:
    """Closes a ticket, for example "T1"."""
    state["log"].append(ticket + " closed")
    return "closed"

@write
def transfer_to_human_agents(state, summary: str) -> str:
    """Hands the user over to a person, with a summary."""
    state["log"].append("handed over")
    return "handed over"
)py";

class IdleRejectedTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("sca_idle_test_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    ASSERT_TRUE(WriteFileAtomically(folder_ / "environment.toml",
                                    "title = \"Desk\"\ndescription = \"A help desk.\"\n"
                                    "turns_max = 3\nanswer = \"none\"\n")
                    .ok());
    ASSERT_TRUE(WriteFileAtomically(folder_ / "tools.py", kTools).ok());
    environment_ = env::Environment::Load(folder_).value();
  }
  void TearDown() override {
    environment_.reset();
    fs::remove_all(folder_);
  }

  Finding Judge(const std::string& solution, const std::string& condition) {
    CodeAsTask task;
    task.instruction = "Close T1.";
    task.solution = solution;
    task.evaluation_function = "def evaluate():\n    return " + condition;
    const GateSettings settings;
    const KnownTasks known;
    const Policy policy;
    Candidate candidate(task, *environment_, settings, known, policy, 1);
    return JudgeIdleRejected(candidate).value();
  }

  fs::path folder_;
  std::unique_ptr<env::Environment> environment_;
};

TEST_F(IdleRejectedTest, FindsWhatHoldsAlready) {
  EXPECT_FALSE(Judge("close_ticket(\"T1\")", "len(log()) <= 1").passed);
  EXPECT_TRUE(Judge("close_ticket(\"T1\")", "log() == [\"T1 closed\"]").passed);
}

TEST_F(IdleRejectedTest, FindsThatHandingOverIsEnough) {
  const Finding finding = Judge("close_ticket(\"T1\")", "len(log()) == 1");

  EXPECT_FALSE(finding.passed);
  EXPECT_NE(finding.evidence.find("transfer_to_human_agents"), std::string::npos);
}

TEST_F(IdleRejectedTest, LetsASolutionHandOver) {
  EXPECT_TRUE(
      Judge("transfer_to_human_agents(\"A refund for T1.\")", "log() == [\"handed over\"]").passed);
}

}  // namespace
}  // namespace sca::task
