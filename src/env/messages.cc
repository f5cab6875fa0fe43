#include "env/messages.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "env/plain_json.h"

namespace sca::env {
namespace {

using sandbox::Outcome;

// Of what a process that runs a model's code says of itself.
constexpr std::size_t kErrorBytes = 4'000;
constexpr std::size_t kNamesMax = 100;

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

}  // namespace

ToolCall CallFrom(const Json& reply, ToolCall call) {
  call.failed = !GetBoolOr(reply, "ok", false);
  (call.failed ? call.error : call.result_json) = GetStringOr(reply, "value", "");
  return call;
}

std::vector<ToolCall> CallsFrom(const Json& message) {
  std::vector<ToolCall> calls;
  if (!message.contains("calls") || !message["calls"].is_array()) return calls;
  for (const Json& json : message["calls"]) {
    ToolCall call{.tool = GetStringOr(json, "tool", ""),
                  .arguments_json = GetStringOr(json, "arguments", ""),
                  .result_json = GetStringOr(json, "value", ""),
                  .error = GetStringOr(json, "error", "")};
    call.failed = call.result_json.empty();
    if (!IsPlainObject(call.arguments_json)) call.arguments_json = "{}";
    if (!call.failed && !IsPlainJson(call.result_json)) call.result_json = "null";
    calls.push_back(std::move(call));
  }
  return calls;
}

CodeResult ResultFrom(const Json& message, const EnvironmentLimits& limits) {
  CodeResult result;
  result.outcome = OutcomeFrom(GetStringOr(message, "outcome", ""));
  result.output = GetStringOr(message, "output", "");
  result.error = Shorten(GetStringOr(message, "error", ""), kErrorBytes);
  if (result.output.size() > limits.output_bytes) {
    result.output = Shorten(result.output, limits.output_bytes);
    result.outcome = Outcome::kOutputExceeded;
    result.error = "The code printed too much.";
  }
  const std::string answer = GetStringOr(message, "answer", "");
  if (IsPlainJson(answer)) {
    result.answer_json = answer;
  } else if (!answer.empty() && result.error.empty()) {
    result.error = "answer must be plain data of moderate size and depth.";
  }
  if (auto names = GetStrings(message, "redefined"); names.ok()) {
    result.redefined_tools = std::move(names).value();
    if (result.redefined_tools.size() > kNamesMax) result.redefined_tools.resize(kNamesMax);
  }
  return result;
}

VerdictResult VerdictFrom(const Json& message) {
  VerdictResult verdict;
  verdict.outcome = OutcomeFrom(GetStringOr(message, "outcome", ""));
  verdict.error = Shorten(GetStringOr(message, "error", ""), kErrorBytes);
  if (const auto passed = GetBool(message, "passed");
      verdict.outcome == Outcome::kFinished && passed.ok()) {
    verdict.passed = *passed;
  }
  verdict.world_hash_before = GetStringOr(message, "before", "");
  verdict.world_hash_after = GetStringOr(message, "after", "");
  verdict.calls = CallsFrom(message);
  return verdict;
}

}  // namespace sca::env
