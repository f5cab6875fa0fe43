#include "task/which_one.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "task/entities.h"
#include "task/instruction.h"
#include "task/list_order.h"
#include "task/literals.h"
#include "task/python_tokens.h"
#include "task/said_otherwise.h"

namespace sca::task {
namespace {

constexpr std::size_t kRivalsMax = 12;

// Of a long list those that share a word with the one taken which the instruction says: both are
// called Novak.
std::vector<Standing> RivalsOf(const Reached& taken, const std::string& instruction) {
  if (taken.siblings.size() <= kRivalsMax) return taken.siblings;
  std::vector<Standing> namesakes;
  if (!taken.standing.value.is_string()) return namesakes;
  const std::vector<std::string> all = WordsOf(instruction);
  std::set<std::string> said(all.begin(), all.end());
  const std::vector<std::string> words = WordsOf(taken.standing.value.get<std::string>());
  std::erase_if(said, [&](const std::string& word) {
    return std::find(words.begin(), words.end(), word) == words.end();
  });
  for (const Standing& sibling : taken.siblings) {
    if (!sibling.value.is_string()) continue;
    const std::vector<std::string> its = WordsOf(sibling.value.get<std::string>());
    const bool shares = std::any_of(its.begin(), its.end(),
                                    [&](const std::string& word) { return said.contains(word); });
    if (shares && namesakes.size() < kRivalsMax) namesakes.push_back(sibling);
  }
  return namesakes;
}

bool IsTimeOfDay(const Json& value) {
  return value.is_string() && FormOf(value.get<std::string>()).rfind("9:9", 0) == 0;
}

}  // namespace

WhichOne::WhichOne(Candidate& candidate, const Trace& solution, const Referent& referent)
    : candidate_(candidate),
      trace_(solution),
      instruction_(candidate.task().instruction),
      lower_(Lowercase(instruction_)),
      referent_(referent) {}

Status WhichOne::LookAround() {
  if (reach_.has_value()) return {};
  const Entities* entities = SCA_TRY(candidate_.KnownEntities());
  reach_.emplace(candidate_.environment(), *entities, trace_, candidate_.seed());
  return {};
}

Result<std::vector<Reached>> WhichOne::Explore() {
  SCA_TRY(LookAround());
  return reach_->Explore(instruction_);
}

Result<Json> WhichOne::About(const std::string& parameter, const Standing& standing) {
  SCA_TRY(LookAround());
  Json about = SCA_TRY(reach_->About(parameter, standing.value));
  if (standing.around != nullptr) {
    for (const auto& [key, value] : standing.around->items()) about[key] = value;
  }
  return about;
}

Result<Json> WhichOne::WithWhatIsFar(const Json& about) {
  Json more = about;
  for (const auto& [key, value] : about.items()) {
    if (!value.is_string()) continue;
    const Json far = SCA_TRY(reach_->About(key, value));
    if (!far.empty()) more[std::string(kFar) + key] = far;
  }
  return more;
}

Result<bool> WhichOne::WorksWith(const Trace::Call& call, const std::string& parameter,
                                 const Json& value) const {
  auto arguments = ParseJson(call.arguments_json);
  if (!arguments.ok() || !arguments->is_object()) return true;
  (*arguments)[parameter] = value;
  const auto episode = SCA_TRY(candidate_.environment().Start(candidate_.seed()));
  return !SCA_TRY(episode->CallTool(call.tool, DumpJson(*arguments))).failed;
}

Result<std::optional<std::string>> WhichOne::OtherMeant(const std::string& parameter,
                                                        const Trace::Call& call,
                                                        const Reached& reached) {
  const std::vector<Standing> siblings = RivalsOf(reached, instruction_);
  if (siblings.empty() || RanksIds(instruction_)) {
    return std::optional<std::string>();
  }
  const Json about = SCA_TRY(About(parameter, reached.standing));
  std::vector<Json> all = {about};
  for (const Standing& sibling : siblings) {
    all.push_back(SCA_TRY(About(parameter, sibling)));
  }
  std::vector<Json> rivals;
  std::vector<Json> about_rivals = {about};
  for (std::size_t index = 0; index < siblings.size(); ++index) {
    const Json& value = siblings[index].value;
    if (IsTreatedAlike(call.tool, parameter, value)) continue;
    if (value.is_string() && Stands(lower_, Lowercase(value.get<std::string>()))) {
      if (!IsMeantInstead(reached.standing.value, value)) continue;
      return std::optional(fmt::format("The instruction says {}, but the solution works with {}.",
                                       DumpJson(value), DumpJson(reached.standing.value)));
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
    return std::optional(
        fmt::format("The solution means {} of {}, but the instruction does not tell it from {}.",
                    DumpJson(reached.standing.value), reached.path, DumpJson(rivals[index])));
  }
  return std::optional<std::string>();
}

bool WhichOne::IsMeantInstead(const Json& taken, const Json& named) const {
  const auto has = [&](const Json& value) {
    const std::vector<Token> tokens = TokensOf(candidate_.task().solution);
    return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
      return token.kind == Token::Kind::kString && Json(token.value) == value;
    });
  };
  return has(taken) && !has(named) &&
         !SpeaksOf(instruction_, {"not", "but", "except", "without", "instead", "other", "another",
                                  "leave", "than", "like", "as"});
}

