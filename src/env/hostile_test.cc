// Programs that try to get out, to lie or to disturb: each ends only its own episode.

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "env/environment.h"

namespace sca::env {
namespace {

namespace fs = std::filesystem;
using sandbox::IsolationLevel;
using sandbox::Outcome;

constexpr std::string_view kSettings = R"(title = "Vault"
description = "A vault."
[limits]
wall_ms = 700
tool_ms = 500
verify_ms = 700
memory_mb = 32
output_bytes = 2000
)";

constexpr std::string_view kTools = R"py(
from sca import read, write

def load_state():
    return {"secret": 41, "log": []}

@read
def peek(state) -> int:
    """The secret."""
    return state["secret"]

@write
def note(state, text: str) -> str:
    """Notes a text."""
    state["log"].append(text)
    return text

@read
def count_to(state, limit: int) -> int:
    """Counts."""
    return sum(1 for _ in range(limit))
)py";

std::size_t OpenDescriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

class Hostile : public testing::TestWithParam<IsolationLevel> {
 protected:
  static void SetUpTestSuite() {
    folder_ = fs::temp_directory_path() / ("sca_hostile_test_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    ASSERT_TRUE(WriteFileAtomically(folder_ / "environment.toml", kSettings).ok());
    ASSERT_TRUE(WriteFileAtomically(folder_ / "tools.py", kTools).ok());
  }
  static void TearDownTestSuite() { fs::remove_all(folder_); }

  void SetUp() override {
    auto environment = Environment::Load(
        folder_, {.isolation_minimum = GetParam(), .isolation_maximum = GetParam()});
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

  // Time enough for many at once on a busy machine.
  void LoadPatiently() {
    const std::string patient =
        "title = \"Vault\"\ndescription = \"A vault.\"\n[limits]\n"
        "wall_ms = 60000\ntool_ms = 60000\nverify_ms = 60000\n";
    ASSERT_TRUE(WriteFileAtomically(folder_ / "environment.toml", patient).ok());
    auto environment = Environment::Load(
        folder_, {.isolation_minimum = GetParam(), .isolation_maximum = GetParam()});
    ASSERT_TRUE(WriteFileAtomically(folder_ / "environment.toml", kSettings).ok());
    environment_ = std::move(environment).value();
  }

  static fs::path folder_;
  std::unique_ptr<Environment> environment_;
};

fs::path Hostile::folder_;

struct Attack {
  const char* code;
  std::vector<Outcome> outcomes;  // Any of these.
};

// Ways out: files, processes, sockets, signals, descriptors.
const std::vector<Attack>& Escapes() {
  static const std::vector<Attack> attacks = {
      {"import subprocess", {Outcome::kRaised}},
      {"import os; os.execv('/bin/sh', ['sh'])", {Outcome::kRaised}},
      {"import os\nif os.system('id') == 0: raise SystemExit\nraise ValueError",
       {Outcome::kRaised}},
      {"import os\nwhile True: os.fork()", {Outcome::kRaised}},
      {"import posix; posix.fork()", {Outcome::kRaised}},
      {"import _thread, time\n_thread.start_new_thread(time.sleep, (60,))", {Outcome::kRaised}},
      {"open('/etc/passwd').read()", {Outcome::kRaised}},
      {"open('/proc/self/mem', 'r+b')", {Outcome::kRaised}},
      {"open('/proc/1/environ', 'rb')", {Outcome::kRaised}},
      {"open('/dev/shm/x', 'w')", {Outcome::kRaised}},
      {"import os; os.symlink('/etc/passwd', 'l')", {Outcome::kRaised}},
      {"import os; os.mkdir('/tmp/x')", {Outcome::kRaised}},
      {"import os; os.memfd_create('x')", {Outcome::kRaised}},
      {"import os; os.stat('/etc/passwd')", {Outcome::kRaised}},
      {"import os; os.listdir('/')", {Outcome::kRaised}},
      {"import os; os.chdir('/')", {Outcome::kRaised}},
      {"import ctypes", {Outcome::kRaised}},
      {"import mmap", {Outcome::kRaised}},
      {"import sqlite3", {Outcome::kRaised}},
      {"import numpy", {Outcome::kRaised}},
      {"import _socket; _socket.socket()", {Outcome::kRaised}},
      {"import _socket; _socket.socket(_socket.AF_UNIX)", {Outcome::kRaised}},
      {"import _socket; _socket.socket(40, 1)", {Outcome::kRaised}},
      {"import _socket; _socket.socketpair()", {Outcome::kRaised}},
      {"import _socket, array\ns = _socket.socket(1, 1, 0, 3)\n"
       "s.sendmsg([b'x'], [(1, 1, array.array('i', [0]))])",
       {Outcome::kRaised}},
      {"import os; os.kill(os.getppid(), 9)", {Outcome::kRaised}},
      {"import os; os.kill(-1, 9)", {Outcome::kRaised}},
      {"import os; os.killpg(0, 9)", {Outcome::kRaised}},
      {"import os, signal; signal.pidfd_send_signal(3, 9)", {Outcome::kRaised}},
      {"import fcntl, os; fcntl.fcntl(3, fcntl.F_SETOWN, 1)", {Outcome::kRaised}},
      {"import fcntl; fcntl.fcntl(3, fcntl.F_DUPFD, 9)", {Outcome::kRaised}},
      {"import os; os.pidfd_open(1)", {Outcome::kRaised}},
      {"import os; os.dup(3)", {Outcome::kRaised}},
      {"import os; os.pipe()", {Outcome::kRaised}},
      {"import os; os.setuid(0)", {Outcome::kRaised}},
      {"import os; os.sethostname if hasattr(os, 'sethostname') else 1 / 0", {Outcome::kRaised}},
      {"import _sca; _sca.fork(0)", {Outcome::kRaised, Outcome::kProtocolError}},
      {"import _sca; _sca.isolation(1, 1)", {Outcome::kRaised, Outcome::kFinished}},
      {"import select; select.epoll()", {Outcome::kRaised}},
      {"import resource", {Outcome::kRaised}},
      {"for fd in range(4, 256):\n  try:\n    import os; os.fstat(fd); print(fd)\n"
       "  except OSError: pass\nraise ValueError",
       {Outcome::kRaised}},
  };
  return attacks;
}

// Ways to eat time and memory, and to lie to the host.
const std::vector<Attack>& Disturbances() {
  static const std::vector<Attack> attacks = {
      {"while True: pass", {Outcome::kTimedOut}},
      {"9 ** 10 ** 9", {Outcome::kTimedOut, Outcome::kOutOfMemory}},
      {"import re; re.match('(a+)+$', 'a' * 40 + 'b')", {Outcome::kTimedOut}},
      {"sum(iter(int, 1))", {Outcome::kTimedOut}},
      {"import _signal as signal\nfor n in range(1, 32):\n  try: signal.signal(n, signal.SIG_IGN)\n"
       "  except OSError: pass\nwhile True: pass",
       {Outcome::kTimedOut}},
      {"import time; time.sleep(10 ** 6)", {Outcome::kTimedOut}},
      {"try:\n  while True: pass\nfinally:\n  while True: pass", {Outcome::kTimedOut}},
      {"class E(Exception):\n  def __str__(self):\n    while True: pass\nraise E",
       {Outcome::kTimedOut}},
      {"x = []\nwhile True: x.append(bytearray(1 << 20))", {Outcome::kOutOfMemory}},
      {"x = 'a'\nwhile True: x += x", {Outcome::kOutOfMemory}},
      {"bytearray(1 << 40)", {Outcome::kOutOfMemory}},
      {"len(str(10 ** 5000))", {Outcome::kRaised}},
      {"import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(): f()\nf()",
       {Outcome::kOutOfMemory, Outcome::kKilled, Outcome::kTimedOut, Outcome::kRaised}},
      {"eval('(' * 10000 + ')' * 10000)", {Outcome::kRaised, Outcome::kOutOfMemory}},
      {"x = []\nfor _ in range(10 ** 5): x = [x]\nprint(x)", {Outcome::kRaised}},
      {"while True: print('x' * 4096)", {Outcome::kOutputExceeded}},
      {"while True:\n  try: print('x' * 100)\n  except BaseException: pass",
       {Outcome::kOutputExceeded}},
      {"while True: note('x')", {Outcome::kOutputExceeded, Outcome::kTimedOut}},
      {"input()", {Outcome::kRaised}},
      {"import os; os._exit(0)", {Outcome::kProtocolError}},
      {"import sys; sys.exit(0)", {Outcome::kRaised}},
      {"import os; os.abort()", {Outcome::kKilled}},
      {"import os; os.write(3, b'\\xff' * 8)", {Outcome::kProtocolError}},
      {"import os; os.write(3, b'\\x02\\0\\0\\0[]')", {Outcome::kProtocolError}},
      {"import os; os.write(3, b'\\x02\\0\\0\\0{}')", {Outcome::kProtocolError}},
      {"import os; os.write(3, b'\\x09\\0\\0\\0{\"op\": 1')\nwhile True: pass",
       {Outcome::kTimedOut}},
      {"import os; os.close(3)", {Outcome::kProtocolError}},
      {"import os; os.close(3)\nwhile True: pass", {Outcome::kProtocolError}},
      {"f = lambda: 0\nf.__code__ = f.__code__.replace(co_code=b'\\x64\\xff\\x53\\0', "
       "co_consts=())\nf()",
       {Outcome::kKilled, Outcome::kRaised, Outcome::kProtocolError}},
      {"import sys; sys.stdout = None; raise ValueError", {Outcome::kRaised}},
      {"import builtins\nbuiltins.len = None; builtins.isinstance = None\n1 / 0",
       {Outcome::kRaised, Outcome::kProtocolError}},
      {"count_to(10 ** 12)", {Outcome::kTimedOut}},
      {"peek(1, 2, 3)", {Outcome::kRaised}},
      {"note(float('nan'))", {Outcome::kRaised}},
      {"note({1, 2})", {Outcome::kRaised}},
  };
  return attacks;
}

std::vector<Attack> Attacks() {
  std::vector<Attack> attacks = Escapes();
  attacks.insert(attacks.end(), Disturbances().begin(), Disturbances().end());
  return attacks;
}

TEST_P(Hostile, EndsEachAttackAsItMustWhenItIsASolution) {
  for (const Attack& attack : Attacks()) {
    const CodeResult result = RunInNewEpisode(attack.code);
    EXPECT_TRUE(std::find(attack.outcomes.begin(), attack.outcomes.end(), result.outcome) !=
                attack.outcomes.end())
        << attack.code << "\n-> " << OutcomeName(result.outcome) << ": " << result.error;
    EXPECT_FALSE(result.answer_json.has_value()) << attack.code;
  }
}

TEST_P(Hostile, GivesNoVerdictWhenItIsAnEvaluate) {
  for (const Attack& attack : Attacks()) {
    const VerdictResult verdict = Evaluate(attack.code);
    EXPECT_FALSE(verdict.passed.has_value()) << attack.code;
    EXPECT_NE(verdict.outcome, Outcome::kInfrastructure) << attack.code << verdict.error;
  }
}

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

TEST_P(Hostile, GivesTheSameRandomNumbersClockAndIdsForTheSameSeed) {
  constexpr std::string_view kCode =
      "import random, time, uuid, os, secrets, datetime\n"
      "print(random.random(), time.time(), time.monotonic(), time.perf_counter_ns(), uuid.uuid4(),"
      " os.urandom(8).hex(), secrets.token_hex(4), datetime.datetime.now(), os.getpid(),"
      " random.SystemRandom().random(), {'a', 'b', 'c'}, time.localtime().tm_hour)";
  const std::string first = environment_->Start(1).value()->RunCode(kCode).value().output;
  const std::string again = environment_->Start(1).value()->RunCode(kCode).value().output;
  const std::string other = environment_->Start(2).value()->RunCode(kCode).value().output;

  EXPECT_NE(first, "");
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
}

TEST_P(Hostile, KeepsManyOpenEpisodesApart) {
  LoadPatiently();
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
