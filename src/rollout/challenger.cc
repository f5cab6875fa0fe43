#include "rollout/challenger.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "task/failure_cases.h"
#include "task/feedback.h"
#include "task/parse.h"

namespace sca::rollout {
namespace {

constexpr std::size_t kOutputBytesMax = 600;

// The tools that `code` calls, in the order in which the environment lists them.
std::vector<std::string> ToolsIn(const env::Environment& environment, std::string_view code) {
  std::vector<std::string> names;
  for (const ToolSpec& tool : environment.tools()) {
    if (code.find(tool.name + "(") != std::string_view::npos) names.push_back(tool.name);
  }
  return names;
}

// What a task may start from, for the first prompt: calls that work, or only the tools' names.
std::string Start(const std::vector<std::string>& calls, const std::string& tools) {
  return calls.empty() ? tools : Join(calls, ", ");
}

// The calls that an example's exploration prints, a line each.
std::vector<std::string> CallsPrinted(std::string_view exploration) {
  std::vector<std::string> calls;
  for (const std::string_view line : SplitLines(exploration)) {
    const std::string_view text = Trim(line);
    if (text.starts_with("print(") && text.ends_with(")")) {
      calls.emplace_back(text.substr(6, text.size() - 7));
    }
  }
  return calls;
}

std::string OutputText(const env::CodeResult& result) {
  std::string output = Shorten(Trim(result.output), kOutputBytesMax);
  if (!result.error.empty()) {
    output += (output.empty() ? "" : "\n") + Shorten(Trim(result.error), kOutputBytesMax);
  }
  return "Output:\n" + (output.empty() ? std::string("(nothing was printed)") : output);
}

// One challenger conversation: sends messages, keeps the record.
class Conversation {
 public:
  Conversation(llm::Session& session, const ChallengeSettings& settings, std::uint64_t seed,
               std::vector<Message> opening, Submission& submission)
      : session_(session),
        settings_(settings),
        seed_(seed),
        messages_(std::move(opening)),
        submission_(submission) {}

  // The first Python block that the model writes.
  Result<std::string> AskForCode(std::string text) {
    return Ask(std::move(text), "```python\n", "\n```\n", 1);
  }

  // A Code-as-Task. It ends with as many failure cases as a task needs: left alone, a small model
  // writes on until it runs out of tokens.
  Result<std::string> AskForTask(std::string text) {
    return Ask(std::move(text), "<instruction>", "</failure_case>", task::kFailureCasesMin);
  }

 private:
  // A small model would rather start with the task than look around, or with prose than with a
  // task: so the reply is given its beginning.
  Result<std::string> Ask(std::string text, std::string prefill, std::string stop, int stop_count) {
    Record("user", text);
    messages_.push_back({.role = Role::kUser, .content = std::move(text)});
    llm::CompletionRequest request{
        .messages = messages_, .prefill = std::move(prefill), .sampling = {}};
    request.sampling.temperature = settings_.temperature;
    request.sampling.top_p = settings_.top_p;
    request.sampling.tokens_max = settings_.tokens_max;
    request.sampling.stop = {std::move(stop)};
    request.sampling.stop_count = stop_count;
    request.sampling.seed = DeriveSeed(seed_, "challenger turn", turn_++);
    const Completion completion = SCA_TRY(session_.Complete(request));
    Record("assistant", completion.text);
    submission_.tokens += static_cast<int>(completion.tokens.size());
    messages_.push_back(ToMessage(completion));
    return completion.text;
  }

  void Record(std::string_view role, const std::string& content) {
    submission_.conversation.push_back({{"role", role}, {"content", content}});
  }

  llm::Session& session_;
  const ChallengeSettings& settings_;
  std::uint64_t seed_;
  std::vector<Message> messages_;
  Submission& submission_;
  std::uint64_t turn_ = 0;
};

}  // namespace

Result<Challenger> Challenger::Create(const env::Environment& environment,
                                      const PromptLibrary& prompts,
                                      const ChallengeSettings& settings, std::uint64_t seed) {
  Challenger challenger(environment, prompts, settings);
  SCA_TRY(challenger.PrepareSets(seed));
  return challenger;
}

Result<Challenger::WorkedExample> Challenger::Work(const CodeAsTask& example) const {
  WorkedExample worked;
  worked.tools = Join(ToolsIn(*environment_, example.solution), ", ");
  worked.start = Start(CallsPrinted(example.exploration), worked.tools);
  worked.exploration = fmt::format("```python\n{}\n```", Trim(example.exploration));
  worked.text = task::RenderCodeAsTask(example);
  const std::unique_ptr<env::Episode> episode = SCA_TRY(environment_->Start(0));
  const env::CodeResult result = SCA_TRY(episode->RunCode(example.exploration));
  if (result.outcome != sandbox::Outcome::kFinished) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("The exploration of the example \"{}\" does not run: {}", example.id,
                             result.error)};
  }
  worked.output = OutputText(result);
  return worked;
}

