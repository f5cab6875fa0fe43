#include "report/html_examples.h"

#include <fmt/format.h>

#include "base/text.h"
#include "report/plots.h"
#include "report/words.h"

namespace sca::report {
namespace {

constexpr std::size_t kTextBytesMax = 6000;  // Of one piece of model text.
constexpr std::size_t kTitleBytesMax = 160;  // Of the line that is seen before unfolding.

std::string Pre(std::string_view style, std::string_view text) {
  return fmt::format("<pre class=\"{}\">{}</pre>", style,
                     Escape(Shorten(Trim(text), kTextBytesMax)));
}

std::string Tag(std::string_view style, std::string_view words) {
  return fmt::format("<span class=\"tag {}\">{}</span>", style, Escape(words));
}

std::string Evidence(const TaskVerdict& verdict) {
  std::string rows;
  for (const GateVerdict& gate : verdict.gates) {
    const std::string_view name = VerdictName(gate.verdict);
    rows += fmt::format(
        "<tr><td class=\"mono\">{}</td><td>{}</td><td>{}</td>"
        "<td class=\"number\">{}</td></tr>",
        Escape(gate.gate), Tag(name, name), Escape(Shorten(gate.evidence, 600)),
        Milliseconds(gate.milliseconds));
  }
  return fmt::format("<h4>What the gates found</h4><div class=\"scroll\"><table>{}</table></div>",
                     rows);
}

std::string AgreementLine(const store::Candidate& candidate) {
  if (!candidate.agreement.has_value()) return "";
  const store::Agreement& agreement = *candidate.agreement;
  return fmt::format(
      "<p class=\"note\">{} of {} pilot attempts came to the end of the solution, {} of them by "
      "other calls.</p>",
      agreement.agreed, agreement.attempts, agreement.by_another_trace);
}

std::string TaskBody(const CodeAsTask& task) {
  std::string body = fmt::format("<h4>Instruction</h4><p class=\"instruction\">{}</p>",
                                 Escape(Shorten(task.instruction, kTextBytesMax)));
  body += "<h4>Example solution</h4>" + Pre("code", task.solution);
  body += "<h4>Verification function</h4>" + Pre("code", task.evaluation_function);
  body += "<h4>Answers that must be rejected</h4>";
  for (const std::string& failure_case : task.failure_cases) body += Pre("code", failure_case);
  return body;
}

// What the challenger wrote last, where it could not be read as a task.
std::string LastWords(const store::Candidate& candidate) {
  const Json& conversation = candidate.conversation;
  if (!conversation.is_array()) return "";
  for (auto message = conversation.rbegin(); message != conversation.rend(); ++message) {
    if (message->is_object() && GetStringOr(*message, "role", "") == "assistant") {
      return "<h4>The reply</h4>" + Pre("code", GetStringOr(*message, "content", ""));
    }
  }
  return "";
}

std::string TaskDetails(const ExampleTask& example, std::string_view style) {
  const store::Candidate& candidate = example.candidate;
  const std::string title = candidate.task.has_value() ? candidate.task->instruction
                                                       : "A reply that could not be read as a task";
  std::string body = candidate.task.has_value() ? TaskBody(*candidate.task) : LastWords(candidate);
  body += Evidence(candidate.verdict) + AgreementLine(candidate);
  return fmt::format(
      "<details><summary><span class=\"words\">{}</span>{}</summary>"
      "<div class=\"inside\">{}</div></details>",
      Escape(Shorten(title, kTitleBytesMax)), Tag(style, example.caption), body);
}

std::string EpisodeBody(const Trajectory& trajectory) {
  std::string body;
  for (const Turn& turn : trajectory.turns) {
    body += "<h4>The model writes</h4>" + Pre("said", turn.agent);
    if (!turn.observation.empty()) body += "<h4>It reads</h4>" + Pre("seen", turn.observation);
  }
  std::string end = fmt::format("{} tool calls, {} turns, {}", trajectory.tool_calls(),
                                trajectory.turns.size(), Duration(trajectory.seconds));
  if (trajectory.answer.has_value()) {
    end += fmt::format("; answer <code>{}</code>", Escape(Shorten(*trajectory.answer, 300)));
  }
  end += fmt::format("; verification: {}", Escape(trajectory.outcome));
  if (!trajectory.error.empty()) end += ", " + Escape(Shorten(trajectory.error, 300));
  return body + fmt::format("<p class=\"note\">{}.</p>", end);
}

}  // namespace

std::string TaskExamplesHtml(const Summary& summary) {
  std::string html;
  if (!summary.accepted_examples.empty()) {
    html += "<h3>Accepted: they passed every gate</h3>";
    for (const ExampleTask& example : summary.accepted_examples) {
      html += TaskDetails(example, "good");
    }
  }
  if (!summary.rejected_examples.empty()) {
    html += "<h3>Turned away: one for each gate</h3>";
    for (const ExampleTask& example : summary.rejected_examples) {
      html += TaskDetails(example, "bad");
    }
  }
  return html.empty() ? "<p class=\"empty\">No task was written yet.</p>" : html;
}

std::string TrajectoryExamplesHtml(const Summary& summary) {
  std::string html;
  for (const ExampleTrajectory& example : summary.trajectory_examples) {
    const Trajectory& trajectory = example.stored.trajectory;
    const std::string title = example.instruction.empty()
                                  ? fmt::format("Held-out task {}", trajectory.task_id)
                                  : example.instruction;
    html += fmt::format(
        "<details><summary><span class=\"words\">{}</span>{}</summary>"
        "<div class=\"inside\">{}</div></details>",
        Escape(Shorten(title, kTitleBytesMax)),
        Tag(trajectory.succeeded() ? "good" : "bad", example.caption), EpisodeBody(trajectory));
  }
  return html.empty() ? "<p class=\"empty\">No held-out task was played yet.</p>" : html;
}

}  // namespace sca::report
