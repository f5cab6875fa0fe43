#include "task/mutants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <regex>
#include <set>

#include "base/random.h"
#include "base/text.h"
#include "task/answer_variants.h"
#include "task/call_variants.h"
#include "task/instruction.h"
#include "task/joint_variants.h"
#include "task/literals.h"
#include "task/python_tokens.h"
#include "task/standings.h"
#include "task/swapped_arguments.h"

namespace sca::task {
namespace {

constexpr std::size_t kOtherLiteralsMax = 6;  // Of one literal.
constexpr std::size_t kSourceTextsMax = 200;  // Looked at for another answer.
constexpr std::size_t kNumbersMax = 4;        // Of calls, tried as the answer.
constexpr std::size_t kStepsMax = 4;          // Variables that are tried as the answer.

// The parameter that a string of the code ends up in, if any.
std::string ParameterOf(const Trace& solution, const std::string& text) {
  for (const Trace::Call& call : solution.calls) {
    const auto arguments = ParseJson(call.arguments_json);
    if (!arguments.ok() || !arguments->is_object()) continue;
    for (const auto& [name, value] : arguments->items()) {
      const std::vector<std::string> strings = StringsIn(value, Keys::kTaken);
      if (std::find(strings.begin(), strings.end(), text) != strings.end()) return name;
    }
  }
  return {};
}

class CodeMaker {
 public:
  // `looked_at`: the calls of evaluate.
  CodeMaker(const CodeAsTask& task, const Trace& solution, const std::vector<ToolSpec>& tools,
            const Entities& entities, const Trace& looked_at)
      : task_(task),
        solution_(solution),
        tools_(tools),
        entities_(entities),
        looked_at_(looked_at),
        instruction_(Lowercase(task.instruction)),
        leaves_choice_(LeavesChoice(task.instruction)) {}

  std::vector<Mutant> Make() {
    const std::vector<Token> tokens = TokensOf(task_.solution);
    for (std::size_t index = 0; index < tokens.size(); ++index) {
      const Token& token = tokens[index];
      if (token.kind == Token::Kind::kString && token.plain) {
        VaryText(token);
      } else if (token.kind == Token::Kind::kNumber) {
        // "Any copy": the first of them is as right as the second.
        if (leaves_choice_ && index > 0 && tokens[index - 1].value == "[") continue;
        const auto number = ParseJson(token.value);
        if (!number.ok() || !number->is_number()) continue;
        for (const Json& other : entities_.Others("", *number)) {
          Add("a number of the solution",
              fmt::format("{} in place of {}", Spelled(other), token.value),
              WithToken(task_.solution, token, DumpJson(other)));
        }
      } else if (const ToolSpec* tool = FindTool(tools_, token.value);
                 token.kind == Token::Kind::kName && tool != nullptr) {
        for (const std::string& sibling : SiblingsOf(*tool, tools_)) {
          Add("the function " + tool->name, fmt::format("{} in place of {}", sibling, tool->name),
              WithToken(task_.solution, token, sibling));
        }
      }
    }
    VaryTextsEverywhere(tokens);
    LeaveStepsOut(tokens);
    LeaveCallsOut(tokens);
    DoTwice();
    return std::move(mutants_);
  }

 private:
  // All of it again: what is written stands there twice, and the answer says what came of it.
  void DoTwice() {
    if (WriteCalls(solution_, tools_).empty() || leaves_choice_) return;
    Add("all that is done", "all of it done twice", task_.solution + "\n" + task_.solution);
  }

  // The solution stops at one of its variables: "fee" in place of the fee without the discount.
  void LeaveStepsOut(const std::vector<Token>& tokens) {
    std::vector<std::string> names;
    const std::string& code = task_.solution;
    for (std::size_t index = 0; index + 2 < tokens.size(); ++index) {
      const Token& token = tokens[index];
      const bool begins = token.begin == 0 || code[token.begin - 1] == '\n';
      const bool assigned = tokens[index + 1].value == "=" && tokens[index + 2].value != "=";
      if (token.kind != Token::Kind::kName || !begins || !assigned) continue;
      std::erase(names, token.value);
      if (token.value != "answer") names.push_back(token.value);
    }
    if (names.size() > kStepsMax) names.erase(names.begin(), names.end() - kStepsMax);
    for (const std::string& name : names) {
      Add("a step of the solution", fmt::format("{} as the answer", name),
          fmt::format("{}\nanswer = {}", code, name))
          .is_strict = true;
    }
  }

