// The gate against instructions that say too little: can an agent find out everything that the
// solution needs, and is it clear which thing is meant?

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "base/text.h"
#include "task/clarity.h"
#include "task/evidence.h"
#include "task/gate.h"
#include "task/instruction.h"
#include "task/literals.h"
#include "task/python_tokens.h"
#include "task/reach.h"
#include "task/referent.h"
#include "task/said_dates.h"
#include "task/said_otherwise.h"
#include "task/text_spellings.h"
#include "task/ties.h"
#include "task/which_one.h"

namespace sca::task {
namespace {

constexpr double kSmallNumberMax = 12;   // Found by chance where one looks for it.
constexpr std::size_t kOfferedMax = 12;  // Names of a tool that are tried.

Finding Missing(std::string what, std::string_view remedy = "") {
  return {.passed = false,
          .evidence = fmt::format("The solution needs {}, but the instruction does not say so.{}",
                                  what, remedy)};
}

// "1 name", "3 numbers".
std::string Counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// Judges one candidate; looks around in a world of its own only where something is missing.
class Completeness {
 public:
  Completeness(Candidate& candidate, const Execution& solution)
      : candidate_(candidate),
        trace_(solution.trace),
        instruction_(candidate.task().instruction),
        lower_(Lowercase(instruction_)),
        needs_(NeedsOf(candidate.task(), trace_, candidate.environment().tools())),
        referent_(WithoutExamples(instruction_), needs_.argument_numbers),
        which_(candidate, trace_, referent_) {}

  Result<Finding> Judge() {
    if (auto finding = WritesItsAnswerDown(); finding.has_value()) return *finding;
    if (const auto key = MadeUpKey(candidate_.task(), trace_); key.has_value()) {
      return Missing(fmt::format("the key \"{}\" of its answer", Shorten(*key, 80)));
    }
    for (const NeededName& need : needs_.names) {
      if (IsSaid(candidate_.task(), trace_, candidate_.environment().tools(), need.name)) continue;
      if (SCA_TRY(OnlyOneOfferedFits(need))) continue;
      if (auto finding = SCA_TRY(FindName(need)); finding.has_value()) return *finding;
    }
    const std::set<double> numbers =
        NumbersSaid(candidate_.task(), trace_, candidate_.environment().tools());
    for (const double number : needs_.numbers) {
      const bool argument = needs_.argument_numbers.contains(number);
      const bool twice = number == 2 && (argument || needs_.factors.contains(number));
      const bool said =
          twice ? SpeaksOfTwo(instruction_) : IsStructural(number) && !(argument && number > 1);
      if (said || Contains(numbers, number)) continue;
      if (SCA_TRY(FindNumber(number))) continue;
      return Missing(fmt::format("the number {:g}", number),
                     " Say it, or let the code work it out from numbers that stand there.");
    }
    if (auto why = SCA_TRY(which_.OtherChosen())) return Failed(*why);
    if (auto finding = SCA_TRY(JudgeTies()); finding.has_value()) return *finding;
    if (auto why = SCA_TRY(which_.OtherPlace())) return Failed(*why);
    if (auto why = SCA_TRY(which_.OtherNumber())) return Failed(*why);
    if (auto why = SCA_TRY(WhatIsUnclear(candidate_, trace_))) return Failed(*why);
    return Finding{.passed = true, .evidence = Evidence()};
  }

 private:
  std::string Evidence() const {
    if (!paths_.empty()) return fmt::format("All can be found out: {}.", Join(paths_, "; "));
    return fmt::format("What the solution needs, {} and {}, stands in the instruction.",
                       Counted(needs_.names.size(), "name"),
                       Counted(needs_.numbers.size(), "number"));
  }

  // A text that stands in the code and nowhere in the instruction was looked up by hand.
  std::optional<Finding> WritesItsAnswerDown() const {
    const auto answer = ParseJson(trace_.answer_json);
    if (!answer.ok() || !answer->is_string()) return std::nullopt;
    const std::string text = answer->get<std::string>();
    if (text.empty() || Stands(lower_, Lowercase(text))) return std::nullopt;
    // Anyone may say so.
    if (IsYesOrNo(Lowercase(text)) || IsOfTheCalendar(Lowercase(text))) return std::nullopt;
    for (const Token& token : TokensOf(candidate_.task().solution)) {
      if (token.kind != Token::Kind::kString || token.value != text) continue;
      if (StandsByWords(lower_, text) || IsNeeded(text)) continue;
      return Finding{.passed = false,
                     .evidence = fmt::format("The solution has its answer \"{}\" written down, but "
                                             "the instruction does not say so.",
                                             Shorten(text, 80))};
    }
    return std::nullopt;
  }

  // A name that calls have too is judged as theirs.
  bool IsNeeded(const std::string& text) const {
    return std::any_of(needs_.names.begin(), needs_.names.end(),
                       [&](const NeededName& need) { return need.name == Lowercase(text); });
  }

  Status Explore() {
    if (explored_) return {};
    explored_ = true;
    reached_ = SCA_TRY(which_.Explore());
    return {};
  }

