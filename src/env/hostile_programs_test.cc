// Runs every program of tests/hostile/ in each role that code of a model can have: as a solution,
// as a failure case, as an evaluate, which the world or a fork of it runs, and as an action of an
// executor.
//
// The first line of a program says what it tries, "# ends:" how it may end, and "# as evaluate:"
// how it may end there if that differs, or "not run: ..." with the reason. "# leaves: notes" is
// said of one that calls the tool which writes; what else there is of the state stays as it was.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/files.h"
#include "base/text.h"
#include "env/vault.h"

namespace sca::env {
namespace {

namespace fs = std::filesystem;
using sandbox::IsolationLevel;
using sandbox::Outcome;

// What never ends is run under the short limits, all else under limits that no machine is too busy
// for: time decides no outcome.
constexpr std::string_view kShort = "wall_ms = 400\nverify_ms = 400\ntool_ms = 5000\n";
constexpr std::string_view kLong = "wall_ms = 60000\nverify_ms = 60000\ntool_ms = 60000\n";
constexpr std::size_t kOutputBytes = 2000;
constexpr std::string_view kSizes = "memory_mb = 32\noutput_bytes = 2000\ncalls_mb = 4\n";
constexpr std::string_view kUntouched = "return peek() == 41 and notes() == []";
constexpr std::string_view kTouched = "return peek() == 42 or notes() != []";
constexpr std::string_view kSecretUntouched = "return peek() == 41";
constexpr std::string_view kSecretTouched = "return peek() == 42";

// What code may say of itself, whoever forged it.
constexpr std::size_t kErrorBytes = 4100;
constexpr std::size_t kNamesMax = 100;

enum class Role { kSolution, kFailureCase, kEvaluate, kLastEvaluate, kAction };

struct Program {
  std::string name;
  std::string code;
  std::vector<std::string> endings;
  std::vector<std::string> evaluate_endings;  // Empty: not run as an evaluate.
  bool may_time_out = false;
  bool writes = false;
};

// The words of "# key: a | b" in the head of a program; none if it has no such line.
std::vector<std::string> HeadWords(std::string_view code, const std::string& key) {
  const std::string start = "# " + key + ": ";
  std::vector<std::string> words;
  for (std::string_view line : SplitLines(code)) {
    if (!line.starts_with("#")) break;
    if (!line.starts_with(start)) continue;
    for (line.remove_prefix(start.size()); !line.empty();) {
      const std::string_view word = line.substr(0, line.find('|'));
      words.emplace_back(Trim(word));
      line.remove_prefix(std::min(line.size(), word.size() + 1));
    }
  }
  return words;
}

bool Has(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<Program> ReadPrograms() {
  std::vector<Program> programs;
  for (const auto& entry : fs::directory_iterator(fs::path(SCA_SOURCE_DIR) / "tests" / "hostile")) {
    if (entry.path().extension() != ".py") continue;
    Program program{.name = entry.path().stem().string(), .code = ReadFile(entry.path()).value()};
    program.endings = HeadWords(program.code, "ends");
    program.evaluate_endings = HeadWords(program.code, "as evaluate");
    if (program.evaluate_endings.empty()) {
      program.evaluate_endings = program.endings;
    } else if (program.evaluate_endings[0].starts_with("not run")) {
      program.evaluate_endings.clear();
    }
    program.writes = Has(HeadWords(program.code, "leaves"), "notes");
    program.may_time_out =
        Has(program.endings, "timed_out") || Has(program.evaluate_endings, "timed_out");
    programs.push_back(std::move(program));
  }
  return programs;
}

// The code as the body of an evaluate(), or of one that takes an answer.
std::string AsEvaluate(std::string_view code) {
  std::string function = "def evaluate():\n";
  for (const std::string_view line : SplitLines(code)) {
    function += "    " + std::string(line) + "\n";
  }
  return function;
}

// One program in one world of its own.
class Trial {
 public:
  Trial(const Program& program, const Environment& environment)
      : program_(program), episode_(environment.Start(1).value()) {}

  void Run(Role role) {
    const std::string before = episode_->StateHash().value();
    if (role == Role::kAction) RunPatiently("kept = 1");
    if (role == Role::kLastEvaluate) {
      RunEvaluate(Verifier::kWorld);
      EXPECT_FALSE(episode_->StateHash().ok()) << program_.name;  // Nobody believes it any more.
      return;
    }
    if (role == Role::kEvaluate) {
      RunEvaluate(Verifier::kDropped);
    } else {
      RunCode();
    }
    if (world_is_gone_) {
      // With its world go its verdicts; that is no trouble of ours, which would count for nothing.
      const auto verdict = episode_->Verify(AsEvaluate(kUntouched), std::nullopt);
      ASSERT_TRUE(verdict.ok()) << program_.name << ": " << verdict.error().message;
      EXPECT_FALSE(verdict->passed.has_value()) << program_.name;
      EXPECT_TRUE(episode_->RunCode("peek()").ok()) << program_.name;
      return;
    }
    // The next turn has some outcome too; it is the same cell, if that still lives.
    if (role == Role::kAction) {
      EXPECT_TRUE(episode_->RunCode("kept = 2").ok()) << program_.name;
    }
    const bool meant_to_fail = role == Role::kFailureCase;
    std::string_view body = program_.writes ? kSecretUntouched : kUntouched;
    if (meant_to_fail) body = program_.writes ? kSecretTouched : kTouched;
    EXPECT_EQ(Judge(body), !meant_to_fail) << program_.name;
    const std::string after = episode_->StateHash().value();
    if (!program_.writes) {
      EXPECT_EQ(after, before) << program_.name;
    }
  }

 private:
  void RunCode() {
    const auto result = episode_->RunCode(program_.code);
    // What code does is never trouble of ours.
    ASSERT_TRUE(result.ok()) << program_.name << ": " << result.error().message;
    ExpectOneOf(program_.endings, result->outcome, result->error);
    EXPECT_LE(result->output.size(), kOutputBytes + 3) << program_.name;
    EXPECT_LE(result->redefined_tools.size(), kNamesMax) << program_.name;
    const std::vector<ToolCall>& calls = episode_->calls();
    world_is_gone_ = !calls.empty() && calls.back().error.find("did not end") != std::string::npos;
  }

  void RunEvaluate(Verifier verifier) {
    const auto verdict =
        episode_->Verify(AsEvaluate(program_.code), std::nullopt, Purity::kHashed, verifier);
    ASSERT_TRUE(verdict.ok()) << program_.name << ": " << verdict.error().message;
    EXPECT_FALSE(verdict->passed.has_value()) << program_.name;
    ExpectOneOf(program_.evaluate_endings, verdict->outcome, "as evaluate: " + verdict->error);
  }

  void ExpectOneOf(const std::vector<std::string>& endings, Outcome outcome,
                   const std::string& error) {
    EXPECT_TRUE(Has(endings, OutcomeName(outcome)))
        << program_.name << " ended as " << OutcomeName(outcome) << ": " << error;
    EXPECT_LE(error.size(), kErrorBytes) << program_.name;
  }

  // Under short limits a busy machine may stop honest code: it is run until it has ended.
  void RunPatiently(std::string_view code) {
    while (episode_->RunCode(code).value().outcome == Outcome::kTimedOut) {
    }
  }
  std::optional<bool> Judge(std::string_view body) {
    VerdictResult verdict;
    do {
      verdict = episode_->Verify(AsEvaluate(body), std::nullopt).value();
    } while (verdict.outcome == Outcome::kTimedOut);
    return verdict.passed;
  }

  const Program& program_;
  std::unique_ptr<Episode> episode_;
  bool world_is_gone_ = false;
};

class HostilePrograms : public testing::TestWithParam<IsolationLevel> {
 protected:
  void SetUp() override {
    patient_ = Load(kLong);
    if (patient_ == nullptr) return;
    impatient_ = Load(kShort);
  }

  std::unique_ptr<Environment> Load(std::string_view times) {
    auto environment =
        LoadVault(std::string(kSizes) + std::string(times),
                  {.isolation_minimum = IsolationLevel::kSeccomp, .isolation_maximum = GetParam()});
    EXPECT_TRUE(environment.ok()) << environment.error().message;
    return environment.ok() ? std::move(environment).value() : nullptr;
  }

  // Each program in each role, a few at a time, while another episode of the same zygotes looks on.
  void RunAll(const std::vector<Program>& programs, const std::vector<Role>& roles) {
    const auto bystander = patient_->Start(9).value();
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i = 0; (i = next++) < programs.size() * roles.size();) {
        const Program& program = programs[i / roles.size()];
        const Role role = roles[i % roles.size()];
        const bool evaluates = role == Role::kEvaluate || role == Role::kLastEvaluate;
        if (evaluates && program.evaluate_endings.empty()) continue;
        Trial(program, program.may_time_out ? *impatient_ : *patient_).Run(role);
      }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) threads.emplace_back(work);
    while (next < programs.size() * roles.size()) {
      EXPECT_EQ(bystander->CallTool("peek", "{}").value().result_json, "41");
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(bystander->CallTool("peek", "{}").value().result_json, "41");
  }

  std::unique_ptr<Environment> patient_;
  std::unique_ptr<Environment> impatient_;
};

TEST_P(HostilePrograms, EndAsTheySayInEveryRoleAndChangeNothing) {
  ASSERT_TRUE(patient_ != nullptr && impatient_ != nullptr);
  std::vector<Program> programs = ReadPrograms();
  ASSERT_GE(programs.size(), 60U);
  for (const Program& program : programs) EXPECT_FALSE(program.endings.empty()) << program.name;

  if (GetParam() == IsolationLevel::kNamespaces) {
    RunAll(programs, {Role::kSolution, Role::kFailureCase, Role::kEvaluate, Role::kLastEvaluate,
                      Role::kAction});
  } else {  // The kernel's side is what a lower level lacks: endless programs say nothing of it.
    std::erase_if(programs, [](const Program& program) { return program.may_time_out; });
    RunAll(programs, {Role::kSolution});
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, HostilePrograms,
                         testing::Values(IsolationLevel::kSeccomp, IsolationLevel::kLandlock,
                                         IsolationLevel::kNamespaces),
                         [](const auto& level) {
                           return "UpToLevel" + std::to_string(static_cast<int>(level.param));
                         });

}  // namespace
}  // namespace sca::env
