#include "env/environment.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/files.h"

namespace sca::env {
namespace {

namespace fs = std::filesystem;
using sandbox::Outcome;

constexpr std::string_view kSettings = R"(title = "Till"
description = "A till."
turns_max = 3
answer = "required"
[limits]
wall_ms = 1500
verify_ms = 1500
memory_mb = 64
output_bytes = 2000
)";

constexpr std::string_view kTools = R"py(
from sca import ToolError, read, write

def load_state():
    return {"prices": {"tea": 5, "cake": 5.0}, "sold": []}

@read
def get_price(state, item: str) -> float:
    """Price of an item, for example "tea"."""
    if item not in state["prices"]:
        raise ToolError(f"There is no {item}. There are: tea, cake.")
    return state["prices"][item]

@write
def sell(state, item: str, count: int = 1) -> str:
    """Sells an item."""
    state["sold"].append([item, count])
    return "sold"
)py";

class EnvironmentTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("sca_env_test_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    Write("environment.toml", kSettings);
    Write("tools.py", kTools);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(WriteFileAtomically(folder_ / name, text).ok());
  }

  Result<std::unique_ptr<Environment>> Load() { return Environment::Load(folder_); }

  std::unique_ptr<Episode> Begin() {
    if (environment_ == nullptr) environment_ = Load().value();
    return environment_->Start(7).value();
  }

  CodeResult RunInNewEpisode(std::string_view code) { return Begin()->RunCode(code).value(); }

  fs::path folder_;
  std::unique_ptr<Environment> environment_;
};

TEST_F(EnvironmentTest, DescribesItsToolsAsSignaturesWithoutTheState) {
  environment_ = Load().value();

  ASSERT_EQ(environment_->tools().size(), 2U);
  EXPECT_EQ(environment_->tools()[0].signature, "get_price(item: str) -> float");
  EXPECT_EQ(environment_->tools()[1].signature, "sell(item: str, count: int = 1) -> str");
  EXPECT_TRUE(environment_->tools()[1].writes);
  EXPECT_GE(environment_->isolation().level, sandbox::IsolationLevel::kLandlock);
}

TEST_F(EnvironmentTest, RunsCodeWithToolsAndKeepsVariablesBetweenTurns) {
  const auto episode = Begin();

  const CodeResult first = episode->RunCode("price = get_price('tea')\nprint(price)").value();
  const CodeResult second = episode->RunCode("answer = price + 1").value();

  EXPECT_EQ(first.output, "5\n");
  EXPECT_FALSE(first.answer_json.has_value());
  ASSERT_EQ(first.calls.size(), 1U);
  EXPECT_EQ(first.calls[0].arguments_json, R"({"item": "tea"})");
  EXPECT_EQ(second.outcome, Outcome::kFinished);
  EXPECT_EQ(second.answer_json, "6");
}

TEST_F(EnvironmentTest, KeepsFiveAndFivePointZeroApart) {
  EXPECT_EQ(RunInNewEpisode("answer = get_price('tea')").answer_json, "5");
  EXPECT_EQ(RunInNewEpisode("answer = get_price('cake')").answer_json, "5.0");
  EXPECT_EQ(RunInNewEpisode("answer = 2 ** 70").answer_json, "1180591620717411303424");
}

TEST_F(EnvironmentTest, TakesMessagesOfAnyLengthAboutThatOfSmallOnes) {
  const auto episode = Begin();

  for (std::size_t length = 1900; length < 2100; ++length) {
    const std::string text(length, 'x');
    const CodeResult result = episode->RunCode("answer = '" + text + "'").value();
    ASSERT_EQ(result.answer_json, '"' + text + '"') << length;
  }
}

TEST_F(EnvironmentTest, TakesArgumentsAsJsonHoweverItIsSpaced) {
  const auto episode = Begin();

  const ToolCall spaced = episode->CallTool("get_price", "\n { \"item\" : \"tea\" } ").value();
  const ToolCall broken = episode->CallTool("get_price", R"({"item": "tea"} {})").value();

  EXPECT_EQ(spaced.result_json, "5");
  EXPECT_TRUE(broken.failed);
}

