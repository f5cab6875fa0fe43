// The forms of a report: one page for people, text for a terminal, and files for programs.
//
// All are pure functions of a summary. Whatever a model wrote is escaped: it may be hostile.

#pragma once

#include <string>

#include "base/json.h"
#include "report/summary.h"

namespace sca::report {

// A page that stands alone: no script, no font, no picture from anywhere else.
std::string Html(const Summary& summary);

std::string Markdown(const Summary& summary);

// Funnel and evaluations in plain words, lines of at most 100 characters.
std::string Terminal(const Summary& summary);

// One row an evaluation, with a header line (RFC 4180).
std::string EvaluationsCsv(const Summary& summary);

// funnel: [{gate, entered, passed, ...}], evaluations: [{stage, environment, pass_at_1,
// pass_at_1_interval, pass_at_4, tasks, trials, ...}], comparison: {difference, interval} or null,
// and more.
Json ToJson(const Summary& summary);

}  // namespace sca::report