  // Nothing in place of a call that something is added to or multiplied by.
  void LeaveCallsOut(const std::vector<Token>& tokens) {
    const auto is = [&](std::size_t index, std::string_view any) {
      return index < tokens.size() && tokens[index].kind == Token::Kind::kOther &&
             any.find(tokens[index].value) != std::string_view::npos;
    };
    for (std::size_t index = 0; index < tokens.size(); ++index) {
      if (FindTool(tools_, tokens[index].value) == nullptr || !is(index + 1, "(")) continue;
      std::size_t end = index + 1;
      do {  // Its brackets, and those of what is taken out of its result.
        end = EndOfBracket(tokens, end) + 1;
      } while (is(end, "["));
      const bool added = (index > 0 && is(index - 1, "+-")) || is(end, "+-");
      const bool multiplied = (index > 0 && is(index - 1, "*/")) || is(end, "*/");
      if ((!added && !multiplied) || end > tokens.size()) continue;
      std::string code = task_.solution;
      code.replace(tokens[index].begin, tokens[end - 1].end - tokens[index].begin,
                   multiplied ? "1" : "0");
      Add("a call of the solution", fmt::format("the call of {} left out", tokens[index].value),
          std::move(code))
          .is_strict = true;
    }
  }

  Mutant& Add(std::string group, std::string description, std::string code) {
    mutants_.push_back({.kind = Mutant::Kind::kCode,
                        .group = std::move(group),
                        .description = std::move(description),
                        .code = std::move(code)});
    return mutants_.back();
  }

  void VaryText(const Token& token) {
    VaryTokens({token}, ParameterOf(solution_, token.value), "");
  }

  // A text that the code has several times: then what it writes and what it answers go together.
  void VaryTextsEverywhere(const std::vector<Token>& tokens) {
    std::map<std::string, std::vector<Token>> places;
    for (const Token& token : tokens) {
      if (token.kind == Token::Kind::kString && token.plain) places[token.value].push_back(token);
    }
    for (const auto& [text, all] : places) {
      if (all.size() > 1) VaryTokens(all, ParameterOf(solution_, text), " everywhere");
    }
  }

  // The tokens are one text, in the order of the code.
  void VaryTokens(const std::vector<Token>& same, const std::string& parameter,
                  std::string_view where) {
    const std::string& text = same.front().value;
    std::vector<Json> others;
    if (parameter.empty()) {  // What the code looks for in a list.
      others = TextsBeside(text, solution_);
    } else {
      others = TextsBeside(text, looked_at_);  // Of these evaluate may take any.
      for (const Json& other : entities_.Others(parameter, Json(text))) AddOnce(other, others);
    }
    if (others.size() > kOtherLiteralsMax) others.resize(kOtherLiteralsMax);
    const bool free = leaves_choice_ && !Stands(instruction_, Lowercase(text));
    for (const Json& other : others) {
      std::string code = task_.solution;
      for (auto token = same.rbegin(); token != same.rend(); ++token) {
        code = WithToken(code, *token, other.get<std::string>());
      }
      Mutant& mutant =
          Add(fmt::format("{} {}{}", parameter.empty() ? "the text" : parameter, text, where),
              fmt::format("{} in place of \"{}\"{}", Spelled(other), text, where), std::move(code));
      mutant.is_value = true;
      if (free) mutant.weight = Mutant::Weight::kGroup;
    }
  }

