// How figures and names are worded, the same in every form of a report.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/evaluation.h"
#include "report/summary.h"

namespace sca::report {

std::string Percent(double share);                      // "34.4%"
std::string Points(double difference);                  // "+27.5 points"
std::string PercentInterval(const Interval& interval);  // "29.0% to 40.1%"
std::string Share(int part, int whole);                 // "52 of 240 (21.7%)"
std::string Duration(double seconds);                   // "45 s", "3 min 20 s", "1 h 05 min"
std::string Milliseconds(double milliseconds);          // "0.42 ms", "12 ms", "3.1 s"
std::string Number(double value);                       // "594", "0.62"

std::string StageName(std::string_view stage);  // "iteration_1" is "Iteration 1".
std::string WorkName(std::string_view stage);   // A key of stage_seconds, as words.

// The numbers of `speed` with their names in words: the known ones first, in a fixed order.
std::vector<std::pair<std::string, double>> SpeedFigures(const Json& speed);

// What a gate asks, in words that need no knowledge of it. Empty for a gate unknown here.
std::string GateMeaning(std::string_view gate);

// The same, and how many wait where it is a person's gate.
std::string GateMeaning(const GateFigures& gate);

// "accepted 52 of 240 (21.7%), set aside 3, rejected 185", and those that wait where any do.
std::string FatesSentence(const CandidateFigures& figures);

// What the comparison says, as a sentence, with its caution. Empty without a comparison.
std::string ComparisonSentence(const Summary& summary);

}  // namespace sca::report
