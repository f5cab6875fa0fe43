// The plain forms of a report: terminal, Markdown, CSV and JSON.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/report.h"
#include "report/trace_tools.h"
#include "report/words.h"

namespace sca::report {
namespace {

std::string TerminalFunnel(const Summary& summary) {
  const CandidateFigures& all = summary.candidates;
  if (all.candidates == 0) return "No candidate tasks were written yet.\n";
  std::string text = fmt::format("How {} candidate tasks fared at the gates\n", all.candidates);
  text += fmt::format("  {:<21} {:>7} {:>7} {:>7}  {}\n", "gate", "entered", "passed", "share",
                      "holds when");
  for (const GateFigures& gate : summary.funnel) {
    const std::string share =
        gate.entered == 0 ? "–" : Percent(static_cast<double>(gate.passed) / gate.entered);
    text += fmt::format("  {:<21} {:>7} {:>7} {:>7}  {}\n", Shorten(gate.gate, 21), gate.entered,
                        gate.passed, share, Shorten(GateMeaning(gate), 52));
  }
  text += fmt::format("  {}\n", FatesSentence(all));
  if (all.sent_back > 0) {
    text += fmt::format("  sent back for revision {}, of these rescued {}\n", all.sent_back,
                        all.rescued);
  }
  if (all.infrastructure_failures > 0) {
    text += fmt::format("  lost to infrastructure {} (in no other number)\n",
                        all.infrastructure_failures);
  }
  return text;
}

std::string TerminalEvaluations(const Summary& summary) {
  if (summary.evaluations.empty()) return "No held-out tasks were played yet.\n";
  const Evaluation& first = summary.evaluations.front();
  std::string text = fmt::format("Success on held-out tasks ({} tasks, {} trials each)\n",
                                 first.tasks.size(), first.trials);
  text += fmt::format("  {:<16} {:<20} {:>7}  {:<16}  {:>7} {:>7}\n", "stage", "environment",
                      "pass@1", "95% interval", "pass@4", "pass^4");
  for (const Evaluation& evaluation : summary.evaluations) {
    text +=
        fmt::format("  {:<16} {:<20} {:>7}  {:<16}  {:>7} {:>7}\n",
                    Shorten(StageName(evaluation.stage), 16), Shorten(evaluation.environment, 20),
                    Percent(evaluation.pass_at_1), PercentInterval(evaluation.pass_at_1_interval),
                    Percent(evaluation.pass_at_4), Percent(PassHat4(evaluation)));
  }
  text += "  pass@1: mean over tasks and trials; pass@4: one of four trials; pass^4: all four.\n";
  if (summary.comparison.has_value()) {
    text += ReplaceAll(ComparisonSentence(summary), ". ", ".\n") + '\n';
  }
  return text;
}

// One cell of a Markdown table: a pipe or a line break would end it, markup would take effect.
std::string Cell(std::string_view text) {
  std::string cell;
  for (const char character : text) {
    if (character == '\n' || character == '\r') {
      cell += ' ';
      continue;
    }
    if (std::string_view("|\\`*_[]<>&").find(character) != std::string_view::npos) cell += '\\';
    cell += character;
  }
  return cell;
}

std::string MarkdownEvaluations(const Summary& summary) {
  std::string text = "\n## Success on held-out tasks\n\n";
  if (summary.evaluations.empty()) return text + "None were played yet.\n";
  text += "| stage | environment | pass@1 | 95% interval | pass@4 | pass^4 | tasks | trials |\n";
  text += "|---|---|--:|---|--:|--:|--:|--:|\n";
  for (const Evaluation& evaluation : summary.evaluations) {
    text += fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} | {} |\n", Cell(StageName(evaluation.stage)),
        Cell(evaluation.environment), Percent(evaluation.pass_at_1),
        PercentInterval(evaluation.pass_at_1_interval), Percent(evaluation.pass_at_4),
        Percent(PassHat4(evaluation)), evaluation.tasks.size(), evaluation.trials);
  }
  return text +
         "\npass@1 is the mean over tasks and trials (95% Wilson interval); pass@4: at least one "
         "of four trials succeeds; pass^4: all four do.\n";
}

