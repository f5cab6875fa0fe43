#include "task/ties.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "task/entities.h"
#include "task/instruction.h"
#include "task/literals.h"
#include "task/mutants.h"
#include "task/python_tokens.h"
#include "task/referent.h"

namespace sca::task {
namespace {

// What calls gave for each thing that the solution asked about or found in a list.
class Records {
 public:
  using Record = std::map<std::string, Json>;  // By tool, other arguments and field.

  Records(const CodeAsTask& task, const Trace& solution) {
    const std::vector<Token> tokens = TokensOf(task.solution);
    for (std::size_t index = 0; index < tokens.size(); ++index) {
      if (tokens[index].kind == Token::Kind::kString) read_.insert(tokens[index].value);
      if (index >= 2 && tokens[index - 2].value == "len") counted_.insert(tokens[index].value);
    }
    for (const Trace::Call& call : solution.calls) {
      const auto arguments = ParseJson(call.arguments_json);
      const auto result = ParseJson(call.result_json);
      if (!arguments.ok() || !arguments->is_object() || !result.ok()) continue;
      const bool counted = result->is_array() && counted_.contains(call.tool);
      AddAsked(call.tool, *arguments, counted ? Json(result->size()) : *result);
      if (result->is_array()) AddListed(call.tool, *result);
    }
  }

  const std::map<std::string, Record>& all() const { return all_; }

  // Whether the code looks at the field, and not only because it is what is asked for.
  bool IsLookedAt(const std::string& key) const {
    const std::size_t dot = key.rfind('.');
    return dot == std::string::npos || read_.contains(key.substr(dot + 1));
  }

 private:
  void AddAsked(const std::string& tool, const Json& arguments, const Json& result) {
    for (const auto& [parameter, value] : arguments.items()) {
      if (!value.is_string()) continue;
      Json others = arguments;
      others.erase(parameter);
      Add(value.get<std::string>(), tool + (others.empty() ? "" : " " + DumpJson(others)), result);
    }
  }

  void AddListed(const std::string& tool, const Json& list) {
    for (const Json& element : list) {
      if (!element.is_object()) continue;
      for (const auto& [field, value] : element.items()) {
        if (value.is_string()) Add(value.get<std::string>(), tool + " " + field, element);
      }
    }
  }

  void Add(const std::string& thing, const std::string& key, const Json& result) {
    Record& record = all_[thing];
    if (result.is_object()) {
      for (const auto& [field, value] : result.items()) record.emplace(key + "." + field, value);
    } else {
      record.emplace(key, result);
    }
  }

  std::set<std::string> read_;         // Strings of the code: the fields that it looks at.
  std::set<std::string> counted_;      // Tools of whose lists it takes the length.
  std::map<std::string, Record> all_;  // By thing.
};

// Of a day, whose text comes before that of a later one.
bool IsDate(const Json& value) {
  return value.is_string() && FormOf(value.get<std::string>()).rfind("9-9-9", 0) == 0;
}

class TieFinder {
 public:
  TieFinder(Candidate& candidate, const Trace& solution)
      : candidate_(candidate),
        records_(candidate.task(), solution),
        writes_(WriteCalls(solution, candidate.environment().tools())),
        lower_(Lowercase(candidate.task().instruction)) {
    if (const auto answer = ParseJson(solution.answer_json); answer.ok()) answer_ = *answer;
  }

  Result<std::optional<Tie>> Find() {
    for (const auto& [thing, record] : records_.all()) {
      if (!IsTaken(thing, record)) continue;
      for (const auto& [other, its] : records_.all()) {
        if (other == thing || IsTaken(other, its)) continue;
        if (Stands(lower_, Lowercase(thing)) != Stands(lower_, Lowercase(other))) continue;
        const std::string figure = SharedExtreme(thing, record, other, its);
        if (figure.empty() || SCA_TRY(IsAccepted(thing, record, other, its))) continue;
        return std::optional(Tie{thing, other, figure});
      }
    }
    return std::optional<Tie>();
  }

 private:
  // What the solution answers with or writes to.
  bool IsTaken(const std::string& thing, const Records::Record& record) const {
    if (answer_.is_string() && answer_ == Json(thing)) return true;
    const bool written = std::any_of(writes_.begin(), writes_.end(), [&](const Trace::Call& call) {
      return call.NamesAsked().contains(thing);
    });
    return written ||
           (answer_.is_string() && std::any_of(record.begin(), record.end(), [&](const auto& fact) {
              return fact.second == answer_;
            }));
  }