bool WhichOne::IsTreatedAlike(const std::string& tool, const std::string& parameter,
                              const Json& value) const {
  return std::any_of(trace_.calls.begin(), trace_.calls.end(), [&](const Trace::Call& call) {
    if (call.tool != tool) return false;
    const auto arguments = ParseJson(call.arguments_json);
    return arguments.ok() && arguments->is_object() && arguments->contains(parameter) &&
           IsSameValue((*arguments)[parameter], value);
  });
}

Result<std::optional<std::string>> WhichOne::OtherChosen() {
  if (SpeaksOf(instruction_, {"all", "every", "each", "those"}) || SpeaksOfPlaces(instruction_)) {
    return std::optional<std::string>();
  }
  for (const Trace::Call& write : WriteCalls(trace_, candidate_.environment().tools())) {
    const auto arguments = ParseJson(write.arguments_json);
    if (!arguments.ok() || !arguments->is_object()) continue;
    for (const auto& [parameter, value] : arguments->items()) {
      if (!value.is_string()) continue;
      const std::string text = Lowercase(value.get<std::string>());
      if (Stands(lower_, text) || StandsByWords(lower_, text)) continue;  // "Reject": "rejected".
      // Two may have the same time: it is clear by whichever of them is told.
      std::optional<std::string> unclear;
      for (const Reached& chosen : ChosenFrom(value)) {
        unclear = SCA_TRY(OtherMeant(parameter, write, chosen));
        if (!unclear.has_value()) break;
      }
      if (unclear.has_value()) return unclear;
    }
  }
  return std::optional<std::string>();
}

std::vector<Reached> WhichOne::ChosenFrom(const Json& value) const {
  std::vector<Reached> chosen;
  for (const Trace::Call& call : trace_.calls) {
    const auto result = ParseJson(call.result_json);
    if (!result.ok()) continue;
    for (Reached& one : StandingsIn(*result)) {
      if (one.siblings.empty() || !IsSameValue(one.standing.value, value)) continue;
      one.path = call.tool + Shorten(call.arguments_json, 60);
      chosen.push_back(std::move(one));
    }
    if (!chosen.empty()) break;
  }
  return chosen;
}

bool WhichOne::RanksByValue() const {
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

Result<std::optional<std::string>> WhichOne::OtherPlace() {
  if (SpeaksOfPlaces(instruction_) ||
      !PlacesSaid(candidate_.task(), candidate_.environment().tools()).empty()) {
    return std::optional<std::string>();
  }
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
    return std::optional(fmt::format(
        "The solution takes {} of {}, and {} where the list is in another order: the "
        "instruction does not tell them apart.",
        DumpJson(pick.taken.standing.value), pick.taken.path, DumpJson(pick.otherwise.value)));
  }
  return std::optional<std::string>();
}

namespace {

// A number that a call gave as one of a plain list of several.
struct Numbered {
  const Trace::Call* source = nullptr;
  Json list;
  std::size_t place = 0;
};

std::optional<Numbered> ListWith(const Json& number, const Trace& trace) {
  for (const Trace::Call& source : trace.calls) {
    const auto list = ParseJson(source.result_json);
    if (!list.ok() || !list->is_array() || list->size() < 2) continue;
    const auto is_number = [](const Json& element) { return element.is_number_integer(); };
    if (!std::all_of(list->begin(), list->end(), is_number)) continue;
    const auto found = std::find(list->begin(), list->end(), number);
    if (found == list->end()) continue;
    return Numbered{&source, *list, static_cast<std::size_t>(found - list->begin())};
  }
  return std::nullopt;
}

// The code with the literal that stands as an index of `place` changed; nothing without one.
std::optional<std::string> WithIndex(const std::string& code, std::size_t place,
                                     std::size_t other) {
  const std::vector<Token> tokens = TokensOf(code);
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (IsPlace(tokens, at) && tokens[at].value == std::to_string(place)) {
      return WithToken(code, tokens[at], std::to_string(other));
    }
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<std::string>> WhichOne::OtherNumber() {
  const CodeAsTask& task = candidate_.task();
  if (SpeaksOfPlaces(instruction_) || SpeaksOfRank(instruction_)) {
    return std::optional<std::string>();
  }
  const std::set<double> said = NumbersSaid(task, trace_, candidate_.environment().tools());
  for (const Trace::Call& call : trace_.calls) {
    const auto arguments = ParseJson(call.arguments_json);
    if (!arguments.ok() || !arguments->is_object()) continue;
    for (const auto& [parameter, value] : arguments->items()) {
      if (!value.is_number_integer() || Contains(said, value.get<double>())) continue;
      const std::optional<Numbered> taken = ListWith(value, trace_);
      if (!taken.has_value() || taken->source->tool == call.tool) continue;
      const std::size_t other = taken->place == 0 ? 1 : 0;
      const auto code = WithIndex(task.solution, taken->place, other);
      if (!code.has_value() || Contains(said, static_cast<double>(taken->place + 1))) continue;
      if (IsTreatedAlike(call.tool, parameter, taken->list[other])) continue;
      const Execution execution = SCA_TRY(candidate_.Execute(*code));
      if (!RanThrough(execution) || execution.verdict->passed.value_or(false)) continue;
      return std::optional(fmt::format(
          "The solution takes {} of {}{}, but the instruction does not tell it from {}.",
          DumpJson(value), taken->source->tool, Shorten(taken->source->arguments_json, 60),
          DumpJson(taken->list[other])));
    }
  }
  return std::optional<std::string>();
}

}  // namespace sca::task