std::string MarkdownFunnel(const Summary& summary) {
  const CandidateFigures& all = summary.candidates;
  std::string text = fmt::format("\n## Tasks the model wrote\n\n{} candidates: {}.\n\n",
                                 all.candidates, FatesSentence(all));
  if (summary.funnel.empty()) return text;
  text += "| gate | holds when | entered | passed | time |\n|---|---|--:|--:|--:|\n";
  for (const GateFigures& gate : summary.funnel) {
    text += fmt::format("| {} | {} | {} | {} | {} |\n", Cell(gate.gate), GateMeaning(gate),
                        gate.entered, gate.passed, Milliseconds(gate.milliseconds));
  }
  return text;
}

std::string MarkdownTraining(const Summary& summary) {
  if (summary.trainings.empty()) return "";
  std::string text =
      "\n## Training\n\n| iteration | algorithm | rows | tasks | steps | first loss | last loss | "
      "time |\n|--:|---|--:|--:|--:|--:|--:|--:|\n";
  for (const store::TrainingRecord& training : summary.trainings) {
    const bool has_losses = !training.losses.empty();
    text +=
        fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", training.iteration,
                    Cell(training.algorithm), training.rows, training.distinct_tasks,
                    training.losses.size(), has_losses ? Number(training.losses.front()) : "–",
                    has_losses ? Number(training.losses.back()) : "–", Duration(training.seconds));
  }
  return text;
}

std::string Quoted(std::string_view text) {
  return fmt::format("\"{}\"", ReplaceAll(std::string(text), "\"", "\"\""));
}

Json FunnelJson(const Summary& summary) {
  Json funnel = Json::array();
  for (const GateFigures& gate : summary.funnel) {
    funnel.push_back({{"gate", gate.gate},
                      {"entered", gate.entered},
                      {"passed", gate.passed},
                      {"waiting", gate.waiting},
                      {"milliseconds", gate.milliseconds}});
  }
  return funnel;
}

Json CandidatesJson(const CandidateFigures& figures) {
  return {{"candidates", figures.candidates},
          {"accepted", figures.accepted},
          {"set_aside", figures.set_aside},
          {"waiting", figures.waiting},
          {"rejected", figures.rejected},
          {"infrastructure_failures", figures.infrastructure_failures},
          {"sent_back", figures.sent_back},
          {"rescued_by_revision", figures.rescued}};
}

Json CountsJson(const std::vector<Counted>& counts) {
  Json list = Json::array();
  for (const Counted& counted : counts) {
    list.push_back({{"name", counted.name}, {"count", counted.count}});
  }
  return list;
}

Json EvennessJson(const Diversity& diversity) {
  return {{"tools", Diversity::Evenness(diversity.tools_entropy, diversity.tools)},
          {"shapes", Diversity::Evenness(diversity.shapes_entropy, diversity.shapes)},
          {"entities", Diversity::Evenness(diversity.entities_entropy, diversity.entities)},
          {"overall", diversity.Overall()}};
}

Json TrainingsJson(const Summary& summary) {
  Json trainings = Json::array();
  for (const store::TrainingRecord& training : summary.trainings) {
    Json json = training.ToJson();
    json["losses"] = training.losses;
    trainings.push_back(std::move(json));
  }
  return trainings;
}

Json ByCallsJson(const Summary& summary) {
  Json list = Json::array();
  for (const CallsFigures& figures : summary.by_calls) {
    list.push_back(
        {{"calls", figures.calls},
         {"tasks", figures.tasks},
         {"before", {{"trials", figures.before_trials}, {"successes", figures.before_successes}}},
         {"after", {{"trials", figures.after_trials}, {"successes", figures.after_successes}}}});
  }
  return list;
}

}  // namespace

std::string Terminal(const Summary& summary) {
  return TerminalFunnel(summary) + "\n" + TerminalEvaluations(summary);
}