TEST_F(EnvironmentTest, GivesEachEpisodeAPrivateState) {
  const auto left = Begin();
  const auto right = Begin();
  const std::string before = left->StateHash().value();

  ASSERT_TRUE(left->CallTool("sell", R"({"item": "tea"})").ok());

  EXPECT_NE(left->StateHash().value(), before);
  EXPECT_EQ(right->StateHash().value(), before);
}

TEST_F(EnvironmentTest, TellsTheAgentWhatAFailedCallSaid) {
  const CodeResult result = RunInNewEpisode("get_price('rum')");

  EXPECT_EQ(result.outcome, Outcome::kRaised);
  EXPECT_EQ(result.error, "line 1: ToolError: There is no rum. There are: tea, cake.");
  ASSERT_EQ(result.calls.size(), 1U);
  EXPECT_TRUE(result.calls[0].failed);
}

TEST_F(EnvironmentTest, NamesTheSignatureWhereACallDoesNotFitIt) {
  EXPECT_NE(RunInNewEpisode("get_price()").error.find("get_price(item: str) -> float"),
            std::string::npos);
}

TEST_F(EnvironmentTest, NoticesThatCodeDefinesAToolItself) {
  const CodeResult result = RunInNewEpisode("def get_price(item):\n    return 1");

  EXPECT_EQ(result.redefined_tools, std::vector<std::string>{"get_price"});
}

TEST_F(EnvironmentTest, OffersCallsToStartATaskFrom) {
  const auto offered = [&](const std::string& seeds) {
    Write("tools.py", std::string(kTools) + seeds);
    environment_ = Load().value();
    return environment_->Start(7).value()->Seeds({"get_price"});
  };

  EXPECT_EQ(offered("").value(), std::vector<std::string>{});
  EXPECT_EQ(offered("\ndef seeds(state, rng, tools):\n"
                    "    return [f'{tools[0]}(\"{rng.choice([\"tea\"])}\")']\n")
                .value(),
            std::vector<std::string>{"get_price(\"tea\")"});
  EXPECT_NE(offered("\ndef seeds(state, rng, tools):\n    return 1 / 0\n")
                .error()
                .message.find("ZeroDivisionError"),
            std::string::npos);
}

TEST_F(EnvironmentTest, VerifiesInAForkThatLeavesTheWorldAlone) {
  const auto episode = Begin();

  const VerdictResult verdict =
      episode->Verify("def evaluate(answer):\n    sell('tea')\n    return answer == 5", "5")
          .value();

  EXPECT_EQ(verdict.passed, true);
  EXPECT_NE(verdict.world_hash_before, verdict.world_hash_after);
  EXPECT_EQ(episode->StateHash().value(), verdict.world_hash_before);
}

// What is hashed is what the state says, whether it was looked at before a call or after.
TEST_F(EnvironmentTest, HashesTheStateThatEvaluateFindsAndLeaves) {
  const auto episode = Begin();
  const std::string loaded = episode->StateHash().value();
  const auto verify = [&](const std::string& body) {
    return episode->Verify("def evaluate(answer):\n    " + body, "5").value();
  };
  const VerdictResult untouched = verify("return get_price('tea') == 5");
  EXPECT_EQ(untouched.world_hash_before, loaded);
  EXPECT_EQ(untouched.world_hash_after, loaded);

  ASSERT_FALSE(episode->CallTool("sell", R"({"item": "tea"})").value().failed);
  const std::string sold = episode->StateHash().value();
  EXPECT_NE(sold, loaded);
  const VerdictResult after_a_call = verify("return get_price('tea') == 5");
  EXPECT_EQ(after_a_call.world_hash_before, sold);
  EXPECT_EQ(after_a_call.world_hash_after, sold);

  const VerdictResult selling = verify("sell('tea'); return True");
  EXPECT_EQ(selling.world_hash_before, sold);
  EXPECT_NE(selling.world_hash_after, sold);
}

