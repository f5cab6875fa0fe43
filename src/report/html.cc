// report.html: sections from the summary, in the order in which a reader asks.

#include <fmt/format.h>

#include "base/text.h"
#include "report/html_examples.h"
#include "report/page.h"
#include "report/plots.h"
#include "report/report.h"
#include "report/words.h"

namespace sca::report {
namespace {

struct SectionText {
  std::string_view id;
  std::string_view title;
  std::string_view note;  // What the figures mean, where they stand.
};

std::string Section(const SectionText& text, std::string_view content) {
  return fmt::format("<section id=\"{}\"><h2>{}</h2><p class=\"note\">{}</p>{}</section>\n",
                     text.id, text.title, text.note, content);
}

std::string OrEmpty(std::string html, std::string_view words) {
  return html.empty() ? fmt::format("<p class=\"empty\">{}</p>", words) : html;
}

// Cells are HTML already. A header that begins with '#' is a column of numbers.
std::string Table(const std::vector<std::string>& headers,
                  const std::vector<std::vector<std::string>>& rows) {
  const auto style = [&](std::size_t column) {
    return headers[column].starts_with('#') ? " class=\"number\"" : "";
  };
  std::string html = "<div class=\"scroll\"><table><tr>";
  for (std::size_t column = 0; column < headers.size(); ++column) {
    const bool number = headers[column].starts_with('#');
    html += fmt::format("<th{}>{}</th>", style(column), headers[column].substr(number ? 1 : 0));
  }
  html += "</tr>";
  for (const std::vector<std::string>& row : rows) {
    html += "<tr>";
    for (std::size_t column = 0; column < row.size(); ++column) {
      html += fmt::format("<td{}>{}</td>", style(column), row[column]);
    }
    html += "</tr>";
  }
  return html + "</table></div>";
}

std::string Card(std::string_view what, std::string_view number, std::string_view more) {
  return fmt::format(
      "<div class=\"card\"><p class=\"what\">{}</p><p class=\"number\">{}</p>"
      "<p class=\"more\">{}</p></div>",
      what, number, more);
}

std::string SuccessCard(const Summary& summary) {
  if (summary.comparison.has_value()) {
    return fmt::format(
        "<div class=\"card wide\"><p class=\"what\">Success on tasks it never saw</p>"
        "<p class=\"number\"><span class=\"from\">{} →</span> {}</p>"
        "<p class=\"more\">{}, 95% interval {:+.1f} to {:+.1f}</p></div>",
        Percent(summary.before->pass_at_1), Percent(summary.after->pass_at_1),
        Points(summary.comparison->difference), 100 * summary.comparison->interval.low,
        100 * summary.comparison->interval.high);
  }
  const std::optional<Evaluation>& only =
      summary.before.has_value() ? summary.before : summary.after;
  if (!only.has_value()) {
    return Card("Success on tasks it never saw", "–", "not measured yet");
  }
  return Card("Success on tasks it never saw", Percent(only->pass_at_1),
              fmt::format("{}, 95% interval {}", Escape(StageName(only->stage)),
                          PercentInterval(only->pass_at_1_interval)));
}

double TotalSeconds(const Summary& summary) {
  double total = 0;
  for (const auto& [stage, seconds] : summary.stage_seconds.items()) {
    if (seconds.is_number()) total += seconds.get<double>();
  }
  return total;
}

std::string Cards(const Summary& summary) {
  const CandidateFigures& all = summary.candidates;
  int rows = 0;
  double seconds = 0;
  for (const store::TrainingRecord& training : summary.trainings) {
    rows = training.rows;
    seconds += training.seconds;
  }
  std::string cards = SuccessCard(summary);
  cards += Card("Tasks it wrote and kept", std::to_string(all.accepted),
                fmt::format("of {} candidates; no person wrote one", all.candidates));
  cards += Card("Time in all", Duration(TotalSeconds(summary)),
                summary.trainings.empty()
                    ? "nothing trained yet"
                    : fmt::format("{} of it training, last on {} rows", Duration(seconds), rows));
  return fmt::format("<div class=\"cards\">{}</div>\n", cards);
}

std::string Header(const Summary& summary) {
  const std::string title = summary.title.empty() ? "Self-challenging run" : summary.title;
  std::string html =
      fmt::format("<header><p class=\"kicker\">SelfChallenge report{}</p><h1>{}</h1>",
                  summary.finished ? "" : " · this run is not finished", Escape(title));
  if (summary.comparison.has_value()) {
    html += fmt::format("<p class=\"lead\">{}</p>", Escape(ComparisonSentence(summary)));
  }
  html += fmt::format(
      "<p class=\"facts\"><span>Environment <b>{}</b></span><span>Model <b>{}</b></span>"
      "<span>Seed <b>{}</b></span><span>Isolation level <b>{}</b></span></p>",
      Escape(summary.environment), Escape(summary.model), summary.seed, summary.isolation_level);
  html +=
      "<nav><a href=\"#success\">Success</a><a href=\"#calls\">By difficulty</a>"
      "<a href=\"#funnel\">Tasks it wrote</a><a href=\"#training\">Training</a>"
      "<a href=\"#diversity\">Diversity</a><a href=\"#cost\">Time and speed</a>"
      "<a href=\"#tasks\">Example tasks</a><a href=\"#episodes\">Example episodes</a>"
      "<a href=\"#settings\">Settings</a></nav>";
  return html + "</header>\n";
}

std::string SuccessSection(const Summary& summary) {
  std::string content;
  if (!summary.evaluations.empty()) {
    content +=
        "<p class=\"legend\"><span><i class=\"after round\"></i>pass@1 with 95% interval</span>"
        "<span><i class=\"hollow round\"></i>pass@4</span></p>";
    content += LearningPlot(summary.evaluations);
    std::vector<std::vector<std::string>> rows;
    for (const Evaluation& evaluation : summary.evaluations) {
      rows.push_back({Escape(StageName(evaluation.stage)), Escape(evaluation.environment),
                      Percent(evaluation.pass_at_1), PercentInterval(evaluation.pass_at_1_interval),
                      Percent(evaluation.pass_at_4), Percent(PassHat4(evaluation)),
                      fmt::format("{} × {}", evaluation.tasks.size(), evaluation.trials),
                      std::to_string(evaluation.infrastructure_failures)});
    }
    content += Table({"stage", "environment", "#pass@1", "95% interval", "#pass@4", "#pass^4",
                      "#tasks × trials", "#lost"},
                     rows);
  }
  return Section(
      {.id = "success",
       .title = "Does it do better on tasks that people wrote?",
       .note = "Held-out tasks are written by people and never enter a prompt or a training set. "
               "pass@1 is the share of successful trials, over tasks and trials, with its 95% "
               "Wilson interval; pass@4, that at least one of four trials succeeds; pass^4, that "
               "all four do. The change is compared task by task (paired bootstrap over tasks, "
               "10,000 resamples). Trials that our own infrastructure lost are in no figure."},
      OrEmpty(content, "No held-out task was played yet."));
}

std::string CallsSection(const Summary& summary) {
  std::string content = CallsPlot(summary.by_calls);
  if (!content.empty()) {
    content =
        "<p class=\"legend\"><span><i class=\"before\"></i>before training</span>"
        "<span><i class=\"after\"></i>after training</span></p>" +
        content;
  }
  return Section({.id = "calls",
                  .title = "Where does it do better?",
                  .note = "The same held-out tasks by the number of tool calls that the reference "
                          "solution needs: more calls, harder task. Whiskers are 95% Wilson "
                          "intervals over trials."},
                 OrEmpty(content, "No held-out task was played yet."));
}

std::string FunnelTable(const Summary& summary) {
  std::vector<std::vector<std::string>> rows;
  for (const GateFigures& gate : summary.funnel) {
    rows.push_back({fmt::format("<span class=\"mono\">{}</span>", Escape(gate.gate)),
                    Escape(GateMeaning(gate)), std::to_string(gate.entered),
                    std::to_string(gate.passed), Share(gate.passed, gate.entered),
                    Milliseconds(gate.milliseconds)});
    rows.back()[4] =
        gate.entered == 0 ? "–" : Percent(static_cast<double>(gate.passed) / gate.entered);
  }
  return rows.empty()
             ? ""
             : Table({"gate", "holds when", "#entered", "#passed", "#share", "#time"}, rows);
}

std::string IterationTable(const Summary& summary) {
  std::vector<std::vector<std::string>> rows;
  for (const CandidateFigures& figures : summary.iterations) {
    std::string rollouts;
    for (const RolloutFigures& played : summary.rollouts) {
      if (played.iteration != figures.iteration) continue;
      if (!rollouts.empty()) rollouts += "; ";
      rollouts += fmt::format("{} {}", played.purpose == "pilot" ? "pilot" : "further",
                              Share(played.successes, played.episodes));
    }
    rows.push_back({std::to_string(figures.iteration), std::to_string(figures.candidates),
                    std::to_string(figures.accepted), std::to_string(figures.set_aside),
                    std::to_string(figures.waiting), std::to_string(figures.rejected),
                    Share(figures.rescued, figures.sent_back), rollouts});
  }
  if (rows.empty()) return "";
  return "<h3>By iteration</h3>" +
         Table({"#iteration", "#candidates", "#accepted", "#set aside", "#waiting", "#rejected",
                "#rescued by revision", "successful attempts at its own tasks"},
               rows);
}

std::string ReviewTable(const Summary& summary) {
  std::vector<std::vector<std::string>> rows;
  for (const Review& review : summary.reviews) {
    rows.push_back({fmt::format("<span class=\"mono\">{}</span>", Escape(review.task_id)),
                    std::string(DecisionName(review.decision)), Escape(review.by),
                    Escape(review.note), Escape(review.time)});
  }
  if (rows.empty()) return "";
  return "<h3>What people said of them</h3>" +
         Table({"task", "decision", "by", "note", "time"}, rows);
}

std::string FunnelSection(const Summary& summary) {
  std::string content = FunnelPlot(summary);
  if (!content.empty()) {
    content =
        "<p class=\"legend\"><span><i class=\"behind\"></i>entered the gate</span>"
        "<span><i class=\"after\"></i>passed</span></p>" +
        content + FunnelTable(summary) + IterationTable(summary) + ReviewTable(summary);
  }
  return Section(
      {.id = "funnel",
       .title = "Which of its own tasks were good enough?",
       .note = "The model explores the tools and writes tasks as code: an instruction, a "
               "verification, a solution, failure cases. Each gate runs that code; a task that "
               "fails one goes no further. Set aside: all gates passed, but no pilot attempt "
               "solved it yet. Waiting: for a person's approval, where the recipe asks for it. "
               "Rescued: failed at first, passed after a revision."},
      OrEmpty(content, "No candidate task was written yet."));
}

std::string TrainingSection(const Summary& summary) {
  std::string content = LossPlot(summary.trainings);
  std::vector<std::vector<std::string>> rows;
  for (const store::TrainingRecord& training : summary.trainings) {
    const bool has_losses = !training.losses.empty();
    rows.push_back({std::to_string(training.iteration), Escape(training.algorithm),
                    std::to_string(training.rows), std::to_string(training.rows_from_rollouts),
                    std::to_string(training.rows_from_demonstrations),
                    std::to_string(training.distinct_tasks), std::to_string(training.losses.size()),
                    has_losses ? fmt::format("{} → {}", Number(training.losses.front()),
                                             Number(training.losses.back()))
                               : "–",
                    Duration(training.seconds), Escape(training.adapter)});
  }
  if (!rows.empty()) {
    content += Table({"#iteration", "algorithm", "#rows", "#from attempts", "#from solutions",
                      "#tasks", "#steps", "#loss", "#time", "adapter"},
                     rows);
  }
  return Section({.id = "training",
                  .title = "How was it trained?",
                  .note = "A LoRA adapter is trained on successful attempts at accepted tasks and "
                          "on their verified solutions; rft is rejection fine-tuning. The loss is "
                          "the mean negative log-probability (natural log) of the model's own "
                          "tokens in a step's rows."},
                 OrEmpty(content, "Nothing was trained yet."));
}

std::string DiversitySection(const Summary& summary) {
  const Diversity& diversity = summary.diversity;
  std::string content;
  if (!diversity.shapes.empty()) {
    const auto entropy = [](double bits, const std::vector<Counted>& counts) {
      return fmt::format("entropy {:.2f} bits, {:.2f} of the most", bits,
                         Diversity::Evenness(bits, counts));
    };
    content += fmt::format(
        "<p>Normalised entropy over tools, tool sequences and entities together: "
        "<b>{:.2f}</b></p>"
        "<h3>Calls of each tool ({} tools, {})</h3>{}"
        "<h3>Most frequent tool sequences ({} different, {})</h3>{}"
        "<h3>Most frequent entities ({} different, {})</h3>{}"
        "<h3>Tool calls a task</h3>{}",
        diversity.Overall(), diversity.tools.size(),
        entropy(diversity.tools_entropy, diversity.tools), CountPlot(diversity.tools, 14),
        diversity.shapes.size(), entropy(diversity.shapes_entropy, diversity.shapes),
        CountPlot(diversity.shapes, 8), diversity.entities.size(),
        entropy(diversity.entities_entropy, diversity.entities), CountPlot(diversity.entities, 8),
        CountPlot(diversity.calls, 10));
  }
  return Section({.id = "diversity",
                  .title = "How varied are the tasks?",
                  .note = "Of the accepted tasks, by what their solutions call. Entropy is 0 where "
                          "all are alike and log2 of the number of kinds where all kinds are "
                          "equally frequent; normalised, 0 and 1. Entities are the names that "
                          "calls have for arguments."},
                 OrEmpty(content, "No task was accepted yet."));
}

std::string CostSection(const Summary& summary) {
  std::string content = SecondsPlot(summary.stage_seconds);
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, value] : SpeedFigures(summary.speed)) {
    rows.push_back({Escape(name), Number(value)});
  }
  if (!rows.empty()) {
    content += "<h3>Speed of the language model</h3><div class=\"narrow\">" +
               Table({"", "#"}, rows) + "</div>";
  }
  return Section({.id = "cost",
                  .title = "What did it cost?",
                  .note = "Wall-clock time on this machine; no other machine and no paid service "
                          "took part unless the recipe names one. Tokens per second count written "
                          "tokens only, prompts apart."},
                 OrEmpty(content, "No time was recorded yet."));
}