  // The figure that both share, none has more or none has less of. Empty where the solution sees a
  // difference between them.
  std::string SharedExtreme(const std::string& thing, const Records::Record& record,
                            const std::string& other, const Records::Record& its) const {
    std::string figure;
    for (const auto& [key, value] : record) {
      const auto same = its.find(key);
      if (same == its.end() || !records_.IsLookedAt(key)) continue;
      // Their names, and what is asked for, are no reason to take the one.
      if (value == Json(thing) && same->second == Json(other)) continue;
      if (value.is_string() && value == answer_) continue;
      if (value != same->second) return {};
      if ((value.is_number() || IsDate(value)) && IsExtreme(key, value)) {
        figure = fmt::format("{} {}", ReplaceAll(key, ".", " "), DumpJson(value));
      }
    }
    return figure;
  }

  bool IsExtreme(const std::string& key, const Json& value) const {
    bool lowest = true;
    bool highest = true;
    std::size_t lower_or_higher = 0;
    for (const auto& [thing, record] : records_.all()) {
      const auto its = record.find(key);
      if (its == record.end() || its->second.type_name() != std::string_view(value.type_name()) ||
          its->second == value) {
        continue;
      }
      ++lower_or_higher;
      (its->second < value ? lowest : highest) = false;
    }
    return lower_or_higher > 0 ? lowest != highest : lowest;
  }

  // Whether evaluate takes the other one as well, or nobody can take it.
  Result<bool> IsAccepted(const std::string& thing, const Records::Record& record,
                          const std::string& other, const Records::Record& its) const {
    Json answer = answer_ == Json(thing) ? Json(other) : answer_;
    for (const auto& [key, value] : record) {
      if (!answer_.is_string() || value != answer_ || answer_ == Json(thing)) continue;
      const auto same = its.find(key);
      if (same == its.end() || same->second == value) return true;
      answer = same->second;
    }
    const auto episode = SCA_TRY(candidate_.environment().Start(candidate_.seed()));
    for (const Trace::Call& call : writes_) {
      const auto arguments = ReplaceAll(call.arguments_json, DumpJson(thing), DumpJson(other));
      const env::ToolCall made = SCA_TRY(episode->CallTool(call.tool, arguments));
      const bool same = made.result_json == ReplaceAll(call.result_json, thing, other);
      if (made.failed || (!same && !answer_.is_null())) return true;
    }
    const env::VerdictResult verdict =
        SCA_TRY(episode->Verify(candidate_.task().evaluation_function,
                                answer.is_null() ? std::nullopt : std::optional(DumpJson(answer)),
                                env::Purity::kUnchecked, env::Verifier::kWorld));
    if (verdict.outcome == sandbox::Outcome::kInfrastructure) {
      return Error{ErrorCode::kUnavailable, verdict.error};
    }
    return verdict.passed.value_or(false);
  }

  Candidate& candidate_;
  Records records_;
  std::vector<Trace::Call> writes_;
  std::string lower_;  // The instruction.
  Json answer_;        // Null if there is none.
};

// "totals[name] = totals.get(name, 0) + pupils": no record has the figures that are compared.
bool AddsUp(const std::string& code) {
  const std::vector<Token> tokens = TokensOf(code);
  for (std::size_t at = 0; at + 1 < tokens.size(); ++at) {
    if (TokenIs(tokens, at, "+") && TokenIs(tokens, at + 1, "=")) return true;
    if (TokenIs(tokens, at, "get") && TokenIs(tokens, at + 1, "(")) {
      const std::size_t end = EndOfBracket(tokens, at + 1);
      if (TokenIs(tokens, end + 1, "+")) return true;
    }
  }
  return false;
}

}  // namespace

Result<std::optional<Tie>> FindTie(Candidate& candidate, const Trace& solution) {
  const std::string& instruction = candidate.task().instruction;
  if (!SpeaksOfRank(instruction) || SettlesTies(instruction) || AddsUp(candidate.task().solution)) {
    return std::optional<Tie>();
  }
  return TieFinder(candidate, solution).Find();
}

}  // namespace sca::task