TEST_F(EnvironmentTest, VerifiesManyAnswersInOneFork) {
  const auto episode = Begin();
  const auto verdicts =
      episode
          ->VerifyEach(
              "def evaluate(answer):\n    return answer * 2 == get_price('tea') + 5 or 1 / 0",
              {"5", "6", "\"x\""})
          .value();

  ASSERT_EQ(verdicts.size(), 3U);
  EXPECT_EQ(verdicts[0].passed, true);
  EXPECT_EQ(verdicts[1].outcome, Outcome::kRaised);
  EXPECT_EQ(verdicts[2].outcome, Outcome::kRaised);
  EXPECT_TRUE(episode->VerifyEach("import os\nos._exit(0)", {"1"}).value().empty());
}

// It counts in a place that only its own process has.
TEST_F(EnvironmentTest, KeepsAVerifierUntilTheWorldChanges) {
  constexpr std::string_view kCounts =
      "import builtins\ndef evaluate(answer):\n"
      "    builtins.seen = getattr(builtins, 'seen', 0) + 1\n    return builtins.seen == answer";
  const auto episode = Begin();
  const auto passes = [&](const std::string& answer) {
    return episode->VerifyEach(kCounts, {answer}).value().at(0).passed;
  };

  EXPECT_EQ(episode->Verify(kCounts, "1", Purity::kHashed, Verifier::kKept)->passed, true);
  EXPECT_EQ(passes("2"), true);
  ASSERT_FALSE(episode->CallTool("get_price", R"({"item": "tea"})").value().failed);
  EXPECT_EQ(passes("3"), true);
  ASSERT_FALSE(episode->CallTool("sell", R"({"item": "tea"})").value().failed);
  EXPECT_EQ(passes("1"), true);
  // One that sold something is no world as it was.
  EXPECT_EQ(episode
                ->Verify("def evaluate():\n    sell('tea')\n    return True", std::nullopt,
                         Purity::kHashed, Verifier::kKept)
                ->passed,
            true);
  EXPECT_EQ(passes("2"), true);
  EXPECT_TRUE(episode->VerifyEach("def evaluate(answer):\n    import os\n    os._exit(0)", {"1"})
                  .value()
                  .empty());
  EXPECT_EQ(passes("1"), true);
}

TEST_F(EnvironmentTest, ForgetsVariablesWhereAsked) {
  const auto episode = Begin();
  ASSERT_TRUE(episode->RunCode("x = 5").ok());

  EXPECT_EQ(episode->RunCode("print(x)")->output, "5\n");
  EXPECT_NE(episode->RunCode("print(x)", Variables::kFresh)->error.find("NameError"),
            std::string::npos);
}

// Small blocks, large ones, and more than a child's own first memory holds (zygote_nursery.h).
TEST_F(EnvironmentTest, KeepsMemoryOfAllSizesWhole) {
  const CodeResult result = RunInNewEpisode(R"py(
import random
kept = {}
for step in range(60000):
    key = random.randrange(4000)
    size = random.choice([0, 1, 15, 16, 17, 255, 256, 257, 511, 512, 513, 700, 16384, 16385])
    if key in kept and step % 3:
        data = kept[key][1]
        grown = data + bytes([data[0]]) * (size % 999) if data else data
        kept[key] = (kept[key][0], grown, list(grown[:8]))
        if step % 5 == 0:
            del kept[key]
    else:
        data = bytes([key % 251]) * size
        kept[key] = (key, data, list(data[:8]))
answer = all(key == mark and set(data) <= {key % 251} and list(data[:8]) == head
             for key, (mark, data, head) in kept.items()) and len(kept) > 1000
)py");
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.answer_json, "true");
}

TEST_F(EnvironmentTest, TakesOnlyTrueAndFalseForAVerdict) {
  const auto episode = Begin();

  for (const std::string value : {"1", "'yes'", "None", "float('nan')", "[True]"}) {
    const VerdictResult verdict =
        episode->Verify("def evaluate():\n    return " + value, std::nullopt).value();
    EXPECT_FALSE(verdict.passed.has_value()) << value;
  }
}