  // Whether the tool offers several such names, of which with these other arguments only this one
  // gives anything: find("speaker", "Ann"), find("room", "Ann").
  Result<bool> OnlyOneOfferedFits(const NeededName& need) {
    const ToolSpec* tool = FindTool(candidate_.environment().tools(), need.call.tool);
    auto arguments = ParseJson(need.call.arguments_json);
    if (tool == nullptr || tool->writes || !arguments.ok() || !arguments->is_object() ||
        arguments->size() < 2) {
      return false;
    }
    const std::set<std::string> offered = OfferedBy(tool->description);
    if (!offered.contains(need.name) || offered.size() > kOfferedMax) return false;
    const auto episode = SCA_TRY(candidate_.environment().Start(candidate_.seed()));
    for (const std::string& other : offered) {
      (*arguments)[need.parameter] = other;
      const env::ToolCall call = SCA_TRY(episode->CallTool(need.call.tool, DumpJson(*arguments)));
      const auto result = ParseJson(call.result_json);
      const bool gives = !call.failed && result.ok() && !result->empty();
      if (gives != (other == need.name)) return false;
    }
    paths_.push_back(
        fmt::format("{} gives something with \"{}\" alone", need.call.tool, need.name));
    return true;
  }

  // Nothing where the name can be found out and is clear.
  Result<std::optional<Finding>> FindName(const NeededName& need) {
    SCA_TRY(Explore());
    const int depth = ShallowestOf(need.value);
    std::optional<std::string> unclear;
    for (const Reached& one : reached_) {
      if (one.depth != depth || !IsSameValue(one.standing.value, need.value)) continue;
      auto why = SCA_TRY(which_.OtherMeant(need.parameter, need.call, one));
      if (why.has_value()) {
        unclear = std::move(why);
        continue;
      }
      const std::string said =
          referent_.Mentioned(SCA_TRY(which_.About(need.parameter, one.standing)), one.path);
      paths_.push_back(one.path + (said.empty() ? "" : ", " + said));
      return std::optional<Finding>();  // One way on which it is clear is enough.
    }
    if (unclear.has_value()) return std::optional(Failed(*unclear));
    return std::optional(
        Missing(fmt::format("\"{}\"", Shorten(need.value.get<std::string>(), 80))));
  }

  int ShallowestOf(const Json& value) const {
    int depth = Reach::kDepthMax + 1;
    for (const Reached& one : reached_) {
      if (IsSameValue(one.standing.value, value)) depth = std::min(depth, one.depth);
    }
    return depth;
  }

  // A number that a tool gives for what the instruction names. In arithmetic a small one could be
  // anything, and one that is the answer was looked up by hand.
  Result<bool> FindNumber(double number) {
    const bool argument = Contains(needs_.argument_numbers, number);
    const bool small = number == std::floor(number) && number <= kSmallNumberMax;
    const auto answer = ParseJson(trace_.answer_json);
    const bool answers = answer.ok() && answer->is_number() && IsSameValue(*answer, Json(number));
    if (answers || (!argument && small) || SaysAnUnusedNumber()) return false;
    SCA_TRY(Explore());
    for (const Reached& one : reached_) {
      if (!one.standing.value.is_number() || !IsSameValue(one.standing.value, Json(number))) {
        continue;
      }
      if (small && !IsSpokenOf(one.standing)) continue;
      if (!one.from_literals || !one.siblings.empty() || (!argument && one.depth > 1)) continue;
      paths_.push_back(one.path);
      return true;
    }
    return false;
  }

  // Whether the instruction has a word for the figure: small numbers stand in many others.
  bool IsSpokenOf(const Standing& standing) const {
    if (standing.around == nullptr) return true;
    const auto items = standing.around->items();
    return std::any_of(items.begin(), items.end(), [&](const auto& item) {
      return IsSameValue(item.value(), standing.value) && StandsByWords(lower_, item.key());
    });
  }

  // "Write 4 bicycles", of which the solution makes no use: what it has instead is no find.
  bool SaysAnUnusedNumber() const {
    const std::set<double> said = WholeNumbersIn(instruction_);
    return std::any_of(said.begin(), said.end(), [&](const double one) {
      return !Contains(needs_.numbers, one) &&
             std::none_of(needs_.names.begin(), needs_.names.end(), [&](const NeededName& need) {
               return Contains(NumbersIn(need.name), one);
             });
    });
  }

  // The largest, where two are equally large.
  Result<std::optional<Finding>> JudgeTies() const {
    const std::optional<Tie> tie = SCA_TRY(FindTie(candidate_, trace_));
    if (!tie.has_value()) return std::optional<Finding>();
    return std::optional(Finding{
        .passed = false,
        .evidence = fmt::format("The solution takes {}, but {} is its equal ({}): the instruction "
                                "does not say which of them.",
                                tie->taken, tie->other, tie->figure)});
  }

  Candidate& candidate_;
  const Trace& trace_;
  const std::string& instruction_;
  std::string lower_;
  Needs needs_;
  Referent referent_;
  WhichOne which_;
  bool explored_ = false;
  std::vector<Reached> reached_;
  std::vector<std::string> paths_;
};

}  // namespace

Result<Finding> JudgeComplete(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  return Completeness(candidate, *solution).Judge();
}

}  // namespace sca::task
