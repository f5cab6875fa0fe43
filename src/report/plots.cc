#include "report/plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "domain/statistics.h"
#include "report/svg.h"
#include "report/words.h"

namespace sca::report {
namespace {

constexpr double kWidth = 960;

// A field with a vertical axis from 0 to `top`.
struct Field {
  Box box;
  double top = 1;

  double Y(double value) const { return box.y + box.height * (1 - value / top); }
  double X(double share) const { return box.x + box.width * share; }
  double bottom() const { return box.y + box.height; }
};

void DrawAxis(Svg& svg, const Field& field, double step, bool percent) {
  for (int tick = 0; tick * step <= field.top * 1.0001; ++tick) {
    const double value = tick * step;
    const double y = field.Y(value);
    svg.Line({field.box.x, y}, {field.box.x + field.box.width, y}, tick == 0 ? "axis" : "grid");
    svg.Text({field.box.x - 8, y + 4}, "tick end",
             percent ? fmt::format("{:.0f}%", 100 * value) : fmt::format("{:g}", value));
  }
}

double TopOfShares(double highest) {
  const double step = NiceStep(std::max(highest, 0.05), 5);
  return std::min(1.0, std::ceil(highest / step - 1e-9) * step);
}

// Horizontal bars with a name on the left and words on the right.
struct Bar {
  std::string name;
  std::string name_style = "name end";
  double behind = 0;  // The paler bar; 0 for none.
  double value = 0;
  std::string style = "after";
  std::string words;
  std::string tooltip;
};

std::string Bars(const std::vector<Bar>& bars, double name_width, std::string_view label) {
  constexpr double kRow = 28;
  constexpr double kWords = 150;
  double top = 0;
  for (const Bar& bar : bars) top = std::max({top, bar.behind, bar.value});
  if (bars.empty() || top <= 0) return "";
  const double scale = (kWidth - name_width - kWords) / top;
  Svg svg(kWidth, kRow * static_cast<double>(bars.size()) + 4, label);
  double y = 4;
  for (const Bar& bar : bars) {
    svg.Text({name_width - 12, y + 15}, bar.name_style, bar.name);
    if (bar.behind > 0) {
      svg.Rect({name_width, y, bar.behind * scale, 20}, "behind", bar.tooltip);
    }
    if (bar.value > 0) {
      svg.Rect({name_width, y, std::max(1.5, bar.value * scale), 20}, bar.style, bar.tooltip);
    }
    svg.Text({name_width + std::max(bar.behind, bar.value) * scale + 10, y + 15}, "figure",
             bar.words);
    y += kRow;
  }
  return std::move(svg).Finish();
}

// The evaluations of one environment, in their order.
using Series = std::vector<const Evaluation*>;

std::vector<Series> ByEnvironment(const std::vector<Evaluation>& evaluations) {
  std::vector<Series> all;
  for (const Evaluation& evaluation : evaluations) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Series& series) {
      return series.front()->environment == evaluation.environment;
    });
    if (found == all.end()) {
      all.push_back({&evaluation});
    } else {
      found->push_back(&evaluation);
    }
  }
  return all;
}

void DrawSeries(Svg& svg, const Field& field, const Series& series, bool named) {
  const auto x = [&](std::size_t index) {
    return field.X((static_cast<double>(index) + 0.5) / static_cast<double>(series.size()));
  };
  for (const bool any : {true, false}) {  // pass@4 behind, pass@1 in front.
    for (std::size_t index = 0; index < series.size(); ++index) {
      const double value = any ? series[index]->pass_at_4 : series[index]->pass_at_1;
      index == 0 ? svg.MoveTo({x(index), field.Y(value)}) : svg.LineTo({x(index), field.Y(value)});
    }
    svg.EndPath(any ? "curve pale" : "curve");
  }
  for (std::size_t index = 0; index < series.size(); ++index) {
    const Evaluation& evaluation = *series[index];
    const std::string stage = StageName(evaluation.stage);
    svg.Dot({x(index), field.Y(evaluation.pass_at_4)}, 4, "dot hollow",
            fmt::format("{}: pass@4 {}", stage, Percent(evaluation.pass_at_4)));
    const Interval& interval = evaluation.pass_at_1_interval;
    svg.Whisker(x(index), field.Y(interval.low), field.Y(interval.high));
    svg.Dot({x(index), field.Y(evaluation.pass_at_1)}, 6, "dot",
            fmt::format("{}: pass@1 {}, 95% interval {}", stage, Percent(evaluation.pass_at_1),
                        PercentInterval(interval)));
    svg.Text({x(index) + 11, field.Y(evaluation.pass_at_1) + 19}, "figure strong",
             Percent(evaluation.pass_at_1));
    svg.Text({x(index), field.bottom() + 22}, "tick middle", stage);
  }
  if (named) {
    svg.Text({x(series.size() - 1) + 12, field.Y(series.back()->pass_at_1) + 36}, "figure",
             series.back()->environment);
  }
}

