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
#include "task/list_order.h"
#include "task/literals.h"
#include "task/mutants.h"
#include "task/python_tokens.h"
#include "task/reach.h"
#include "task/referent.h"
#include "task/said_otherwise.h"
#include "task/text_spellings.h"
#include "task/ties.h"

namespace sca::task {
namespace {

constexpr double kSmallNumberMax = 12;  // Found by chance where one looks for it.
constexpr std::size_t kSiblingsMax = 12;

Finding Missing(std::string what, std::string_view remedy = "") {
  return {.passed = false,
          .evidence = fmt::format("The solution needs {}, but the instruction does not say so.{}",
                                  what, remedy)};
}

// "1 name", "3 numbers".
std::string Counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

bool IsTimeOfDay(const Json& value) {
  return value.is_string() && FormOf(value.get<std::string>()).rfind("9:9", 0) == 0;
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
        referent_(WithoutExamples(instruction_), needs_.argument_numbers) {}

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
    if (auto finding = SCA_TRY(JudgeChosen()); finding.has_value()) return *finding;
    if (auto finding = SCA_TRY(JudgeTies()); finding.has_value()) return *finding;
    if (auto finding = SCA_TRY(JudgePlaces()); finding.has_value()) return *finding;
    if (auto why = SCA_TRY(WhatIsUnclear(candidate_, trace_)); why.has_value()) return Failed(*why);
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

  Status LookAround() {
    if (reach_.has_value()) return {};
    const Entities* entities = SCA_TRY(candidate_.KnownEntities());
    reach_.emplace(
        SCA_TRY(Reach::Create(candidate_.environment(), *entities, trace_, candidate_.seed())));
    return {};
  }

  Status Explore() {
    if (explored_) return {};
    explored_ = true;
    SCA_TRY(LookAround());
    reached_ = SCA_TRY(reach_->Explore(instruction_));
    return {};
  }

  // Whether the tool offers several such names, of which with these other arguments only this one
  // gives anything: find("speaker", "Ann"), find("room", "Ann").
  Result<bool> OnlyOneOfferedFits(const NeededName& need) {
    const ToolSpec* tool = FindTool(candidate_.environment().tools(), need.call.tool);
    auto arguments = ParseJson(need.call.arguments_json);
    if (tool == nullptr || tool->writes || !arguments.ok() || arguments->size() < 2) return false;
    const std::set<std::string> offered = OfferedBy(tool->description);
    if (!offered.contains(need.name) || offered.size() > kSiblingsMax) return false;
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
    std::optional<Finding> unclear;
    for (const Reached& one : reached_) {
      if (one.depth != depth || !IsSameValue(one.standing.value, need.value)) continue;
      std::optional<Finding> finding = SCA_TRY(JudgeReferent(need.parameter, need.call, one));
      if (finding.has_value()) {
        unclear = std::move(finding);
        continue;
      }
      const std::string said =
          referent_.Mentioned(SCA_TRY(About(need.parameter, one.standing)), one.path);
      paths_.push_back(one.path + (said.empty() ? "" : ", " + said));
      return std::optional<Finding>();  // One way on which it is clear is enough.
    }
    if (unclear.has_value()) return unclear;
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
    if (!standing.around.is_object()) return true;
    const auto items = standing.around.items();
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

  Result<Json> About(const std::string& parameter, const Standing& standing) {
    SCA_TRY(LookAround());
    Json about = SCA_TRY(reach_->About(parameter, standing.value));
    if (standing.around.is_object()) {
      for (const auto& [key, value] : standing.around.items()) about[key] = value;
    }
    return about;
  }

  // And what is said of the things that it names: of a loan the title of what is lent.
  Result<Json> WithWhatIsFar(const Json& about) {
    Json more = about;
    for (const auto& [key, value] : about.items()) {
      if (!value.is_string()) continue;
      const Json far = SCA_TRY(reach_->About(key, value));
      if (!far.empty()) more[std::string(kFar) + key] = far;
    }
    return more;
  }

  // Whether the call works in a fresh world with `value` in place of what it has.
  Result<bool> WorksWith(const Trace::Call& call, const std::string& parameter,
                         const Json& value) const {
    auto arguments = ParseJson(call.arguments_json);
    if (!arguments.ok() || !arguments->is_object()) return true;
    (*arguments)[parameter] = value;
    const auto episode = SCA_TRY(candidate_.environment().Start(candidate_.seed()));
    return !SCA_TRY(episode->CallTool(call.tool, DumpJson(*arguments))).failed;
  }

  // Other values of the same list that the instruction could mean as well. One that the solution
  // treats alike is meant too; one that the tool refuses cannot be meant.
  Result<std::optional<Finding>> JudgeReferent(const std::string& parameter,
                                               const Trace::Call& call, const Reached& reached) {
    if (reached.siblings.empty() || reached.siblings.size() > kSiblingsMax ||
        RanksIds(instruction_)) {
      return std::optional<Finding>();
    }
    const Json about = SCA_TRY(About(parameter, reached.standing));
    std::vector<Json> all = {about};
    for (const Standing& sibling : reached.siblings) {
      all.push_back(SCA_TRY(About(parameter, sibling)));
    }
    std::vector<Json> rivals;
    std::vector<Json> about_rivals = {about};
    for (std::size_t index = 0; index < reached.siblings.size(); ++index) {
      const Json& value = reached.siblings[index].value;
      if (IsTreatedAlike(call.tool, parameter, value)) continue;
      if (value.is_string() && Stands(lower_, Lowercase(value.get<std::string>()))) {
        if (!IsMeantInstead(reached.standing.value, value)) continue;
        return std::optional(Finding{
            .passed = false,
            .evidence = fmt::format("The instruction says {}, but the solution works with {}.",
                                    DumpJson(value), DumpJson(reached.standing.value))});
      }
      if (referent_.TellsApart(about, all[index + 1], all)) continue;
      if (!SCA_TRY(WorksWith(call, parameter, value))) continue;
      rivals.push_back(value);
      about_rivals.push_back(all[index + 1]);
    }
    for (std::size_t index = 0; index < rivals.size(); ++index) {
      // The dearest of those that can be meant at all.
      if (referent_.TellsApart(about, about_rivals[index + 1], about_rivals)) continue;
      if (referent_.TellsApart(SCA_TRY(WithWhatIsFar(about)),
                               SCA_TRY(WithWhatIsFar(about_rivals[index + 1])), about_rivals)) {
        continue;
      }
      return std::optional(Finding{
          .passed = false,
          .evidence = fmt::format("The solution means {} of {}, but the instruction does not tell "
                                  "it from {}.",
                                  DumpJson(reached.standing.value), reached.path,
                                  DumpJson(rivals[index]))});
    }
    return std::optional<Finding>();
  }

  // Whether the instruction names another one than the code has written down, and does not leave
  // it out.
  bool IsMeantInstead(const Json& taken, const Json& named) const {
    const auto has = [&](const Json& value) {
      const std::vector<Token> tokens = TokensOf(candidate_.task().solution);
      return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
        return token.kind == Token::Kind::kString && Json(token.value) == value;
      });
    };
    return has(taken) && !has(named) &&
           !SpeaksOf(instruction_, {"not", "but", "except", "without", "instead", "other",
                                    "another", "leave", "than", "like", "as"});
  }

