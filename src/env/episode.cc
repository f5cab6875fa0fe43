#include "env/episode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "env/environment_processes.h"

namespace sca::env {
namespace {

using Clock = std::chrono::steady_clock;
using sandbox::Frame;
using sandbox::FrameStatus;
using sandbox::Outcome;

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// What a process that runs a model's code says of its end. It may say anything, so only outcomes
// that it can know are taken.
Outcome OutcomeFrom(std::string_view name) {
  constexpr std::array kKnown = {Outcome::kFinished, Outcome::kRaised, Outcome::kOutOfMemory,
                                 Outcome::kOutputExceeded};
  for (const Outcome outcome : kKnown) {
    if (sandbox::OutcomeName(outcome) == name) return outcome;
  }
  return Outcome::kProtocolError;
}

// What the end of a channel says where no result came.
Outcome OutcomeOf(FrameStatus status) {
  switch (status) {
    case FrameStatus::kTimedOut:
      return Outcome::kTimedOut;
    case FrameStatus::kEnded:
      return Outcome::kKilled;
    default:
      return Outcome::kProtocolError;
  }
}

std::string Explain(Outcome outcome, std::chrono::milliseconds limit) {
  switch (outcome) {
    case Outcome::kTimedOut:
      return fmt::format("The code did not end within {} ms.", limit.count());
    case Outcome::kKilled:
      return "The code ended its own process, or did what is not allowed.";
    default:
      return "The code broke the protocol of its process.";
  }
}

// Only JSON text may pass between processes; a cell can send anything.
bool IsJsonText(const std::string& text) { return ParseJson(text).ok(); }

Error WorldGone() {
  return {ErrorCode::kUnavailable, "The world of an episode does not answer any more."};
}

}  // namespace

Result<std::unique_ptr<EpisodeProcesses>> StartProcesses(EnvironmentProcesses& environment,
                                                         std::uint64_t seed) {
  auto processes = std::make_unique<EpisodeProcesses>();
  processes->environment = &environment;
  processes->seed = seed;
  processes->world = SCA_TRY(environment.worlds->Fork(sandbox::ChildKind::kWorld, seed));
  return processes;
}

Episode::Episode(std::unique_ptr<EpisodeProcesses> processes) : processes_(std::move(processes)) {}
Episode::~Episode() = default;

const std::vector<ToolCall>& Episode::calls() const { return processes_->calls; }
std::optional<std::string> Episode::answer_json() const { return processes_->answer_json; }

Result<ToolCall> Episode::CallTool(std::string_view tool, std::string_view arguments_json) {
  const auto start = Clock::now();
  ToolCall call{.tool = std::string(tool), .arguments_json = std::string(arguments_json)};
  sandbox::Channel& world = processes_->world.channel();
  if (!world.Send({{"op", "call"}, {"tool", tool}, {"arguments", arguments_json}})) {
    return WorldGone();
  }
  const auto limit = processes_->environment->limits.tool_time;
  const Frame reply = world.Receive(start + limit);
  if (reply.status == FrameStatus::kTimedOut) {
    processes_->world.Kill();
    return Error{ErrorCode::kUnavailable,
                 fmt::format("The tool {} did not end within {} ms.", tool, limit.count())};
  }
  if (reply.status != FrameStatus::kFrame) return WorldGone();
  call.failed = !GetBoolOr(reply.message, "ok", false);
  (call.failed ? call.error : call.result_json) = GetStringOr(reply.message, "value", "");
  call.milliseconds = MillisecondsSince(start);
  processes_->calls.push_back(call);
  return call;
}

Result<CodeResult> Episode::RunCode(std::string_view code) {
  EpisodeProcesses& episode = *processes_;
  const EnvironmentLimits& limits = episode.environment->limits;
  const auto start = Clock::now();
  const auto deadline = start + limits.code_time;
  if (!episode.cell.running()) {
    episode.cell =
        SCA_TRY(episode.environment->cells->Fork(sandbox::ChildKind::kCell, episode.seed));
    episode.cell.channel().Send({{"op", "tools"}, {"tools", episode.environment->worlds->tools()}});
  }
  const std::size_t first_call = episode.calls.size();
  CodeResult result;
  episode.cell.channel().Send({{"op", "run"}, {"code", code}});
  while (true) {
    const Frame frame = episode.cell.channel().Receive(deadline);
    const std::string op = GetStringOr(frame.message, "op", "");
    if (frame.status == FrameStatus::kFrame && op == "call" &&
        episode.calls.size() - first_call < limits.calls_max) {
      const ToolCall call = SCA_TRY(CallTool(GetStringOr(frame.message, "tool", ""),
                                             GetStringOr(frame.message, "arguments", "")));
      episode.cell.channel().Send({{"op", "result"},
                                   {"ok", !call.failed},
                                   {"value", call.failed ? call.error : call.result_json}});
      continue;
    }
    if (frame.status == FrameStatus::kFrame && op == "ran") {
      result.outcome = OutcomeFrom(GetStringOr(frame.message, "outcome", ""));
      result.output = GetStringOr(frame.message, "output", "");
      result.error = GetStringOr(frame.message, "error", "");
      const std::string answer = GetStringOr(frame.message, "answer", "");
      if (!answer.empty() && IsJsonText(answer)) result.answer_json = answer;
      if (auto names = GetStrings(frame.message, "redefined"); names.ok()) {
        result.redefined_tools = std::move(names).value();
      }
    } else {
      result.outcome = OutcomeOf(frame.status);
      result.error = Explain(result.outcome, limits.code_time);
      episode.cell.Kill();
    }
    break;
  }
  result.calls.assign(episode.calls.begin() + static_cast<std::ptrdiff_t>(first_call),
                      episode.calls.end());
  if (result.outcome == Outcome::kFinished) episode.answer_json = result.answer_json;
  result.milliseconds = MillisecondsSince(start);
  return result;
}

Result<VerdictResult> Episode::Verify(std::string_view evaluation_function,
                                      std::optional<std::string> answer_json, Purity purity) {
  const auto start = Clock::now();
  const auto limit = processes_->environment->limits.verify_time;
  const auto deadline = start + limit;
  sandbox::Process verifier = SCA_TRY(sandbox::Process::ForkFrom(
      processes_->world.channel(),
      {{"op", "verify"},
       {"code", evaluation_function},
       {"answer", answer_json.has_value() ? Json(*answer_json) : Json(nullptr)},
       {"hashed", purity == Purity::kHashed}},
      deadline));
  const Frame frame = verifier.channel().Receive(deadline);
  VerdictResult verdict;
  if (frame.status == FrameStatus::kFrame && GetStringOr(frame.message, "op", "") == "verdict") {
    verdict.outcome = OutcomeFrom(GetStringOr(frame.message, "outcome", ""));
    verdict.error = GetStringOr(frame.message, "error", "");
    if (verdict.outcome == Outcome::kFinished && GetBool(frame.message, "passed").ok()) {
      verdict.passed = GetBool(frame.message, "passed").value();
    }
    verdict.world_hash_before = GetStringOr(frame.message, "before", "");
    verdict.world_hash_after = GetStringOr(frame.message, "after", "");
    if (frame.message.contains("calls") && frame.message["calls"].is_array()) {
      for (const Json& call : frame.message["calls"]) {
        verdict.calls.push_back({.tool = GetStringOr(call, "tool", ""),
                                 .arguments_json = GetStringOr(call, "arguments", ""),
                                 .result_json = GetStringOr(call, "value", "")});
      }
    }
  } else {
    verdict.outcome = OutcomeOf(frame.status);
    verdict.error = Explain(verdict.outcome, limit);
  }
  verdict.milliseconds = MillisecondsSince(start);
  return verdict;
}

Result<std::string> Episode::StateHash() {
  sandbox::Channel& world = processes_->world.channel();
  if (!world.Send({{"op", "hash"}})) return WorldGone();
  const Frame reply = world.Receive(Clock::now() + processes_->environment->limits.tool_time);
  if (reply.status != FrameStatus::kFrame) return WorldGone();
  return GetString(reply.message, "value");
}

}  // namespace sca::env
