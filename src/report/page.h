// The parts of report.html that are not figures: its style, and the frame around the sections.

#pragma once

#include <string_view>

namespace sca::report {

// CSS for light and dark screens and for paper. Needs nothing from outside.
extern const std::string_view kPageStyle;

// An HTML document with the slots {{title}}, {{style}} and {{body}}.
extern const std::string_view kPageFrame;

}  // namespace sca::report