Result<std::vector<Message>> Challenger::OpeningOf(
    const std::vector<WorkedExample>& examples) const {
  const bool wants_answer = environment_->settings().answer == env::AnswerMode::kRequired;
  const std::string hints(Trim(environment_->challenger_hints()));
  std::vector<Message> messages;
  messages.push_back({.role = Role::kSystem,
                      .content = SCA_TRY(prompts_->Fill(
                          "challenger_system",
                          {{"description", environment_->settings().description},
                           {"tools", DescribeTools(*environment_)},
                           {"hints", hints.empty() ? "" : "\n" + hints + "\n"},
                           {"evaluate", wants_answer ? "evaluate(answer)" : "evaluate()"},
                           {"ending", wants_answer ? " and sets the variable answer" : ""}}))});
  for (const WorkedExample& example : examples) {
    messages.push_back(
        {.role = Role::kUser,
         .content = SCA_TRY(prompts_->Fill("challenger_explore", {{"start", example.start}}))});
    messages.push_back({.role = Role::kAssistant, .content = example.exploration});
    messages.push_back(
        {.role = Role::kUser,
         .content = SCA_TRY(prompts_->Fill(
             "challenger_submit", {{"output", example.output}, {"tools", example.tools}}))});
    messages.push_back({.role = Role::kAssistant, .content = example.text});
  }
  return messages;
}

Status Challenger::PrepareSets(std::uint64_t seed) {
  std::vector<CodeAsTask> examples = environment_->examples();
  std::erase_if(examples, [](const CodeAsTask& example) { return example.exploration.empty(); });
  if (examples.empty()) {
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("The environment \"{}\" has no examples with an exploration in "
                             "tasks/examples.jsonl; the challenger needs at least one.",
                             environment_->settings().name)};
  }
  for (const CodeAsTask& example : examples) {
    std::vector<std::string> tools = ToolsIn(*environment_, example.solution);
    if (!tools.empty()) tool_sets_.push_back(std::move(tools));
  }
  RandomStream random(DeriveSeed(seed, "example sets", 0));
  random.Shuffle(examples);
  const std::size_t shown =
      std::min(examples.size(), static_cast<std::size_t>(settings_.examples_shown));
  for (int set = 0; set < settings_.example_sets; ++set) {
    std::vector<WorkedExample> worked;
    for (std::size_t position = 0; position < shown; ++position) {
      const std::size_t index = static_cast<std::size_t>(set) * shown + position;
      worked.push_back(SCA_TRY(Work(examples[index % examples.size()])));
    }
    openings_.push_back(SCA_TRY(OpeningOf(worked)));
  }
  return {};
}

std::vector<std::string> Challenger::PickTools(RandomStream& random) const {
  if (random.Below(2) == 0) return tool_sets_[random.Below(tool_sets_.size())];
  const std::vector<ToolSpec>& tools = environment_->tools();
  const std::size_t limit = std::min(tools.size(), static_cast<std::size_t>(settings_.tools_max));
  const std::size_t count = 1 + random.Below(limit);
  std::set<std::size_t> picked;
  while (picked.size() < count) picked.insert(random.Below(tools.size()));
  std::vector<std::string> names;
  for (const std::size_t index : picked) names.push_back(tools[index].name);
  return names;
}

Submission Challenger::Play(std::uint64_t index, llm::Session& session, std::uint64_t seed,
                            const Judge& judge) const {
  Submission submission;
  const Status status = PlayTurns(index, session, seed, judge, submission);
  if (!status.ok()) submission.infrastructure_error = status.error().message;
  return submission;
}

Status Challenger::PlayTurns(std::uint64_t index, llm::Session& session, std::uint64_t seed,
                             const Judge& judge, Submission& submission) const {
  RandomStream random(DeriveSeed(seed, "tools asked for", 0));
  const std::vector<std::string> picked = PickTools(random);
  const std::string tools = Join(picked, ", ");
  Conversation conversation(session, settings_, seed, openings_[index % openings_.size()],
                            submission);

  const std::unique_ptr<env::Episode> episode = SCA_TRY(environment_->Start(seed));
  const std::string start = Start(SCA_TRY(episode->Seeds(picked)), tools);
  const std::string look = SCA_TRY(
      conversation.AskForCode(SCA_TRY(prompts_->Fill("challenger_explore", {{"start", start}}))));
  const task::ParsedAction action = task::ParseAction(look);
  std::string output = action.problem;
  if (action.code.has_value()) output = OutputText(SCA_TRY(episode->RunCode(*action.code)));

  std::string request =
      SCA_TRY(prompts_->Fill("challenger_submit", {{"output", output}, {"tools", tools}}));
  while (true) {
    const std::string reply = SCA_TRY(conversation.AskForTask(std::move(request)));
    const task::ParsedReply parsed = settings_.complete_failures ? task::ParseCodeAsTask(reply, 0)
                                                                 : task::ParseCodeAsTask(reply);
    submission.problem = parsed.problem;
    submission.task = parsed.task;
    submission.failures_made = 0;
    submission.report.reset();
    std::string feedback = parsed.problem;
    std::string failed_gate = "parses";
    if (submission.task.has_value()) {
      if (settings_.complete_failures) {
        submission.failures_made =
            SCA_TRY(task::CompleteFailureCases(*submission.task, *environment_, seed));
      }
      submission.report = SCA_TRY(judge(*submission.task));
      const GateVerdict* failure = submission.report->verdict.first_failure();
      if (failure == nullptr) return {};
      feedback = task::FeedbackFor(*failure);
      failed_gate = failure->gate;
    }
    if (submission.revisions >= settings_.revisions_max) return {};
    if (submission.revisions == 0) submission.first_failure = failed_gate;
    ++submission.revisions;
    request = SCA_TRY(prompts_->Fill("challenger_revise", {{"feedback", feedback}}));
  }
}

}  // namespace sca::rollout
