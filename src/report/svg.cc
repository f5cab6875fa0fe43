#include "report/svg.h"

#include <fmt/format.h>

#include <cmath>

#include "report/plots.h"

namespace sca::report {

Svg::Svg(double width, double height, std::string_view label)
    : body_(fmt::format(
          "<div class=\"scroll\"><svg viewBox=\"0 0 {:g} {:g}\" role=\"img\" aria-label=\"{}\">",
          width, height, Escape(label))) {}

void Svg::Open(std::string_view tooltip, std::string_view element) {
  body_ += element;
  if (!tooltip.empty()) body_ += fmt::format("<title>{}</title>", Escape(tooltip));
}

void Svg::Rect(const Box& box, std::string_view style, std::string_view tooltip) {
  Open(tooltip, fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
                            "rx=\"3\" class=\"{}\">",
                            box.x, box.y, box.width, box.height, style));
  body_ += "</rect>";
}

void Svg::Line(const Place& from, const Place& to, std::string_view style) {
  body_ += fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" "
      "class=\"{}\"/>",
      from.x, from.y, to.x, to.y, style);
}

void Svg::Dot(const Place& center, double radius, std::string_view style,
              std::string_view tooltip) {
  Open(tooltip, fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:g}\" class=\"{}\">",
                            center.x, center.y, radius, style));
  body_ += "</circle>";
}

void Svg::Text(const Place& at, std::string_view style, std::string_view text) {
  body_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\">{}</text>", at.x, at.y, style,
                       Escape(text));
}

void Svg::MoveTo(const Place& place) { path_ += fmt::format("M{:.1f} {:.1f}", place.x, place.y); }

void Svg::LineTo(const Place& place) { path_ += fmt::format("L{:.1f} {:.1f}", place.x, place.y); }

void Svg::EndPath(std::string_view style) {
  body_ += fmt::format("<path d=\"{}\" class=\"{}\"/>", path_, style);
  path_.clear();
}

void Svg::Whisker(double x, double y_low, double y_high) {
  constexpr double kCap = 5;
  Line({x, y_low}, {x, y_high}, "whisker");
  Line({x - kCap, y_low}, {x + kCap, y_low}, "whisker");
  Line({x - kCap, y_high}, {x + kCap, y_high}, "whisker");
}

std::string Svg::Finish() && { return std::move(body_) + "</svg></div>"; }

double NiceStep(double top, int ticks_max) {
  if (!(top > 0) || !std::isfinite(top)) return 1;
  const double power = std::pow(10, std::floor(std::log10(top / ticks_max)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (top / (factor * power) <= ticks_max) return factor * power;
  }
  return 10 * power;
}

}  // namespace sca::report