TEST_F(EnvironmentTest, GivesEvaluateTheAnswerIfItTakesOne) {
  const auto episode = Begin();

  for (const std::string signature : {"def evaluate(answer=0):", "def evaluate(*all, answer=5):",
                                      "from functools import partial\ndef right(one, answer):",
                                      "class evaluate:\n  def __new__(own, answer):",
                                      "# coding: no such\ndef evaluate(answer):"}) {
    const bool partial = signature.starts_with("from");
    const std::string code =
        signature + "\n    return answer == 5\n" + (partial ? "evaluate = partial(right, 1)" : "");
    EXPECT_EQ(episode->Verify(code, "5")->passed, true)
        << code << episode->Verify(code, "5")->error;
  }
  EXPECT_EQ(episode->Verify("def evaluate(*, answer=3):\n    return answer == 3", "5")->passed,
            true);
  EXPECT_NE(episode->Verify("evaluate = 3", "5")->error.find("evaluate is not defined"),
            std::string::npos);
}

TEST_F(EnvironmentTest, TakesNoNoticeOfWhatEvaluatePrints) {
  const VerdictResult verdict =
      Begin()
          ->Verify(
              "import sys\ndef evaluate():\n    print('x' * 10**6, file=sys.stderr)\n"
              "    return sys.stdout.write('four') == 4",
              std::nullopt)
          .value();
  EXPECT_EQ(verdict.error, "");
  EXPECT_EQ(verdict.passed, true);
}

TEST_F(EnvironmentTest, EndsCodeThatNeverStopsAndGoesOnWithTheNext) {
  const auto episode = Begin();

  EXPECT_EQ(episode->RunCode("while True: pass").value().outcome, Outcome::kTimedOut);
  EXPECT_EQ(episode->RunCode("answer = 1").value().answer_json, "1");
}

TEST_F(EnvironmentTest, TellsTheOutcomesOfMisbehavingCodeApart) {
  EXPECT_EQ(RunInNewEpisode("x = [0] * 10**9").outcome, Outcome::kOutOfMemory);
  EXPECT_EQ(RunInNewEpisode("while True: print('x' * 500)").outcome, Outcome::kOutputExceeded);
  EXPECT_EQ(RunInNewEpisode("print('x' * 5000)").outcome, Outcome::kOutputExceeded);
  EXPECT_EQ(RunInNewEpisode("import os; os._exit(0)").outcome, Outcome::kProtocolError);
  EXPECT_EQ(RunInNewEpisode("import os; os.write(3, b'x' * 9)").outcome, Outcome::kProtocolError);
  EXPECT_EQ(RunInNewEpisode("1 +").outcome, Outcome::kRaised);
}

TEST_F(EnvironmentTest, LetsNothingOut) {
  for (const std::string attack :
       {"open('/etc/passwd')", "open('x', 'w')", "import os; os.fork()",
        "import os; os.listdir('/')", "import socket; socket.socket()",
        "import subprocess; subprocess.run(['id'])", "import os; os.kill(1, 9)", "import ctypes"}) {
    EXPECT_EQ(RunInNewEpisode(attack).outcome, Outcome::kRaised) << attack;
  }
}

TEST_F(EnvironmentTest, NamesFileLineAndExceptionOfToolsThatRaise) {
  Write("tools.py", "import sca\n\n\nraise ValueError('no stock')\n");

  const auto environment = Load();

  ASSERT_FALSE(environment.ok());
  EXPECT_EQ(environment.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(environment.error().message.find("tools.py"), std::string::npos);
  EXPECT_NE(environment.error().message.find("line 4: ValueError: no stock"), std::string::npos);
}

TEST_F(EnvironmentTest, RefusesABrokenToml) {
  Write("environment.toml", "title = ");

  const auto environment = Load();

  ASSERT_FALSE(environment.ok());
  EXPECT_NE(environment.error().message.find("environment.toml line 1"), std::string::npos);
}

TEST(EnvironmentFind, NamesWhatIsMissing) {
  const auto folder = Environment::Find("no_such_environment");

  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace sca::env
