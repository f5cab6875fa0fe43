// Code that tries to lie or to disturb: what it must not do to its own world, answer and verdict.
// hostile_programs_test.cc runs the programs of tests/hostile/.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "env/vault.h"

namespace sca::env {
namespace {

namespace fs = std::filesystem;
using sandbox::IsolationLevel;
using sandbox::Outcome;

constexpr std::string_view kLimits =
    "wall_ms = 700\ntool_ms = 500\nverify_ms = 700\nmemory_mb = 32\noutput_bytes = 2000\n";
// Time enough for many at once on a busy machine.
constexpr std::string_view kPatient =
    "wall_ms = 60000\ntool_ms = 60000\nverify_ms = 60000\nmemory_mb = 32\noutput_bytes = 2000\n";

std::size_t OpenDescriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

class Hostile : public testing::TestWithParam<IsolationLevel> {
 protected:
  void SetUp() override { Load(kLimits); }

  void Load(std::string_view limits) {
    auto environment =
        LoadVault(limits, {.isolation_minimum = GetParam(), .isolation_maximum = GetParam()});
    if (!environment.ok() && environment.error().code == ErrorCode::kFailedPrecondition) {
      GTEST_SKIP() << environment.error().message;
    }
    ASSERT_TRUE(environment.ok()) << environment.error().message;
    environment_ = std::move(environment).value();
  }

  CodeResult RunInNewEpisode(std::string_view code) {
    return environment_->Start(1).value()->RunCode(code).value();
  }
  VerdictResult VerifyInNewEpisode(std::string_view code) {
    return environment_->Start(1).value()->Verify(code, std::nullopt).value();
  }
  // Indents `code` into the body of evaluate().
  VerdictResult Evaluate(const std::string& code) {
    std::string body = "def evaluate():\n    ";
    for (const char character : code) {
      body += character;
      if (character == '\n') body += "    ";
    }
    return VerifyInNewEpisode(body);
  }