std::string Markdown(const Summary& summary) {
  std::string text =
      fmt::format("# {}\n\nEnvironment {}, model {}, seed {}{}.\n",
                  summary.title.empty() ? "Self-challenging run" : Cell(summary.title),
                  Cell(summary.environment), Cell(summary.model), summary.seed,
                  summary.finished ? "" : "; the run is not finished");
  if (summary.comparison.has_value()) text += fmt::format("\n{}\n", ComparisonSentence(summary));
  text += MarkdownEvaluations(summary) + MarkdownFunnel(summary) + MarkdownTraining(summary);
  if (!summary.stage_seconds.empty()) {
    text += "\n## Time\n\n| work | time |\n|---|--:|\n";
    for (const auto& [stage, seconds] : summary.stage_seconds.items()) {
      if (!seconds.is_number()) continue;
      text += fmt::format("| {} | {} |\n", Cell(WorkName(stage)), Duration(seconds.get<double>()));
    }
  }
  text += fmt::format(
      "\nAudit chain: {} entries, {}; its last hash is {}.\n", summary.audit.entries,
      summary.audit.intact ? "intact" : Cell(summary.audit.problem), summary.audit.head);
  return text;
}

std::string EvaluationsCsv(const Summary& summary) {
  std::string csv =
      "stage,environment,policy,tasks,trials,pass_at_1,pass_at_1_low,pass_at_1_high,pass_at_4,"
      "pass_hat_4,infrastructure_failures\r\n";
  for (const Evaluation& evaluation : summary.evaluations) {
    csv += fmt::format("{},{},{},{},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{}\r\n",
                       Quoted(evaluation.stage), Quoted(evaluation.environment),
                       Quoted(evaluation.policy), evaluation.tasks.size(), evaluation.trials,
                       evaluation.pass_at_1, evaluation.pass_at_1_interval.low,
                       evaluation.pass_at_1_interval.high, evaluation.pass_at_4,
                       PassHat4(evaluation), evaluation.infrastructure_failures);
  }
  return csv;
}

Json ToJson(const Summary& summary) {
  Json json = {{"title", summary.title},       {"environment", summary.environment},
               {"model", summary.model},       {"seed", summary.seed},
               {"finished", summary.finished}, {"isolation_level", summary.isolation_level}};
  json["funnel"] = FunnelJson(summary);
  json["candidates"] = CandidatesJson(summary.candidates);
  json["iterations"] = Json::array();
  for (const CandidateFigures& figures : summary.iterations) {
    Json iteration = {{"iteration", figures.iteration}};
    iteration.update(CandidatesJson(figures));
    json["iterations"].push_back(std::move(iteration));
  }
  json["reviews"] = Json::array();
  for (const Review& review : summary.reviews) json["reviews"].push_back(review.ToJson());
  json["rollouts"] = Json::array();
  for (const RolloutFigures& figures : summary.rollouts) {
    json["rollouts"].push_back({{"iteration", figures.iteration},
                                {"purpose", figures.purpose},
                                {"episodes", figures.episodes},
                                {"successes", figures.successes},
                                {"infrastructure_failures", figures.infrastructure_failures}});
  }
  json["evaluations"] = Json::array();
  for (const Evaluation& evaluation : summary.evaluations) {
    Json one = evaluation.ToJson();
    one["pass_hat_4"] = PassHat4(evaluation);
    json["evaluations"].push_back(std::move(one));
  }
  json["comparison"] =
      summary.comparison.has_value() ? summary.comparison->ToJson() : Json(nullptr);
  json["by_calls"] = ByCallsJson(summary);
  json["trainings"] = TrainingsJson(summary);
  json["diversity"] = {{"tools", CountsJson(summary.diversity.tools)},
                       {"shapes", CountsJson(summary.diversity.shapes)},
                       {"calls", CountsJson(summary.diversity.calls)},
                       {"entities", CountsJson(summary.diversity.entities)},
                       {"tools_entropy_bits", summary.diversity.tools_entropy},
                       {"shapes_entropy_bits", summary.diversity.shapes_entropy},
                       {"entities_entropy_bits", summary.diversity.entities_entropy},
                       {"normalised_entropy", EvennessJson(summary.diversity)}};
  json["speed"] = summary.speed;
  json["stage_seconds"] = summary.stage_seconds;
  json["audit"] = {{"intact", summary.audit.intact},
                   {"entries", summary.audit.entries},
                   {"head", summary.audit.head},
                   {"problem", summary.audit.problem}};
  return json;
}

}  // namespace sca::report