  bool IsTreatedAlike(const std::string& tool, const std::string& parameter,
                      const Json& value) const {
    return std::any_of(trace_.calls.begin(), trace_.calls.end(), [&](const Trace::Call& call) {
      if (call.tool != tool) return false;
      const auto arguments = ParseJson(call.arguments_json);
      return arguments.ok() && arguments->is_object() && arguments->contains(parameter) &&
             IsSameValue((*arguments)[parameter], value);
    });
  }

  // What a write call takes out of a list that an earlier call gave: why this one?
  Result<std::optional<Finding>> JudgeChosen() {
    if (SpeaksOf(instruction_, {"all", "every", "each"}) || SpeaksOfPlaces(instruction_)) {
      return std::optional<Finding>();
    }
    for (const Trace::Call& write : WriteCalls(trace_, candidate_.environment().tools())) {
      const auto arguments = ParseJson(write.arguments_json);
      if (!arguments.ok() || !arguments->is_object()) continue;
      for (const auto& [parameter, value] : arguments->items()) {
        if (!value.is_string() || Stands(lower_, Lowercase(value.get<std::string>()))) continue;
        const std::optional<Reached> chosen = ChosenFrom(value);
        if (!chosen.has_value()) continue;
        auto finding = SCA_TRY(JudgeReferent(parameter, write, *chosen));
        if (finding.has_value()) return finding;
      }
    }
    return std::optional<Finding>();
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

  // Whether the code ranks and takes none by its place: then the other end of a list that is the
  // other way round is a tie.
  bool RanksByValue() const {
    if (!SpeaksOfRank(instruction_)) return false;
    bool ranks = false;
    const std::vector<Token> tokens = TokensOf(candidate_.task().solution);
    for (std::size_t index = 0; index < tokens.size(); ++index) {
      ranks = ranks || tokens[index].value == "max" || tokens[index].value == "min";
      const bool place =
          index > 0 && tokens[index].kind == Token::Kind::kNumber && tokens[index - 1].value == "[";
      if (place) return false;
    }
    return ranks;
  }

  // What the solution takes by its place in a list, of which the instruction says nothing.
  Result<std::optional<Finding>> JudgePlaces() {
    if (SpeaksOfPlaces(instruction_)) return std::optional<Finding>();
    for (const PickedByPlace& pick : SCA_TRY(FindPickedByPlace(candidate_, trace_))) {
      const auto says = [&](const Json& value) {
        return value.is_string() && Stands(lower_, Lowercase(value.get<std::string>()));
      };
      if (says(pick.taken.standing.value) || says(pick.otherwise.value)) continue;
      if (IsTimeOfDay(pick.taken.standing.value)) continue;  // Timetables are in order.
      Json meant = SCA_TRY(About(pick.parameter, pick.taken.standing));
      Json other = SCA_TRY(About(pick.parameter, pick.otherwise));
      // In what both are alike, none is first.
      const Json all_of_meant = meant;
      for (const auto& [key, value] : all_of_meant.items()) {
        if (!other.contains(key) || other[key] != value) continue;
        meant.erase(key);
        other.erase(key);
      }
      if (!RanksByValue() && referent_.TellsApart(meant, other, {meant, other})) continue;
      return std::optional(
          Finding{.passed = false,
                  .evidence = fmt::format(
                      "The solution takes {} of {}, and {} where the list is in another order: the "
                      "instruction does not tell them apart.",
                      DumpJson(pick.taken.standing.value), pick.taken.path,
                      DumpJson(pick.otherwise.value))});
    }
    return std::optional<Finding>();
  }

  std::optional<Reached> ChosenFrom(const Json& value) const {
    for (const Trace::Call& call : trace_.calls) {
      const auto result = ParseJson(call.result_json);
      if (!result.ok()) continue;
      for (Reached& one : StandingsIn(*result)) {
        if (one.siblings.empty() || !IsSameValue(one.standing.value, value)) continue;
        one.path = call.tool + Shorten(call.arguments_json, 60);
        return one;
      }
    }
    return std::nullopt;
  }

  Candidate& candidate_;
  const Trace& trace_;
  const std::string& instruction_;
  std::string lower_;
  Needs needs_;
  Referent referent_;
  std::optional<Reach> reach_;
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
