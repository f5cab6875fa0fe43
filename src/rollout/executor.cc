#include "rollout/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/random.h"
#include "base/text.h"
#include "task/parse.h"
#include "task/reward.h"

namespace sca::rollout {
namespace {

constexpr std::size_t kObservationBytesMax = 1200;

Json CallsToJson(const std::vector<env::ToolCall>& calls) {
  Json list = Json::array();
  for (const env::ToolCall& call : calls) {
    list.push_back({{"tool", call.tool},
                    {"arguments", call.arguments_json},
                    {"result", call.failed ? call.error : call.result_json},
                    {"failed", call.failed},
                    {"milliseconds", call.milliseconds}});
  }
  return list;
}

// Appends what `completion` read and said beyond what is already there. The prompt of a later turn
// starts with all tokens of the turns before, or the record would not be what the model saw.
Status AppendTokens(const Completion& completion, Trajectory& trajectory) {
  const std::vector<int>& prompt = completion.prompt_tokens;
  const std::size_t known = trajectory.tokens.size();
  if (prompt.size() < known ||
      !std::equal(trajectory.tokens.begin(), trajectory.tokens.end(), prompt.begin())) {
    return Error{ErrorCode::kInternal,
                 "The prompt of a turn does not continue the tokens of the turn before."};
  }
  trajectory.tokens = prompt;
  trajectory.by_agent.resize(prompt.size(), false);
  trajectory.logprobs.resize(prompt.size(), 0.0F);
  trajectory.tokens.insert(trajectory.tokens.end(), completion.tokens.begin(),
                           completion.tokens.end());
  trajectory.by_agent.resize(trajectory.tokens.size(), true);
  trajectory.logprobs.insert(trajectory.logprobs.end(), completion.logprobs.begin(),
                             completion.logprobs.end());
  return {};
}

}  // namespace

Executor::Executor(const env::Environment& environment, const PromptLibrary& prompts,
                   ExecutorOptions options, std::string system)
    : environment_(&environment),
      prompts_(&prompts),
      options_(std::move(options)),
      system_(std::move(system)) {
  if (options_.turns_max <= 0) options_.turns_max = environment.settings().turns_max;
}

Result<Executor> Executor::Create(const env::Environment& environment, const PromptLibrary& prompts,
                                  ExecutorOptions options) {
  std::string system =
      SCA_TRY(prompts.Fill("executor_system", {{"description", environment.settings().description},
                                               {"tools", DescribeTools(environment)},
                                               {"ending", DescribeEnding(environment)}}));
  return Executor(environment, prompts, std::move(options), std::move(system));
}

std::vector<Message> Executor::Opening(const CodeAsTask& task) const {
  std::vector<Message> messages = {{.role = Role::kSystem, .content = system_}};
  for (const CodeAsTask& example : options_.examples) {
    messages.push_back({.role = Role::kUser, .content = example.instruction});
    messages.push_back({.role = Role::kAssistant, .content = Demonstration(example)});
  }
  messages.push_back({.role = Role::kUser, .content = task.instruction});
  return messages;
}

std::string Executor::Demonstration(const CodeAsTask& task) {
  return fmt::format("```python\n{}\n```", Trim(task.solution));
}

Trajectory Executor::Play(const CodeAsTask& task, llm::Session& session, std::uint64_t seed) const {
  const auto start = std::chrono::steady_clock::now();
  Trajectory trajectory;
  trajectory.task_id = task.id;
  trajectory.task_hash = task.Hash();
  trajectory.policy = options_.policy;
  trajectory.seed = seed;

  const Status status = [&]() -> Status {
    const std::unique_ptr<env::Episode> episode = SCA_TRY(environment_->Start(seed));
    SCA_TRY(PlayTurns(task, session, *episode, trajectory));
    const env::VerdictResult verdict =
        SCA_TRY(episode->Verify(task.evaluation_function, trajectory.answer,
                                env::Purity::kUnchecked, env::Verifier::kWorld));
    const task::Reward reward = task::RewardOf(verdict);
    trajectory.reward = reward.value;
    trajectory.outcome = reward.outcome;
    return {};
  }();
  if (!status.ok()) {
    trajectory.ending = EpisodeEnding::kInfrastructure;
    trajectory.reward.reset();
    trajectory.outcome = "infrastructure";
    trajectory.error = status.error().message;
  }
  trajectory.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return trajectory;
}

Status Executor::PlayTurns(const CodeAsTask& task, llm::Session& session, env::Episode& episode,
                           Trajectory& trajectory) const {
  const bool wants_answer = environment_->settings().answer == env::AnswerMode::kRequired;
  std::vector<Message> messages = Opening(task);
  trajectory.ending = EpisodeEnding::kTurnLimit;
  for (int turn = 0; turn < options_.turns_max; ++turn) {
    llm::CompletionRequest request{.messages = messages, .sampling = {}};
    request.sampling.temperature = options_.temperature;
    request.sampling.top_p = options_.top_p;
    request.sampling.tokens_max = options_.tokens_max;
    request.sampling.stop = {"\n```\n"};
    request.sampling.seed = DeriveSeed(trajectory.seed, "turn", static_cast<std::uint64_t>(turn));
    Completion completion = SCA_TRY(session.Complete(request));
    SCA_TRY(AppendTokens(completion, trajectory));
    messages.push_back(ToMessage(completion));
    trajectory.turns.push_back({.agent = completion.text, .observation = {}, .calls = {}});
    Turn& record = trajectory.turns.back();
    record.calls = Json::array();

    const task::ParsedAction action = task::ParseAction(completion.text);
    std::string observation;
    if (action.code.has_value()) {
      const env::CodeResult result = SCA_TRY(episode.RunCode(*action.code));
      record.calls = CallsToJson(result.calls);
      if (wants_answer && result.outcome == sandbox::Outcome::kFinished &&
          result.answer_json.has_value()) {
        trajectory.answer = result.answer_json;
        trajectory.ending = EpisodeEnding::kAnswered;
        return {};
      }
      observation = SCA_TRY(Observe(result));
    } else if (!wants_answer && turn > 0) {
      trajectory.ending = EpisodeEnding::kAnswered;
      return {};
    } else {
      observation =
          SCA_TRY(prompts_->Fill("executor_reminder", {{"ending", DescribeEnding(*environment_)}}));
    }
    if (turn + 1 < options_.turns_max) {
      record.observation = observation;
      messages.push_back({.role = Role::kUser, .content = std::move(observation)});
    }
  }
  return {};
}

Result<std::string> Executor::Observe(const env::CodeResult& result) const {
  std::string output = Shorten(Trim(result.output), kObservationBytesMax);
  if (!result.error.empty()) {
    output += (output.empty() ? "" : "\n") + Shorten(Trim(result.error), kObservationBytesMax);
  }
  if (output.empty()) output = "The code printed nothing.";
  return prompts_->Fill("executor_continue",
                        {{"output", "Output:\n" + output},
                         {"advice", std::string(Trim(DescribeEnding(*environment_)))}});
}

}  // namespace sca::rollout