void DrawCallsBar(Svg& svg, const Field& field, double x, double width, int successes, int trials,
                  std::string_view style) {
  if (trials == 0) return;
  const double share = static_cast<double>(successes) / trials;
  const Interval interval = WilsonInterval(successes, trials);
  const double y = field.Y(share);
  svg.Rect({x, y, width, std::max(1.0, field.bottom() - y)}, style,
           fmt::format("{} trials, 95% interval {}", Share(successes, trials),
                       PercentInterval(interval)));
  svg.Whisker(x + width / 2, field.Y(interval.low), field.Y(interval.high));
  svg.Text({x + width / 2, field.Y(interval.high) - 7}, "figure middle", Percent(share));
}

}  // namespace

std::string Escape(std::string_view text) {
  // A round trip through the JSON writer makes valid UTF-8 of anything.
  const Json valid = Json::parse(DumpJson(Json(text)), nullptr, false);
  std::string escaped;
  for (const char character : valid.get<std::string>()) {
    switch (character) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default: {
        const auto code = static_cast<unsigned char>(character);
        const bool control = (code < 0x20 && code != '\n' && code != '\t') || code == 0x7f;
        escaped += control ? "\xEF\xBF\xBD" : std::string(1, character);
      }
    }
  }
  return escaped;
}

std::string FunnelPlot(const Summary& summary) {
  std::vector<Bar> bars;
  for (const GateFigures& gate : summary.funnel) {
    Bar bar;
    bar.name = gate.gate;
    bar.name_style = "name mono end";
    bar.behind = gate.entered;
    bar.value = gate.passed;
    bar.words = fmt::format("{} of {}", gate.passed, gate.entered);
    if (gate.waiting > 0) bar.words += fmt::format(", {} waiting", gate.waiting);
    bar.tooltip = GateMeaning(gate);
    bars.push_back(std::move(bar));
  }
  if (bars.empty()) return "";
  Bar accepted;
  accepted.name = "accepted";
  accepted.name_style = "name strong end";
  accepted.value = summary.candidates.accepted;
  accepted.style = "good";
  accepted.words = Share(summary.candidates.accepted, summary.candidates.candidates);
  bars.push_back(std::move(accepted));
  return Bars(bars, 190, "Candidates that entered and passed each gate");
}

std::string LearningPlot(const std::vector<Evaluation>& evaluations) {
  if (evaluations.empty()) return "";
  double highest = 0;
  for (const Evaluation& evaluation : evaluations) {
    highest = std::max({highest, evaluation.pass_at_1_interval.high, evaluation.pass_at_4});
  }
  const Field field{.box = {48, 14, kWidth - 60, 256}, .top = TopOfShares(highest)};
  Svg svg(kWidth, 300, "Success on held-out tasks before, during and after training");
  DrawAxis(svg, field, NiceStep(field.top, 5), true);
  const std::vector<Series> all = ByEnvironment(evaluations);
  for (const Series& series : all) DrawSeries(svg, field, series, all.size() > 1);
  return std::move(svg).Finish();
}