std::string SettingsSection(const Summary& summary) {
  std::string rows;
  for (const auto& [key, value] : summary.recipe.items()) {
    rows += fmt::format("<tr><td class=\"mono\">{}</td><td class=\"mono\">{}</td></tr>",
                        Escape(key), Escape(DumpJson(value)));
  }
  const std::string content =
      rows.empty() ? ""
                   : fmt::format(
                         "<details><summary><span class=\"words\">All settings of the "
                         "recipe</span></summary><div class=\"inside scroll\"><table>{}"
                         "</table></div></details>",
                         rows);
  return Section({.id = "settings",
                  .title = "What exactly was run?",
                  .note = "The recipe and its seed decide the run: the same recipe on the same "
                          "build and machine gives the same tasks, rewards and losses."},
                 OrEmpty(content, "The recipe is not recorded yet."));
}

std::string Footer(const Summary& summary) {
  const store::AuditCheck& audit = summary.audit;
  return fmt::format(
      "<footer><span class=\"tag {}\">{}</span> Audit chain of {} entries{}. Its last hash is "
      "<code>{}</code>: keep it apart from the run, and nobody can change the record unseen."
      "</footer>",
      audit.intact ? "good" : "bad", audit.intact ? "intact" : "broken", audit.entries,
      audit.intact ? "; every stored record agrees with it" : ": " + Escape(audit.problem),
      audit.head);
}

}  // namespace

