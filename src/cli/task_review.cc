#include "cli/task_review.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

#include "base/json.h"
#include "base/text.h"
#include "cli/visible.h"

namespace sca::cli {
namespace {

constexpr std::size_t kHashDigitsShown = 12;
constexpr std::size_t kReviewBytesShown = 100;

std::string Part(std::string_view title, std::string_view text) {
  return fmt::format("{}\n  {}\n", title, ReplaceAll(Visible(Trim(text)), "\n", "\n  "));
}

std::string OneLine(std::string_view text) {
  return Visible(ReplaceAll(std::string(text), "\n", " "));
}

std::string Word(const campaign::WaitingTask& task) {
  if (!task.review.has_value()) return "waits";
  return fmt::format("{} by {}", DecisionName(task.review->decision), OneLine(task.review->by));
}

// The next line of `answers`; none at their end.
std::optional<std::string> Ask(std::string_view question, std::istream& answers) {
  fmt::print("{} ", question);
  std::fflush(stdout);
  std::string line;
  if (!std::getline(answers, line)) {
    fmt::print("\n");
    return std::nullopt;
  }
  return std::string(Trim(line));
}

enum class Choice { kApprove, kReject, kSkip, kQuit };

Choice AskChoice(std::istream& answers) {
  for (;;) {
    const auto line = Ask("Approve it? y(es), n(o), s(kip), q(uit):", answers);
    if (!line.has_value()) return Choice::kQuit;
    const std::string word = Lowercase(*line);
    if (word == "y" || word == "yes") return Choice::kApprove;
    if (word == "n" || word == "no") return Choice::kReject;
    if (word == "s" || word == "skip") return Choice::kSkip;
    if (word == "q" || word == "quit") return Choice::kQuit;
  }
}

}  // namespace

std::string ReviewLine(const campaign::WaitingTask& task) {
  return fmt::format("{:<10} {} {:<22} {}", task.candidate.task->id,
                     task.hash.substr(0, kHashDigitsShown), Shorten(Word(task), 22),
                     Shorten(OneLine(task.candidate.task->instruction), kReviewBytesShown));
}

std::string ReviewText(const campaign::WaitingTask& task) {
  const CodeAsTask& content = *task.candidate.task;
  std::string text = fmt::format("Task {}, hash {}, {}\n", content.id,
                                 task.hash.substr(0, kHashDigitsShown), Word(task));
  text += Part("Instruction", content.instruction);
  text += Part("Solution", content.solution);
  text += Part("Verification", content.evaluation_function);
  for (std::size_t index = 0; index < content.failure_cases.size(); ++index) {
    text += Part(fmt::format("Failure case {}", index + 1), content.failure_cases[index]);
  }
  text += "Gates\n";
  for (const GateVerdict& gate : task.candidate.verdict.gates) {
    text += fmt::format("  {:<21} {:<8} {}\n", gate.gate, VerdictName(gate.verdict),
                        OneLine(gate.evidence));
  }
  return text;
}

std::string ReviewJson(const campaign::WaitingTask& task) {
  Json json = task.candidate.task->ToJson();
  json["hash"] = task.hash;
  json["review"] = task.review.has_value() ? task.review->ToJson() : Json(nullptr);
  json["gates"] = Json::array();
  for (const GateVerdict& gate : task.candidate.verdict.gates) {
    json["gates"].push_back(gate.ToJson());
  }
  // DumpJson leaves as it is what is not ASCII. Bytes that are no UTF-8 are replaced here too.
  constexpr bool kAscii = true;
  return json.dump(-1, ' ', kAscii, Json::error_handler_t::replace);
}

Status ReviewOneByOne(store::Store& store, const Review& word, const Answers& answers) {
  const std::vector<campaign::WaitingTask> tasks = SCA_TRY(campaign::OpenTasks(store));
  for (std::size_t index = 0; index < tasks.size(); ++index) {
    fmt::print("\n{} of {}: {}", index + 1, tasks.size(), ReviewText(tasks[index]));
    const Choice choice = AskChoice(answers.lines);
    if (choice == Choice::kQuit) break;
    if (choice == Choice::kSkip) continue;
    Review review = word;
    review.decision = choice == Choice::kApprove ? Decision::kApproved : Decision::kRejected;
    if (choice == Choice::kReject && review.note.empty()) {
      review.note = Ask("Why? (may be empty)", answers.lines).value_or("");
    }
    review.time = answers.time_now();
    // With the hash, so that what is stored is what was shown.
    SCA_TRY(campaign::GiveWord(
        store, fmt::format("{}@{}", tasks[index].candidate.task->id, tasks[index].hash), review));
  }
  return {};
}

}  // namespace sca::cli