std::string CallsPlot(const std::vector<CallsFigures>& by_calls) {
  if (by_calls.empty()) return "";
  double highest = 0;
  for (const CallsFigures& figures : by_calls) {
    for (const auto& [successes, trials] :
         {std::pair(figures.before_successes, figures.before_trials),
          std::pair(figures.after_successes, figures.after_trials)}) {
      if (trials > 0) highest = std::max(highest, WilsonInterval(successes, trials).high);
    }
  }
  const Field field{.box = {48, 24, kWidth - 60, 220}, .top = TopOfShares(highest)};
  Svg svg(kWidth, 290, "Held-out success before and after by number of tool calls");
  DrawAxis(svg, field, NiceStep(field.top, 5), true);
  const double slot = field.box.width / static_cast<double>(by_calls.size());
  const double width = std::min(64.0, slot * 0.34);
  double center = field.box.x + slot / 2;
  for (const CallsFigures& figures : by_calls) {
    DrawCallsBar(svg, field, center - width - 3, width, figures.before_successes,
                 figures.before_trials, "before");
    DrawCallsBar(svg, field, center + 3, width, figures.after_successes, figures.after_trials,
                 "after");
    svg.Text({center, field.bottom() + 20}, "tick middle strong",
             fmt::format("{} {}", figures.calls, figures.calls == 1 ? "call" : "calls"));
    svg.Text({center, field.bottom() + 38}, "tick middle",
             fmt::format("{} {}", figures.tasks, figures.tasks == 1 ? "task" : "tasks"));
    center += slot;
  }
  return std::move(svg).Finish();
}

std::string LossPlot(const std::vector<store::TrainingRecord>& trainings) {
  double highest = 0;
  std::size_t steps = 0;
  for (const store::TrainingRecord& training : trainings) {
    steps += training.losses.size();
    for (const double loss : training.losses) {
      if (std::isfinite(loss)) highest = std::max(highest, loss);
    }
  }
  if (steps < 2) return "";
  const double step = NiceStep(highest, 5);
  const Field field{.box = {48, 14, kWidth - 60, 216},
                    .top = std::max(step, std::ceil(highest / step - 1e-9) * step)};
  Svg svg(kWidth, 270, "Training loss by step");
  DrawAxis(svg, field, step, false);
  std::size_t at = 0;
  for (const store::TrainingRecord& training : trainings) {
    const auto x = [&](std::size_t index) {
      return field.X(static_cast<double>(index) / static_cast<double>(steps - 1));
    };
    if (at > 0) svg.Line({x(at), field.box.y}, {x(at), field.bottom()}, "divider");
    svg.Text({x(at) + 8, field.box.y + 12}, "tick",
             fmt::format("iteration {}", training.iteration));
    bool drawing = false;
    for (const double loss : training.losses) {
      const Place place{x(at++), field.Y(std::isfinite(loss) ? loss : 0)};
      if (std::isfinite(loss)) drawing ? svg.LineTo(place) : svg.MoveTo(place);
      drawing = std::isfinite(loss);
    }
    svg.EndPath("curve thin");
  }
  svg.Text({field.box.x + field.box.width, field.bottom() + 24}, "tick end",
           fmt::format("{} optimizer steps", steps));
  return std::move(svg).Finish();
}

std::string CountPlot(const std::vector<Counted>& counts, std::size_t shown_max) {
  std::vector<Bar> bars;
  for (const Counted& counted : counts) {
    if (bars.size() == shown_max) break;
    Bar bar;
    bar.name = Shorten(counted.name, 42);
    bar.name_style = "name mono end";
    bar.value = counted.count;
    bar.words = std::to_string(counted.count);
    bar.tooltip = counted.name;
    bars.push_back(std::move(bar));
  }
  return Bars(bars, 330, "Counts");
}

std::string SecondsPlot(const Json& stage_seconds) {
  std::vector<Bar> bars;
  for (const auto& [stage, seconds] : stage_seconds.items()) {
    if (!seconds.is_number()) continue;
    Bar bar;
    bar.name = Shorten(WorkName(stage), 42);
    bar.value = seconds.get<double>();
    bar.words = Duration(bar.value);
    bars.push_back(std::move(bar));
  }
  return Bars(bars, 250, "Wall-clock time of each kind of work");
}

}  // namespace sca::report
