#include "task/bounds.h"

#include <fmt/format.h>

#include <cstddef>
#include <regex>
#include <vector>

#include "base/text.h"
#include "task/instruction.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

constexpr std::size_t kComparisonsMax = 12;  // Each may cost a run.

enum class Line { kUnsaid, kOpen, kTakenIn, kLeftOut };

// What the instruction, in lower case, says of the line at `number`.
Line LineAt(const std::string& lower, const std::string& number) {
  const auto says = [&](const std::string& before, const std::string& after) {
    return std::regex_search(lower,
                             std::regex("\\b" + before + number + "(?![0-9]|[.,][0-9])" + after));
  };
  const std::string unit = "(?: [a-z]+){0,2}";
  if (says("(?:at least|at most|up to|no more than|no less than|no fewer than|not more than|"
           "not less than|a maximum of|a minimum of|not above|not below|not over|not under) ",
           "") ||
      says("", unit + " (?:or (?:more|less|fewer|above|below|longer|shorter|better|older|higher|"
                      "lower|later|earlier)|and (?:more|over|above|up)|inclusive)\\b")) {
    return Line::kTakenIn;
  }
  if (says("(?:more than|less than|fewer than|over|under|above|below|exceeds?|exceeding|"
           "(?:higher|lower|longer|shorter|larger|smaller|greater|bigger|heavier|lighter|cheaper|"
           "older|younger|taller|farther|nearer) than) ",
           "")) {
    return Line::kLeftOut;
  }
  if (says("between (?:[^.?!]{0,30} and )?", "")) return Line::kOpen;
  return Line::kUnsaid;
}

// A comparison with a number that stands in the code.
struct Comparison {
  std::string spelled;
  bool takes_in = false;  // >= or <=.
  std::string toggled;    // The code with the line on its other side.
};

std::vector<Comparison> ComparisonsIn(const std::string& code) {
  std::vector<Comparison> all;
  const std::vector<Token> tokens = TokensOf(code);
  const auto add = [&](std::size_t sign, std::size_t number) {
    const bool takes_in =
        TokenIs(tokens, sign + 1, "=") && tokens[sign + 1].begin == tokens[sign].end;
    std::string toggled = code;
    if (takes_in) {
      toggled.erase(tokens[sign + 1].begin, 1);
    } else {
      toggled.insert(tokens[sign].end, "=");
    }
    all.push_back({tokens[number].value, takes_in, std::move(toggled)});
  };
  for (std::size_t at = 0; at < tokens.size() && all.size() < kComparisonsMax; ++at) {
    if (!TokenIs(tokens, at, "<") && !TokenIs(tokens, at, ">")) continue;
    const std::size_t right = TokenIs(tokens, at + 1, "=") ? at + 2 : at + 1;
    if (right < tokens.size() && tokens[right].kind == Token::Kind::kNumber) add(at, right);
    if (at > 0 && tokens[at - 1].kind == Token::Kind::kNumber) add(at, at - 1);
  }
  return all;
}

}  // namespace

Result<std::optional<std::string>> FindOtherBound(Candidate& candidate, const Trace& solution) {
  const CodeAsTask& task = candidate.task();
  const std::string lower = Lowercase(task.instruction);
  for (const Comparison& comparison : ComparisonsIn(task.solution)) {
    const Line line = LineAt(lower, comparison.spelled);
    const bool as_said = line == Line::kUnsaid || (line == Line::kTakenIn && comparison.takes_in) ||
                         (line == Line::kLeftOut && !comparison.takes_in);
    const bool settled =
        line == Line::kOpen && SpeaksOf(lower, {"inclusive", "including", "inclusively",
                                                "exclusive", "strictly", "excluding", "both"});
    if (as_said || settled) continue;
    const Execution other = SCA_TRY(candidate.Execute(comparison.toggled));
    if (!other.verdict.has_value() || other.verdict->passed.value_or(false)) continue;
    if (other.trace.Key() == solution.Key() &&
        IsSameAnswer(solution.answer_json, other.trace.answer_json)) {
      continue;
    }
    if (line == Line::kOpen) {
      return std::optional(
          fmt::format("Something lies at {}, and the instruction does not tell "
                      "whether that counts.",
                      comparison.spelled));
    }
    return std::optional(
        fmt::format("Something lies at {}: the instruction {} it, the solution "
                    "{} it.",
                    comparison.spelled, comparison.takes_in ? "leaves out" : "takes in",
                    comparison.takes_in ? "takes in" : "leaves out"));
  }
  return std::optional<std::string>();
}

}  // namespace sca::task
