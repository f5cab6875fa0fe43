// The example tasks and trajectories of report.html.

#pragma once

#include <string>

#include "report/summary.h"

namespace sca::report {

std::string TaskExamplesHtml(const Summary& summary);
std::string TrajectoryExamplesHtml(const Summary& summary);

}  // namespace sca::report