  const CodeAsTask& task_;
  const Trace& solution_;
  const std::vector<ToolSpec>& tools_;
  const Entities& entities_;
  const Trace& looked_at_;
  std::string instruction_;  // In lower case.
  bool leaves_choice_;
  std::vector<Mutant> mutants_;
};

// Where the answer is one of the texts that the instruction has in quotes, the others: who asks to
// say "open" or "closed" takes either for an answer.
std::vector<std::string> QuotedBeside(const Json& answer, const std::string& instruction) {
  std::vector<std::string> others;
  bool among = false;
  for (std::size_t at = 0; at < instruction.size(); ++at) {
    const char mark = instruction[at];
    const bool opens = at == 0 || instruction[at - 1] == ' ' || instruction[at - 1] == '(';
    if (!opens || (mark != '"' && mark != '\'')) continue;
    const std::size_t end = instruction.find(mark, at + 1);
    if (end == std::string::npos) break;
    const std::string text = instruction.substr(at + 1, end - at - 1);
    if (answer.is_string() && Lowercase(text) == Lowercase(answer.get<std::string>())) {
      among = true;
    } else if (!text.empty()) {
      others.push_back(text);
    }
    at = end;
  }
  if (!among) others.clear();
  return others;
}

// Numbers so near the answer that a tolerance often takes them, where it must not: the instruction
// wants it exact, or a call gave the whole number as it is, so that nothing is uncertain.
std::vector<Json> NearButWrong(const Json& answer, const std::string& instruction,
                               const Trace& solution, const AnswerSource& source) {
  static const std::regex kExact(
      "\\b(cents?|decimals?|hundredths?|exact|exactly|precise|precisely)\\b");
  static const std::regex kTenths("\\b((one|1|a single) decimal|tenths?)\\b");
  constexpr double kOff = 0.1;
  constexpr double kOffTenths = 0.25;
  const std::string lower = Lowercase(instruction);
  if (answer.is_number_float() && std::regex_search(lower, kExact)) {
    const double off = std::regex_search(lower, kTenths) ? kOffTenths : kOff;
    return {Json(answer.get<double>() + off), Json(answer.get<double>() - off)};
  }
  constexpr std::int64_t kLargest = 1'000'000'000;
  constexpr std::int64_t kOneIn = 500;
  const bool given = std::any_of(
      solution.calls.begin(), solution.calls.end(),
      [&](const Trace::Call& call) { return call.result_json == solution.answer_json; });
  if (!answer.is_number_integer() || !given || source.is_estimate || source.is_rounded) return {};
  const auto number = answer.get<std::int64_t>();
  if (std::abs(number) > kLargest) return {};
  const std::int64_t off = std::max<std::int64_t>(2, std::abs(number) / kOneIn);
  return {Json(number + off), Json(number - off)};
}

// "Water" for "water bill", where the instruction asks which bill: that says as much.
bool LeavesOutWhatIsAskedFor(const Json& answer, const Json& other,
                             const std::string& instruction) {
  if (!answer.is_string() || !other.is_string()) return false;
  const std::vector<std::string> kept = WordsOf(other.get<std::string>());
  std::vector<std::string> rest = WordsOf(answer.get<std::string>());
  const std::size_t words = rest.size();
  std::erase_if(rest, [&](const std::string& word) {
    return std::find(kept.begin(), kept.end(), word) != kept.end();
  });
  return !kept.empty() && kept.size() + 1 == words && rest.size() == 1 &&
         SpeaksOf(instruction, {rest.front(), rest.front() + "s"}) &&
         std::none_of(kept.begin(), kept.end(),
                      [&](const std::string& word) { return SpeaksOf(instruction, {word}); });
}

std::vector<Mutant> AnswerMutants(const CodeAsTask& task, const Trace& solution,
                                  const Trace& looked_at) {
  std::vector<Mutant> mutants;
  const auto answer = ParseJson(solution.answer_json);
  if (!answer.ok()) return mutants;
  AnswerSource source{
      .is_estimate = SpeaksOf(task.instruction,
                              {"about", "roughly", "approximately", "estimate", "estimated"}),
      .is_rounded = SpeaksOf(task.instruction, {"round", "rounded", "nearest", "whole"})};
  source.texts = QuotedBeside(*answer, task.instruction);
  for (const Trace::Call& call : solution.calls) {
    for (const std::string& text : call.NamesAsked()) source.texts.push_back(text);
  }
  for (const Trace::Call& call : solution.calls) {
    if (const auto result = ParseJson(call.result_json); result.ok()) {
      for (std::string& text : StringsIn(*result, Keys::kTaken)) {
        source.texts.push_back(std::move(text));
      }
      if (result->is_number() && source.numbers.size() < kNumbersMax) {
        source.numbers.push_back(*result);
      }
    }
    if (source.texts.size() > kSourceTextsMax) break;
  }
  for (const Trace::Call& call : looked_at.calls) {
    for (std::string& text : call.StringsGiven()) source.texts.push_back(std::move(text));
    if (source.texts.size() > kSourceTextsMax) break;
  }
  const bool free = LeavesChoice(task.instruction);
  const auto add_strict = [&](std::string group, const Json& other) {
    mutants.push_back({.kind = Mutant::Kind::kAnswer,
                       .is_strict = true,
                       .group = std::move(group),
                       .description = fmt::format("the answer {} instead of {}", Spelled(other),
                                                  Shorten(solution.answer_json, 60)),
                       .answer_json = DumpJson(other)});
  };
  if (answer->is_array() && answer->size() > 1 && AsksForARanking(task.instruction)) {
    add_strict("the order of the answer", Json(Json::array_t(answer->rbegin(), answer->rend())));
  }
  for (const Json& other : NearButWrong(*answer, task.instruction, solution, source)) {
    add_strict("the precision of the answer", other);
  }
  for (AnswerVariant& variant : AnswerVariants(*answer, source)) {
    if (LeavesOutWhatIsAskedFor(*answer, variant.answer, task.instruction)) continue;
    mutants.push_back(
        {.kind = Mutant::Kind::kAnswer,
         .weight = free ? Mutant::Weight::kGroup : Mutant::Weight::kAlone,
         .group = std::move(variant.what),
         .description = fmt::format("the answer {} instead of {}", Spelled(variant.answer),
                                    Shorten(solution.answer_json, 60)),
         .answer_json = DumpJson(variant.answer)});
  }
  return mutants;
}

}  // namespace

std::string Spelled(const Json& value) { return Shorten(DumpJson(value), 60); }

std::vector<Mutant> MutantsOf(const CodeAsTask& task, const Trace& solution,
                              const env::Environment& environment, const Entities& entities,
                              std::size_t mutants_max,
                              const std::vector<env::ToolCall>& looked_at) {
  const std::vector<ToolSpec>& tools = environment.tools();
  const Trace looked = Trace::Of(looked_at, "");
  std::vector<Mutant> made = CallVariants(task, solution, tools, entities, looked);
  if (environment.settings().answer == env::AnswerMode::kRequired) {
    for (Mutant& mutant : AnswerMutants(task, solution, looked)) {
      made.push_back(std::move(mutant));
    }
    for (Mutant& mutant : JointVariants(task, solution, tools, entities)) {
      made.push_back(std::move(mutant));
    }
    for (Mutant& mutant : AnswersAboutOthers(task, solution, entities)) {
      made.push_back(std::move(mutant));
    }
    for (Swapped& swapped : WithArgumentsSwapped(task, solution, tools)) {
      made.push_back(
          {.kind = Mutant::Kind::kCode,
           .group = "the direction of " + swapped.tool,
           .description = fmt::format("{} from {} to {}", swapped.tool,
                                      Spelled(Json(swapped.other)), Spelled(Json(swapped.one))),
           .code = std::move(swapped.code)});
    }
    for (Mutant& mutant : CodeMaker(task, solution, tools, entities, looked).Make()) {
      made.push_back(std::move(mutant));
    }
  }
  // A round over the groups at a time, so that a cut leaves some of each.
  std::vector<std::vector<Mutant>> groups;
  for (Mutant& mutant : made) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& one) {
      return one.front().group == mutant.group;
    });
    if (group == groups.end()) {
      groups.emplace_back().push_back(std::move(mutant));
    } else {
      group->push_back(std::move(mutant));
    }
  }
  std::vector<Mutant> chosen;
  for (std::size_t round = 0; chosen.size() < mutants_max; ++round) {
    bool any = false;
    for (std::vector<Mutant>& group : groups) {
      if (round >= group.size() || chosen.size() >= mutants_max) continue;
      chosen.push_back(std::move(group[round]));
      any = true;
    }
    if (!any) break;
  }
  return chosen;
}

}  // namespace sca::task
