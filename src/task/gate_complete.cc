// The gate against instructions that say too little: can an agent find out everything that the
// solution needs, and is it clear which thing is meant?

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <regex>
#include <set>

#include "base/text.h"
#include "task/by_place.h"
#include "task/gate.h"
#include "task/literals.h"
#include "task/mutants.h"
#include "task/python_tokens.h"
#include "task/reach.h"
#include "task/referent.h"

namespace sca::task {
namespace {

constexpr double kSmallNumberMax = 12;  // Found by chance where one looks for it.
constexpr std::size_t kSiblingsMax = 12;

Finding Missing(std::string what) {
  return {
      .passed = false,
      .evidence = fmt::format("The solution needs {}, but the instruction does not say so.", what)};
}

// Constants that the tools' own descriptions offer are no secret, for example "fridge". Where a
// description offers several, the instruction must say which, if by other forms of its words.
bool IsConstant(const std::vector<ToolSpec>& tools, const std::string& name,
                const std::string& instruction) {
  static const std::regex kQuoted("\"([^\"]*)\"");
  for (const ToolSpec& tool : tools) {
    const std::string text = Lowercase(tool.description);
    if (text.find("\"" + name + "\"") == std::string::npos) continue;
    if (text.find("for example") != std::string::npos) continue;
    const auto offered = std::distance(std::sregex_iterator(text.begin(), text.end(), kQuoted),
                                       std::sregex_iterator());
    if (offered == 1 || StandsByWords(instruction, name)) return true;
  }
  return false;
}

// One of several things, and not a part of one: a field of a record in a list of records, or an id.
bool IsOneOfMany(const Reached& reached) {
  if (reached.siblings.empty() || reached.siblings.size() > kSiblingsMax) return false;
  if (!reached.standing.key.empty()) return true;
  if (!reached.standing.value.is_string()) return false;
  const std::string form = FormOf(reached.standing.value.get<std::string>());
  return form.find('9') != std::string::npos && form.find('a') != std::string::npos;
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
        referent_(instruction_, needs_.argument_numbers) {}

  Result<Finding> Judge() {
    if (auto finding = WritesItsAnswerDown(); finding.has_value()) return *finding;
    for (const NeededName& need : needs_.names) {
      if (Stands(lower_, need.name)) continue;
      if (IsConstant(candidate_.environment().tools(), need.name, lower_)) continue;
      if (auto finding = SCA_TRY(FindName(need)); finding.has_value()) return *finding;
    }
    const std::set<double> numbers = NumbersIn(instruction_);
    for (const double number : needs_.numbers) {
      if (IsStructural(number) || Contains(numbers, number)) continue;
      if (!SCA_TRY(FindNumber(number))) return Missing(fmt::format("the number {:g}", number));
    }
    if (auto finding = SCA_TRY(JudgeChosen()); finding.has_value()) return *finding;
    if (auto finding = SCA_TRY(JudgeTaken()); finding.has_value()) return *finding;
    return Finding{.passed = true, .evidence = Evidence()};
  }

 private:
  std::string Evidence() const {
    if (!paths_.empty()) return fmt::format("All can be found out: {}.", Join(paths_, "; "));
    return fmt::format("All {} names and {} numbers stand in the instruction.", needs_.names.size(),
                       needs_.numbers.size());
  }

  // A text that stands in the code and nowhere in the instruction was looked up by hand.
  std::optional<Finding> WritesItsAnswerDown() const {
    const auto answer = ParseJson(trace_.answer_json);
    if (!answer.ok() || !answer->is_string()) return std::nullopt;
    const std::string text = answer->get<std::string>();
    if (text.empty() || Stands(lower_, Lowercase(text))) return std::nullopt;
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
    return std::optional(Missing(fmt::format("\"{}\"", Shorten(need.name, 80))));
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
    if (answers || (!argument && small)) return false;
    SCA_TRY(Explore());
    for (const Reached& one : reached_) {
      if (!one.standing.value.is_number() || !IsSameValue(one.standing.value, Json(number))) {
        continue;
      }
      if (!one.from_literals || !one.siblings.empty() || (!argument && one.depth > 1)) continue;
      paths_.push_back(one.path);
      return true;
    }
    return false;
  }

  Result<Json> About(const std::string& parameter, const Standing& standing) {
    SCA_TRY(LookAround());
    Json about = SCA_TRY(reach_->About(parameter, standing.value));
    if (standing.around.is_object()) {
      for (const auto& [key, value] : standing.around.items()) about[key] = value;
    }
    return about;
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
    if (reached.siblings.empty() || reached.siblings.size() > kSiblingsMax) {
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
      if (value.is_string() && Stands(lower_, Lowercase(value.get<std::string>()))) continue;
      if (IsTreatedAlike(call.tool, parameter, value)) continue;
      if (referent_.TellsApart(about, all[index + 1], all)) continue;
      if (!SCA_TRY(WorksWith(call, parameter, value))) continue;
      rivals.push_back(value);
      about_rivals.push_back(all[index + 1]);
    }
    for (std::size_t index = 0; index < rivals.size(); ++index) {
      // The dearest of those that can be meant at all.
      if (referent_.TellsApart(about, about_rivals[index + 1], about_rivals)) continue;
      return std::optional(Finding{
          .passed = false,
          .evidence = fmt::format("The solution means {} of {}, but the instruction does not tell "
                                  "it from {}.",
                                  DumpJson(reached.standing.value), reached.path,
                                  DumpJson(rivals[index]))});
    }
    return std::optional<Finding>();
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

  // What is read and answered by its place in a list alone: why this one? Nothing where another one
  // gives the same answer, or one that evaluate accepts too.
  Result<std::optional<Finding>> JudgeTaken() {
    const auto answer = ParseJson(trace_.answer_json);
    if (!answer.ok() || !(answer->is_string() || answer->is_number())) {
      return std::optional<Finding>();
    }
    if (!TakesByPlace(candidate_.task().solution) || SpeaksOfPlace(instruction_)) {
      return std::optional<Finding>();
    }
    if (const auto taken = ChosenFrom(*answer); taken.has_value()) {
      auto finding = SCA_TRY(JudgePlace(*taken, *answer, nullptr, ""));
      if (finding.has_value()) return finding;
    }
    for (const Trace::Call& call : trace_.calls) {
      const auto arguments = ParseJson(call.arguments_json);
      if (!arguments.ok() || !arguments->is_object()) continue;
      for (const auto& [parameter, value] : arguments->items()) {
        const std::optional<Reached> taken = ChosenFrom(value);
        if (!taken.has_value()) continue;
        auto finding = SCA_TRY(JudgePlace(*taken, *answer, &call, parameter));
        if (finding.has_value()) return finding;
      }
    }
    return std::optional<Finding>();
  }

  // `read`: the call that was made with what was taken, and gave the answer; null if what was taken
  // is the answer.
  Result<std::optional<Finding>> JudgePlace(const Reached& taken, const Json& answer,
                                            const Trace::Call* read, const std::string& parameter) {
    const Json& value = taken.standing.value;
    if (!IsOneOfMany(taken)) return std::optional<Finding>();
    if (value.is_string() && Stands(lower_, Lowercase(value.get<std::string>()))) {
      return std::optional<Finding>();
    }
    std::vector<Json> all = {SCA_TRY(AboutTaken(taken.standing))};
    for (const Standing& sibling : taken.siblings) all.push_back(SCA_TRY(AboutTaken(sibling)));
    for (std::size_t index = 0; index < taken.siblings.size(); ++index) {
      const Json& rival = taken.siblings[index].value;
      if (read != nullptr && IsTreatedAlike(read->tool, parameter, rival)) continue;
      if (referent_.TellsApart(all[0], all[index + 1], all)) continue;
      const Json other =
          read == nullptr ? rival : SCA_TRY(AnswerWith(*read, parameter, rival, answer));
      if (other.is_null() || IsSameValue(other, answer)) continue;
      const Execution accepted = SCA_TRY(candidate_.Execute(
          fmt::format("{}\nanswer = {}", candidate_.task().solution, DumpJson(other))));
      if (accepted.verdict.has_value() && accepted.verdict->passed.value_or(false)) continue;
      return std::optional(Finding{
          .passed = false,
          .evidence = fmt::format("The solution takes {} of {} by its place, but the instruction "
                                  "does not tell it from {}.",
                                  DumpJson(value), taken.path, DumpJson(rival))});
    }
    return std::optional<Finding>();
  }

  // What read tools say of it, whatever they call the parameter.
  Result<Json> AboutTaken(const Standing& standing) {
    for (const ToolSpec& tool : candidate_.environment().tools()) {
      for (const std::string& parameter : ParameterNames(tool)) {
        Json about = SCA_TRY(About(parameter, standing));
        if (about.size() > standing.around.size()) return about;
      }
    }
    return standing.around.is_object() ? standing.around : Json::object();
  }

  // What `read` gives with another argument where it gave the answer; null if it did not, or fails.
  Result<Json> AnswerWith(const Trace::Call& read, const std::string& parameter, const Json& value,
                          const Json& answer) const {
    const auto given = ParseJson(read.result_json);
    auto arguments = ParseJson(read.arguments_json);
    if (!given.ok() || !arguments.ok()) return Json();
    std::optional<std::string> key;
    for (const Reached& one : StandingsIn(*given)) {
      if (IsSameValue(one.standing.value, answer)) key = one.standing.key;
    }
    if (!key.has_value()) return Json();
    (*arguments)[parameter] = value;
    const auto episode = SCA_TRY(candidate_.environment().Start(candidate_.seed()));
    const env::ToolCall made = SCA_TRY(episode->CallTool(read.tool, DumpJson(*arguments)));
    const auto other = ParseJson(made.failed ? "" : made.result_json);
    if (!other.ok()) return Json();
    for (const Reached& one : StandingsIn(*other)) {
      if (one.standing.key == *key) return one.standing.value;
    }
    return Json();
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