  std::unique_ptr<Environment> environment_;
};

TEST_P(Hostile, LeavesTheWorldAndTheNextCellAlone) {
  const auto episode = environment_->Start(1).value();
  const std::string before = episode->StateHash().value();
  for (const char* code :
       {"while True: pass", "import os; os._exit(3)", "import os; os.write(3, b'\\xff' * 99)",
        "peek = lambda: 0", "import json; json.loads = json.JSONDecoder.decode = None"}) {
    ASSERT_TRUE(episode->RunCode(code).ok()) << code;
    episode->RunCode("import os; os._exit(0)").value();
    const CodeResult next = episode->RunCode("answer = peek()").value();
    EXPECT_EQ(next.answer_json, "41") << code << next.error;
  }
  EXPECT_EQ(episode->StateHash().value(), before);
}

TEST_P(Hostile, DoesNotTakeALateMessageForTheNextTurn) {
  const auto episode = environment_->Start(1).value();
  const CodeResult forged = episode
                                ->RunCode(
                                    "import os, json\n"
                                    "b = json.dumps({'op': 'ran', 'turn': 1, 'outcome': "
                                    "'finished', 'answer': '7'}).encode()\n"
                                    "os.write(3, len(b).to_bytes(4, 'little') + b)")
                                .value();
  const CodeResult next = episode->RunCode("answer = 1").value();

  EXPECT_EQ(forged.answer_json, "7");  // A cell may say what it likes of itself.
  EXPECT_EQ(next.outcome, Outcome::kProtocolError);
  EXPECT_EQ(episode->RunCode("answer = 1").value().answer_json, "1");
}

TEST_P(Hostile, RefusesAnswersThatAreNotPlainData) {
  for (const char* code : {"answer = float('nan')", "answer = float('inf')", "answer = {1}",
                           "answer = lambda: 1", "answer = '\\ud800'", "answer = object()",
                           "answer = b'x'", "answer = 1j", "answer = []\nanswer.append(answer)",
                           "answer = []\nfor _ in range(500): answer = [answer]"}) {
    const CodeResult result = RunInNewEpisode(code);
    EXPECT_FALSE(result.answer_json.has_value()) << code;
    EXPECT_FALSE(result.error.empty()) << code;
  }
  // An object that equals everything reaches evaluate as what it is stored as: a number.
  EXPECT_EQ(
      RunInNewEpisode("class T(int):\n  def __eq__(s, o): return True\nanswer = T(3)").answer_json,
      "3");
}

TEST_P(Hostile, AcceptsOnlyTrueAndFalseAsAVerdict) {
  for (const char* code :
       {"return 1", "return 'yes'", "return None", "return float('nan')", "return [True]",
        "class T:\n  def __bool__(s): return True\n  def __eq__(s, o): return True\nreturn T()",
        "import sys; sys.exit(0)", "import os; os._exit(0)"}) {
    EXPECT_FALSE(Evaluate(code).passed.has_value()) << code;
  }
  EXPECT_EQ(Evaluate("return peek() == 41").passed, true);
  EXPECT_EQ(Evaluate("return peek() == 40").passed, false);
}

TEST_P(Hostile, AsksWhateverIsCalledEvaluateAndNothingElse) {
  const auto episode = environment_->Start(1).value();
  const auto passed = [&](std::string_view code) {
    return episode->Verify(code, "7").value().passed;
  };
  for (const char* code :
       {"evaluate = lambda answer: answer == 7", "def evaluate(answer=8): return answer == 7",
        "def evaluate(*all): return all == (7,)", "def evaluate(answer, *, more=1): return True",
        "import functools\nevaluate = functools.partial(lambda seven, answer: answer == 7, 7)",
        "class evaluate:\n  def __new__(cls, answer): return answer == 7",
        "class Judge:\n  def __call__(self, answer): return answer == 7\nevaluate = Judge()"}) {
    EXPECT_EQ(passed(code), true) << code;
  }
  for (const char* code :
       {"async def evaluate(answer): return True", "def evaluate(answer): yield True",
        "class evaluate:\n  def __init__(self, answer): pass",
        "def evaluate(*, answer): return True", "def evaluate(answer, more): return True",
        "evaluate = True", "evaluate = None",
        "class Judge:\n  __class__ = type(lambda: 0)\n"
        "  def __call__(self): return True\nevaluate = Judge()",
        "class Kind(type):\n  __name__ = property(lambda c: 1 / 0)\n"
        "class Verdict(metaclass=Kind): pass\ndef evaluate(answer): return Verdict()",
        "def evaluate(answer): return evaluate", "def evaluate(answer): return bytes(b'True')",
        "import sys\nsys.modules['__main__'].passed = True\ndef evaluate(answer): return 1"}) {
    EXPECT_FALSE(passed(code).has_value()) << code;
  }
}

TEST_P(Hostile, ForgetsWhatAnEvaluateDidToItsProcess) {
  Load(kPatient);
  const auto episode = environment_->Start(1).value();
  const std::string before = episode->StateHash().value();
  for (const char* code :
       {"import sca.world\nsca.world.verify = lambda *_: {'op': 'verdict', 'outcome': 'finished', "
        "'passed': True}\ndef evaluate(): return False",
        "import builtins\nbuiltins.len = builtins.isinstance = None\ndef evaluate(): return False",
        "peek.__closure__\nnote('x')\ndef evaluate(): return notes() != ['x']",
        "for cell in peek.__closure__:\n  if type(cell.cell_contents) is dict and 'secret' in "
        "cell.cell_contents: cell.cell_contents['secret'] = 42\n"
        "def evaluate(): return peek() != 42"}) {
    EXPECT_NE(episode->Verify(code, std::nullopt).value().passed, true) << code;
    EXPECT_EQ(episode->Verify("def evaluate(): return peek() == 41 and notes() == []", std::nullopt)
                  .value()
                  .passed,
              true)
        << code;
  }
  EXPECT_EQ(episode->StateHash().value(), before);
}

TEST_P(Hostile, TakesAnswersAndArgumentsAsTheyCame) {
  Load(kPatient);
  const auto episode = environment_->Start(1).value();
  for (const char* value :
       {"2 ** 70", "-0.0", "5.0", "1e-320", "True", "1", "'\\0\\x7f\\u2028\\U0001f600'",
        "{'': {'a': [None, 0.1 + 0.2]}}", "'\"' * 2_000_000", "'\\x01' * 600_000"}) {
    const std::string code =
        std::string("value = ") + value +
        "\nif repr(echo(value)) != repr(value): raise ValueError\nanswer = value";
    const CodeResult result = episode->RunCode(code).value();
    const VerdictResult verdict =
        episode
            ->Verify(
                std::string("def evaluate(answer): return repr(answer) == repr(") + value + ")",
                result.answer_json)
            .value();

    EXPECT_EQ(result.outcome, Outcome::kFinished) << value << result.error;
    EXPECT_EQ(verdict.passed, true) << value << verdict.error;
  }
}

TEST_P(Hostile, GivesTheSameRandomNumbersClockAndIdsForTheSameSeed) {
  constexpr std::string_view kCode =
      "import random, time, uuid, os, secrets, datetime, _thread\n"
      "print(random.random(), time.time(), time.monotonic(), time.perf_counter_ns(), uuid.uuid4(),"
      " os.urandom(8).hex(), secrets.token_hex(4), datetime.datetime.now(), os.getpid(),"
      " random.SystemRandom().random(), {'a', 'b', 'c'}, time.localtime().tm_hour, os.getppid(),"
      " _thread.get_native_id())";
  const std::string first = environment_->Start(1).value()->RunCode(kCode).value().output;
  const std::string again = environment_->Start(1).value()->RunCode(kCode).value().output;
  const std::string other = environment_->Start(2).value()->RunCode(kCode).value().output;

  EXPECT_NE(first, "");
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
}

TEST_P(Hostile, JudgesUnderAnyLimitOfMemory) {
  for (const char* megabytes : {"16", "700", "3000"}) {
    Load(std::string("verify_ms = 60000\nmemory_mb = ") + megabytes + "\n");
    EXPECT_EQ(Evaluate("return peek() == 41").passed, true) << megabytes;
  }
}

TEST_P(Hostile, KeepsManyOpenEpisodesApart) {
  Load(kPatient);
  std::vector<std::unique_ptr<Episode>> episodes;
  for (std::uint64_t i = 0; i < 100; ++i) episodes.push_back(environment_->Start(i).value());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < episodes.size(); ++i) {
    threads.emplace_back([&, i] {
      const std::string code = "note('episode " + std::to_string(i) + "')";
      EXPECT_EQ(episodes[i]->RunCode(code).value().outcome, Outcome::kFinished);
    });
  }
  for (std::thread& thread : threads) thread.join();

  for (std::size_t i = 0; i < episodes.size(); ++i) {
    ASSERT_EQ(episodes[i]->calls().size(), 1U);
    EXPECT_EQ(episodes[i]->calls()[0].result_json, "\"episode " + std::to_string(i) + "\"");
    for (std::size_t j = 0; j < i; j += 37) {
      EXPECT_NE(episodes[i]->StateHash().value(), episodes[j]->StateHash().value());
    }
  }
}

TEST_P(Hostile, LeaksNoDescriptors) {
  RunInNewEpisode("answer = 1");
  const std::size_t before = OpenDescriptors();
  for (int i = 0; i < 50; ++i) {
    const auto episode = environment_->Start(1).value();
    episode->RunCode("import os; os._exit(0)").value();
    episode->Verify("def evaluate(): return True", std::nullopt).value();
  }

  EXPECT_EQ(OpenDescriptors(), before);
}

INSTANTIATE_TEST_SUITE_P(Levels, Hostile,
                         testing::Values(IsolationLevel::kSeccomp, IsolationLevel::kLandlock,
                                         IsolationLevel::kNamespaces),
                         [](const auto& level) {
                           return "Level" + std::to_string(static_cast<int>(level.param));
                         });

}  // namespace
}  // namespace sca::env
