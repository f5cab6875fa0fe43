// A drawing under way: SVG elements in a view box, styled by classes.

#pragma once

#include <string>
#include <string_view>

namespace sca::report {

struct Place {
  double x = 0;
  double y = 0;
};

struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

class Svg {
 public:
  // `label` says in words what the picture shows, for those who cannot see it.
  Svg(double width, double height, std::string_view label);

  void Rect(const Box& box, std::string_view style, std::string_view tooltip = {});
  void Line(const Place& from, const Place& to, std::string_view style);
  void Dot(const Place& center, double radius, std::string_view style,
           std::string_view tooltip = {});
  void Text(const Place& at, std::string_view style, std::string_view text);
  void MoveTo(const Place& place);  // Begins a path; LineTo goes on, EndPath draws it.
  void LineTo(const Place& place);
  void EndPath(std::string_view style);
  // A vertical interval with caps.
  void Whisker(double x, double y_low, double y_high);

  std::string Finish() &&;

 private:
  void Open(std::string_view tooltip, std::string_view element);

  std::string body_;
  std::string path_;
};

// Least of 1, 2, 2.5, 5 times a power of ten that needs at most `ticks_max` steps to reach `top`.
double NiceStep(double top, int ticks_max);

}  // namespace sca::report