std::string Html(const Summary& summary) {
  std::string body = Header(summary) + Cards(summary) + SuccessSection(summary) +
                     CallsSection(summary) + FunnelSection(summary) + TrainingSection(summary) +
                     DiversitySection(summary) + CostSection(summary);
  body += Section({.id = "tasks",
                   .title = "Example tasks with evidence",
                   .note = "Accepted tasks of unlike tool sequences, and the first task that fell "
                           "at each gate."},
                  TaskExamplesHtml(summary));
  body += Section({.id = "episodes",
                   .title = "Example episodes",
                   .note = "The executor at work on held-out tasks: where training changed the "
                           "outcome of a trial, that trial before and after."},
                  TrajectoryExamplesHtml(summary));
  body += SettingsSection(summary) + Footer(summary);

  // Not FillSlots: the body may hold slots' names, since models write what they like.
  const std::string_view frame = kPageFrame;
  std::string page;
  std::size_t at = 0;
  const std::string title = Escape(summary.title.empty() ? "Self-challenging run" : summary.title);
  for (const auto& [slot, value] :
       {std::pair<std::string_view, std::string_view>("{{title}}", title),
        std::pair<std::string_view, std::string_view>("{{style}}", kPageStyle),
        std::pair<std::string_view, std::string_view>("{{body}}", body)}) {
    const std::size_t place = frame.find(slot, at);
    page += frame.substr(at, place - at);
    page += value;
    at = place + slot.size();
  }
  page += frame.substr(at);
  return page;
}

}  // namespace sca::report
