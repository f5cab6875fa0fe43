#include "campaign/approvals.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace sca::campaign {
namespace {

constexpr std::size_t kHashDigitsMin = 8;
constexpr std::size_t kHashDigits = 64;

// Id to instruction, as the run stored them when it began.
Result<Json> HeldOutInstructions(const store::Store& store) {
  return SCA_TRY(store.Meta("held_out_instructions")).value_or(Json::object());
}

bool IsAmong(const Json& instructions, const std::string& instruction) {
  return std::find(instructions.begin(), instructions.end(), Json(instruction)) !=
         instructions.end();
}

Error HeldOut(std::string_view id) {
  return {ErrorCode::kFailedPrecondition,
          fmt::format("Task {} is a held-out one, which is for measuring only and never trained "
                      "on.",
                      id)};
}

// The task of this id, whatever became of it.
Result<store::Candidate> Find(const store::Store& store, std::string_view id) {
  const Json held_out = SCA_TRY(HeldOutInstructions(store));
  std::optional<store::Candidate> candidate = SCA_TRY(store.CandidateOf(id));
  if (!candidate.has_value()) {
    if (held_out.contains(id)) return HeldOut(id);
    return Error{
        ErrorCode::kNotFound,
        fmt::format("The run has no task \"{}\". `sca approve RUN` lists those that wait.", id)};
  }
  if (IsAmong(held_out, candidate->task->instruction)) return HeldOut(id);
  return *std::move(candidate);
}

// What became of a task that does not wait.
std::string WhatBecameOf(const store::Candidate& candidate) {
  const GateVerdict* failure = candidate.verdict.first_failure();
  const bool aside = candidate.fate == store::CandidateFate::kSetAside;
  if (failure == nullptr) return aside ? "set aside for its pilot" : "accepted already";
  return fmt::format("{} at the gate {}", aside ? "set aside" : "rejected", failure->gate);
}

Status CheckShown(std::string_view id, std::string_view hash, std::string_view shown) {
  if (hash.starts_with(Lowercase(shown))) return {};
  return Error{ErrorCode::kFailedPrecondition,
               fmt::format("Task {} is not what was shown: its hash begins with {}, not {}. Look "
                           "at it again by `sca approve RUN {}`.",
                           id, hash.substr(0, shown.size()), shown, id)};
}

}  // namespace

Result<std::vector<WaitingTask>> WaitingTasks(const store::Store& store) {
  const Json held_out = SCA_TRY(HeldOutInstructions(store));
  const std::vector<Review> reviews = SCA_TRY(store.Reviews());
  std::vector<WaitingTask> waiting;
  for (store::Candidate& candidate : SCA_TRY(store.Candidates(std::nullopt))) {
    if (candidate.fate != store::CandidateFate::kWaiting) continue;
    if (IsAmong(held_out, candidate.task->instruction)) continue;
    WaitingTask task{.candidate = std::move(candidate), .hash = ""};
    task.hash = task.candidate.task->Hash();
    if (const Review* review = LastReview(reviews, task.hash)) task.review = *review;
    waiting.push_back(std::move(task));
  }
  return waiting;
}

Result<std::vector<WaitingTask>> OpenTasks(const store::Store& store) {
  std::vector<WaitingTask> tasks = SCA_TRY(WaitingTasks(store));
  std::erase_if(tasks, [](const WaitingTask& task) { return task.review.has_value(); });
  return tasks;
}

bool AsksPeople(const GateSettings& gates) { return gates.approval && !gates.IsOff("approved"); }

Result<std::vector<CodeAsTask>> HeldOutTasks(const store::Store& store,
                                             std::span<const CodeAsTask> today) {
  std::vector<CodeAsTask> tasks(today.begin(), today.end());
  const Json stored = SCA_TRY(HeldOutInstructions(store));
  for (const auto& [id, instruction] : stored.items()) {
    if (!instruction.is_string()) continue;
    CodeAsTask task;
    task.id = id;
    task.instruction = instruction.get<std::string>();
    tasks.push_back(std::move(task));
  }
  return tasks;
}

std::string WrongName(std::string_view name) {
  const std::size_t at = name.find('@');
  if (at == std::string_view::npos) return "";
  const std::string_view shown = name.substr(at + 1);
  const bool all_digits = shown.find_first_not_of("0123456789abcdefABCDEF") == shown.npos;
  if (all_digits && shown.size() >= kHashDigitsMin && shown.size() <= kHashDigits) return "";
  return fmt::format("Give the first {} to {} digits of the hash of task {}, not \"{}\".",
                     kHashDigitsMin, kHashDigits, name.substr(0, at), shown);
}

Result<WaitingTask> FindWaiting(const store::Store& store, std::string_view name) {
  if (std::string wrong = WrongName(name); !wrong.empty()) {
    return Error{ErrorCode::kInvalidArgument, std::move(wrong)};
  }
  const std::size_t at = name.find('@');
  WaitingTask task{.candidate = SCA_TRY(Find(store, name.substr(0, at))), .hash = ""};
  const std::string& id = task.candidate.task->id;
  if (task.candidate.fate != store::CandidateFate::kWaiting) {
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("Task {} does not wait for approval: it is {}.", id,
                             WhatBecameOf(task.candidate))};
  }
  task.hash = task.candidate.task->Hash();
  if (at != std::string_view::npos) SCA_TRY(CheckShown(id, task.hash, name.substr(at + 1)));
  const std::vector<Review> reviews = SCA_TRY(store.Reviews());
  if (const Review* review = LastReview(reviews, task.hash)) task.review = *review;
  return task;
}

Status GiveWord(store::Store& store, std::string_view name, Review review) {
  const WaitingTask task = SCA_TRY(FindWaiting(store, name));
  review.task_id = task.candidate.task->id;
  review.task_hash = task.hash;
  return store.AddReview(review);
}

store::CandidateFate FateAfter(const std::optional<GateVerdict>& approved) {
  if (!approved.has_value()) return store::CandidateFate::kWaiting;
  return approved->verdict == Verdict::kFailed ? store::CandidateFate::kRejected
                                               : store::CandidateFate::kAccepted;
}

}  // namespace sca::campaign
