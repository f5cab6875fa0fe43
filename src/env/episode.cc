#include "env/episode.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "env/environment_processes.h"
#include "env/messages.h"
#include "env/plain_json.h"

namespace sca::env {
namespace {

using Clock = std::chrono::steady_clock;
using sandbox::Deadline;
using sandbox::Ending;
using sandbox::Frame;
using sandbox::FrameStatus;
using sandbox::Outcome;

constexpr std::chrono::seconds kForkTime{30};

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

Error WorldGone(std::string_view why = "does not answer any more") {
  return {ErrorCode::kUnavailable, fmt::format("The world of an episode {}.", why)};
}

Ending TimedOut(std::chrono::milliseconds limit) {
  return {Outcome::kTimedOut, fmt::format("The code did not end within {} ms.", limit.count())};
}

Ending Nonsense(std::string_view what) {
  return {Outcome::kProtocolError, fmt::format("The code {}.", what)};
}

}  // namespace

std::unique_ptr<EpisodeProcesses> WithoutWorld(EnvironmentProcesses& environment,
                                               const std::vector<ToolSpec>& tools) {
  auto processes = std::make_unique<EpisodeProcesses>();
  processes->zygotes = &environment.zygotes();
  processes->limits = environment.limits;
  processes->tools = &tools;
  return processes;
}

Result<std::unique_ptr<EpisodeProcesses>> StartProcesses(EnvironmentProcesses& environment,
                                                         const std::vector<ToolSpec>& tools,
                                                         std::uint64_t seed) {
  auto processes = WithoutWorld(environment, tools);
  processes->seed = seed;
  processes->world = SCA_TRY(processes->zygotes->worlds->Fork(sandbox::ChildKind::kWorld, seed));
  return processes;
}

Result<ToolCall> EpisodeProcesses::Call(std::string_view tool, std::string_view arguments_json) {
  const auto start = Clock::now();
  const auto limit = limits.tool_time;
  if (verifier.running() && IsWriteTool(*tools, tool)) verifier.Kill();  // Of a world that was.
  ToolCall call{.tool = std::string(tool), .arguments_json = std::string(arguments_json)};
  // What the code asked for may be the reason of a world's end, so it is no trouble of ours.
  const auto end_world = [&](Outcome outcome, std::string why) {
    world.Kill();
    world_ending = {outcome, std::move(why)};
    call.failed = true;
    call.error = world_ending->detail;
  };
  if (!world.running()) {
    if (!world_ending.has_value()) return WorldGone();
    call.failed = true;
    call.error = world_ending->detail;
  } else if (!IsPlainObject(arguments_json)) {
    call.arguments_json = "{}";
    call = CallFrom({{"ok", false}, {"value", "The arguments must be a JSON object."}}, call);
  } else {
    const bool sent = world.channel().Send(
        {{"op", "call"}, {"tool", tool}, {"arguments", arguments_json}}, start + limit);
    const Frame reply = sent ? world.channel().Receive(start + limit) : Frame{};
    if (reply.status == FrameStatus::kTimedOut) {
      end_world(Outcome::kTimedOut,
                fmt::format("{} did not end within {} ms.", tool, limit.count()));
    } else if (reply.status != FrameStatus::kFrame) {
      const Ending ending = zygotes->worlds->EndingOfChild(world);
      if (ending.outcome == Outcome::kInfrastructure) return WorldGone();
      end_world(ending.outcome == Outcome::kOutOfMemory ? ending.outcome : Outcome::kKilled,
                fmt::format("{} ended the process that it runs in.", tool));
    } else {
      call = CallFrom(reply.message, std::move(call));
    }
  }
  call.milliseconds = MillisecondsSince(start);
  call_bytes += call.arguments_json.size() + call.result_json.size() + call.error.size();
  calls.push_back(call);
  return call;
}

Status EpisodeProcesses::EnsureCell() {
  if (cell.running()) return {};
  cell = SCA_TRY(zygotes->cells->Fork(sandbox::ChildKind::kCell, seed));
  return {};
}

// Answers the cell's tool calls until it says that it has run; else how it ended.
Result<CodeResult> EpisodeProcesses::Converse(std::string_view code, Variables variables) {
  const Deadline deadline = Clock::now() + limits.code_time;
  const std::size_t first_call = calls.size();
  const auto fail = [&](Ending ending) -> Result<CodeResult> {
    cell.Kill();
    if (ending.outcome == Outcome::kInfrastructure) {
      return Error{ErrorCode::kUnavailable, "A cell has died: " + ending.detail};
    }
    CodeResult result;
    result.outcome = ending.outcome;
    result.error = std::move(ending.detail);
    return result;
  };
  ++turn;
  bool heard = cell.channel().Send(
      {{"op", "run"}, {"turn", turn}, {"code", code}, {"fresh", variables == Variables::kFresh}},
      deadline);
  while (true) {
    const Frame frame = heard ? cell.channel().Receive(deadline) : Frame{};
    if (frame.descriptor >= 0) ::close(frame.descriptor);
    if (frame.status == FrameStatus::kTimedOut) return fail(TimedOut(limits.code_time));
    if (frame.status == FrameStatus::kEnded) return fail(zygotes->cells->EndingOfChild(cell));
    const std::string op = GetStringOr(frame.message, "op", "");
    if (op == "ran" && GetIntegerOr(frame.message, "turn", -1) == turn) {
      CodeResult result = ResultFrom(frame.message, limits);
      if (result.outcome == Outcome::kOutputExceeded) cell.Kill();
      return result;
    }
    if (op != "call") return fail(Nonsense("broke the protocol of its process"));
    if (calls.size() - first_call >= limits.calls_max) {
      return fail({Outcome::kOutputExceeded,
                   fmt::format("The code made more than {} tool calls.", limits.calls_max)});
    }
    if (call_bytes > limits.calls_bytes) {
      return fail(
          {Outcome::kOutputExceeded,
           fmt::format("The tool calls gave and took more than {} MB.", limits.calls_bytes >> 20)});
    }
    const ToolCall call = SCA_TRY(
        Call(GetStringOr(frame.message, "tool", ""), GetStringOr(frame.message, "arguments", "")));
    if (world_ending.has_value()) return fail(*world_ending);
    heard = cell.channel().Send({{"op", "result"},
                                 {"ok", !call.failed},
                                 {"value", call.failed ? call.error : call.result_json}},
                                deadline);
    if (!heard && Clock::now() >= deadline) return fail(TimedOut(limits.code_time));
  }
}

Result<Json> EpisodeProcesses::AskWorld(const Json& question) {
  if (!world.running()) return WorldGone("has ended, because a tool did not");
  const Deadline deadline = Clock::now() + limits.tool_time;
  const bool sent = world.channel().Send(question, deadline);
  Frame reply = sent ? world.channel().Receive(deadline) : Frame{};
  if (reply.status != FrameStatus::kFrame) {
    world.Kill();  // An answer that came late would be taken for that of another question.
    return WorldGone();
  }
  return std::move(reply.message);
}

Episode::Episode(std::unique_ptr<EpisodeProcesses> processes) : processes_(std::move(processes)) {}
Episode::~Episode() = default;

const std::vector<ToolCall>& Episode::calls() const { return processes_->calls; }
std::optional<std::string> Episode::answer_json() const { return processes_->answer_json; }

Result<ToolCall> Episode::CallTool(std::string_view tool, std::string_view arguments_json) {
  return processes_->Call(tool, arguments_json);
}

Result<CodeResult> Episode::RunCode(std::string_view code, Variables variables) {
  const auto start = Clock::now();
  const std::size_t first_call = processes_->calls.size();
  SCA_TRY(processes_->EnsureCell());
  CodeResult result = SCA_TRY(processes_->Converse(code, variables));
  result.calls.assign(processes_->calls.begin() + static_cast<std::ptrdiff_t>(first_call),
                      processes_->calls.end());
  if (result.outcome == Outcome::kFinished) processes_->answer_json = result.answer_json;
  result.milliseconds = MillisecondsSince(start);
  return result;
}

Result<std::vector<CodeResult>> Episode::RunEach(const std::vector<std::string>& codes) {
  sandbox::Process& world = processes_->world;
  if (!world.running()) return WorldGone("has ended, because a tool did not");
  sandbox::Process runner = SCA_TRY(sandbox::Process::ForkFrom(
      world.channel(), {{"op", "run"}, {"codes", codes}}, Clock::now() + kForkTime));
  const Frame frame = runner.channel().Receive(Clock::now() + processes_->limits.code_time);
  std::vector<CodeResult> results;
  if (frame.status != FrameStatus::kFrame || !frame.message.contains("results")) return results;
  const Json& list = frame.message["results"];
  if (!list.is_array() || list.size() > codes.size()) return results;
  for (const Json& one : list) {
    results.push_back(ResultFrom(one, processes_->limits));
    results.back().calls = CallsFrom(one);
  }
  return results;
}

Result<VerdictResult> Episode::Verify(std::string_view evaluation_function,
                                      std::optional<std::string> answer_json, Purity purity,
                                      Verifier by) {
  const auto start = Clock::now();
  const auto limit = processes_->limits.verify_time;
  sandbox::Process& world = processes_->world;
  VerdictResult verdict;
  if (const auto& ending = processes_->world_ending; ending.has_value()) {
    verdict.outcome = ending->outcome;
    verdict.error = "There is no state to judge: " + ending->detail;
    return verdict;
  }
  if (!world.running()) return WorldGone();
  if (answer_json.has_value() && !IsPlainJson(*answer_json)) {
    return Error{ErrorCode::kInvalidArgument, "An answer to verify must be JSON text."};
  }
  const Json request = {{"op", "verify"},
                        {"code", evaluation_function},
                        {"answer", answer_json.has_value() ? Json(*answer_json) : Json(nullptr)},
                        {"hashed", purity == Purity::kHashed},
                        {"more", by == Verifier::kKept}};
  sandbox::Process verifier;
  if (by == Verifier::kWorld) {
    processes_->verifier.Kill();
    if (!world.channel().Send(request, start + kForkTime)) return WorldGone();
    verifier = std::move(world);
  } else {
    verifier = SCA_TRY(sandbox::Process::ForkFrom(world.channel(), request, start + kForkTime));
  }
  // A busy machine is not the code's fault, so that the time of the fork does not count.
  const Deadline deadline = Clock::now() + limit;
  const Frame frame = verifier.channel().Receive(deadline);
  if (frame.status == FrameStatus::kFrame && GetStringOr(frame.message, "op", "") == "verdict") {
    verdict = VerdictFrom(frame.message);
    if (by == Verifier::kKept && !processes_->Writes(verdict)) {
      processes_->Keep(std::move(verifier), evaluation_function);
    }
  } else {
    Ending ending = Nonsense("broke the protocol of its process");
    if (frame.status == FrameStatus::kTimedOut) ending = TimedOut(limit);
    if (frame.status == FrameStatus::kEnded) {
      ending = processes_->EndingOfVerifier(verifier, by);
    }
    if (ending.outcome == Outcome::kInfrastructure) return WorldGone();
    verdict.outcome = ending.outcome;
    verdict.error = std::move(ending.detail);
  }
  verdict.milliseconds = MillisecondsSince(start);
  return verdict;
}

Ending EpisodeProcesses::EndingOfVerifier(sandbox::Process& process, Verifier by) {
  if (by == Verifier::kWorld) return zygotes->worlds->EndingOfChild(process);
  const auto buried = sandbox::Bury(process);
  return buried.has_value() ? *buried : EndingFrom(world.channel(), process.pid());
}

void EpisodeProcesses::Keep(sandbox::Process process, std::string_view evaluation_function) {
  verifier = std::move(process);
  verifies = evaluation_function;
}

std::vector<VerdictResult> EpisodeProcesses::HearVerdicts(std::size_t count) {
  std::vector<VerdictResult> verdicts;
  const Frame frame = verifier.channel().Receive(Clock::now() + limits.verify_time);
  if (frame.status == FrameStatus::kFrame && frame.message.contains("verdicts")) {
    const Json& list = frame.message["verdicts"];
    if (list.is_array() && list.size() == count) {
      for (const Json& verdict : list) verdicts.push_back(VerdictFrom(verdict));
    }
  }
  const bool writes = std::any_of(verdicts.begin(), verdicts.end(),
                                  [&](const VerdictResult& verdict) { return Writes(verdict); });
  if (verdicts.empty() || writes) verifier.Kill();
  return verdicts;
}

bool EpisodeProcesses::Writes(const VerdictResult& verdict) const {
  return std::any_of(verdict.calls.begin(), verdict.calls.end(),
                     [&](const ToolCall& call) { return IsWriteTool(*tools, call.tool); });
}

Result<std::vector<VerdictResult>> Episode::VerifyEach(
    std::string_view evaluation_function, const std::vector<std::string>& answers_json) {
  sandbox::Process& world = processes_->world;
  sandbox::Process& verifier = processes_->verifier;
  if (!world.running()) return WorldGone("has ended, because a tool did not");
  if (verifier.running() && processes_->verifies == evaluation_function &&
      verifier.channel().Send({{"answers", answers_json}}, Clock::now() + kForkTime)) {
    auto verdicts = processes_->HearVerdicts(answers_json.size());
    if (!verdicts.empty()) return verdicts;
  }
  processes_->Keep(SCA_TRY(sandbox::Process::ForkFrom(world.channel(),
                                                      {{"op", "verify"},
                                                       {"code", evaluation_function},
                                                       {"answers", answers_json},
                                                       {"hashed", false},
                                                       {"more", true}},
                                                      Clock::now() + kForkTime)),
                   evaluation_function);
  return processes_->HearVerdicts(answers_json.size());
}

Result<std::vector<std::string>> Episode::Seeds(const std::vector<std::string>& tools) {
  const Json reply = SCA_TRY(processes_->AskWorld({{"op", "seeds"}, {"tools", tools}}));
  if (!GetBoolOr(reply, "ok", false)) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("seeds() of tools.py fails: {}", GetStringOr(reply, "error", ""))};
  }
  return GetStrings(reply, "calls");
}

Result<std::string> Episode::StateHash(ListOrder order) {
  const bool unordered = order == ListOrder::kIgnored;
  const Json reply = SCA_TRY(processes_->AskWorld({{"op", "hash"}, {"unordered", unordered}}));
  return GetString(reply, "value");
}

}  // namespace sca::env
