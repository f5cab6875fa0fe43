// The pictures of a report, as SVG elements that take their colours from the page's style.
//
// Each is empty where there is nothing to show. Names in them are escaped.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/summary.h"

namespace sca::report {

// For text and quoted attributes of HTML and SVG; invalid UTF-8 and control characters are
// replaced.
std::string Escape(std::string_view text);

std::string FunnelPlot(const Summary& summary);
std::string LearningPlot(const std::vector<Evaluation>& evaluations);
std::string CallsPlot(const std::vector<CallsFigures>& by_calls);
std::string LossPlot(const std::vector<store::TrainingRecord>& trainings);
std::string CountPlot(const std::vector<Counted>& counts, std::size_t shown_max);
std::string SecondsPlot(const Json& stage_seconds);

}  // namespace sca::report
