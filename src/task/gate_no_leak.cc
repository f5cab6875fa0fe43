// The gate against instructions that say too much: code, or the answer itself. To list what the
// answer is one of, to name what the solution works with, or to say how to put it is no leak.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "task/evidence.h"
#include "task/gate.h"
#include "task/literals.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

constexpr std::size_t kTextBytesMin = 4;    // A shorter word stands somewhere by chance.
constexpr double kUntellingNumberMax = 12;  // So does a small number in words.
constexpr std::size_t kCommandWords = 8;    // As far before the word that is asked for.

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || byte >= 0x80;
}

// "K11" is long enough to mean something, "yes" is not.
bool SaysLittle(std::string_view text) {
  const bool letter =
      std::any_of(text.begin(), text.end(), [](char c) { return IsWordByte(c) && !IsDigit(c); });
  return text.size() < kTextBytesMin && !(letter && HasDigit(text));
}

struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Where `wanted` stands in `text` as whole words, both in lower case.
std::vector<Place> PlacesOf(std::string_view text, std::string_view wanted) {
  std::vector<Place> places;
  for (std::size_t at = text.find(wanted); at != std::string_view::npos;
       at = text.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    const bool cut_before = at > 0 && IsWordByte(text[at - 1]) && IsWordByte(wanted.front());
    const bool cut_after = end < text.size() && IsWordByte(text[end]) && IsWordByte(wanted.back());
    if (!cut_before && !cut_after) places.push_back({at, end});
  }
  return places;
}

// The words of the same sentence that stand before or after a place, the nearest first.
std::vector<std::string> WordsBefore(std::string_view text, const Place& place) {
  const std::string_view before = text.substr(0, place.begin);
  std::size_t from = 0;
  for (const std::string_view stop : {". ", "? ", "! ", "\n"}) {
    const std::size_t at = before.rfind(stop);
    if (at != std::string_view::npos) from = std::max(from, at + 1);
  }
  std::vector<std::string> words = WordsOf(before.substr(from));
  std::reverse(words.begin(), words.end());
  return words;
}

std::string WordAfter(std::string_view text, const Place& place) {
  const std::string_view after = text.substr(place.end);
  const std::vector<std::string> words = WordsOf(after.substr(0, after.find_first_of(".?!\n")));
  return words.empty() ? std::string() : words.front();
}

// "X or Y": one of several that are open.
bool IsOneOfSeveral(std::string_view text, const Place& place) {
  const std::vector<std::string> before = WordsBefore(text, place);
  const auto word = [&](std::size_t index) {
    return index < before.size() ? before[index] : std::string();
  };
  const bool article = word(0) == "the" || word(0) == "a" || word(0) == "an";
  return word(article ? 1 : 0) == "or" || WordAfter(text, place) == "or";
}

// The 1 or the 4 of "rounds 1 to 4".
bool EndsARange(std::string_view text, const Place& place) {
  const auto is_to = [](std::string_view word) {
    return word == "to" || word == "through" || word == "until";
  };
  const std::vector<std::string> before = WordsBefore(text, place);
  const bool number_before = before.size() > 1 && HasDigit(before[1]);
  return (number_before && is_to(before[0])) || is_to(WordAfter(text, place));
}

// "Answer with the word X".
bool IsAskedFor(std::string_view text, const Place& place) {
  constexpr std::array<std::string_view, 20> kCommands = {
      "answer", "reply", "say",    "respond", "return",    "report", "write",
      "give",   "state", "output", "print",   "tell",      "call",   "set",
      "word",   "words", "text",   "phrase",  "otherwise", "else"};
  std::vector<std::string> before = WordsBefore(text, place);
  before.resize(std::min(before.size(), kCommandWords));
  return std::any_of(before.begin(), before.end(),
                     [&](const std::string& word) { return IsAmong(kCommands, word); });
}

// "It is 4", "(4)": a number that can only be meant as what is asked for.
bool IsToldOutright(std::string_view text, const Place& place) {
  constexpr std::array<std::string_view, 18> kBefore = {
      "it is",   "it s",       "should be", "answer is", "that is",   "that s",
      "namely",  "it must be", "counted",   "i count",   "i got",     "i get",
      "make it", "comes to",   "i guess",   "total is",  "number is", "result is"};
  if (place.begin > 0 && place.end < text.size() && text[place.begin - 1] == '(' &&
      text[place.end] == ')') {
    return true;
  }
  std::vector<std::string> words = WordsBefore(text, place);
  words.resize(std::min<std::size_t>(words.size(), 3));
  std::reverse(words.begin(), words.end());
  const std::string said = Join(words, " ");
  return std::any_of(kBefore.begin(), kBefore.end(), [&](std::string_view end) {
    return said.size() >= end.size() && said.substr(said.size() - end.size()) == end;
  });
}

// "Nine days" where the question is how many days.
bool IsOfWhatIsAsked(const std::string& text, const Place& place) {
  static const std::regex kHowMany("\\bhow many ([a-z]+)(?: ([a-z]+))?");
  const std::vector<std::string> after = WordsOf(std::string_view(text).substr(place.end));
  if (after.empty() || after.front().size() < 3) return false;
  for (std::sregex_iterator match(text.begin(), text.end(), kHowMany), end; match != end; ++match) {
    if ((*match)[1] == after.front() || (*match)[2] == after.front()) return true;
  }
  return false;
}

// What a solution works with, in lower case: what it has written down and what it hands to tools.
class Material {
 public:
  Material(const CodeAsTask& task, const Trace& trace, const std::vector<ToolSpec>& tools)
      : lower_(Lowercase(task.instruction)) {
    for (const Token& token : TokensOf(task.solution)) {
      if (token.kind == Token::Kind::kString) written_.insert(Lowercase(token.value));
    }
    for (const Trace::Call& call : trace.calls) {
      const bool writes = IsWriteTool(tools, call.tool);
      const auto arguments = ParseJson(call.arguments_json);
      if (!arguments.ok() || !arguments->is_object()) continue;
      for (const auto& [parameter, value] : arguments->items()) {
        std::set<std::string>& said = writes ? made_so_ : asked_[parameter];
        for (const std::string& text : StringsIn(value, Keys::kTaken)) said.insert(Lowercase(text));
      }
    }
    numbers_ = NeedsOf(task, trace, tools).numbers;
  }

  // Whether the instruction gives the answer away by saying `text`.
  bool GivesAway(const std::string& text) const {
    if (SaysLittle(text) || made_so_.contains(text)) return false;
    const auto places = PlacesOf(lower_, text);
    const auto asked_for = [&](const Place& place) { return IsAskedFor(lower_, place); };
    if (written_.contains(text) && std::any_of(places.begin(), places.end(), asked_for)) {
      return false;
    }
    const bool choice = IsChoice(text);
    return std::any_of(places.begin(), places.end(), [&](const Place& place) {
      return !choice && !IsOneOfSeveral(lower_, place) && !IsPartOfAName(place);
    });
  }

  // The same for a number, which it may say in digits or words.
  bool GivesAway(double number) const {
    if (Contains(numbers_, number)) return false;
    const bool small = number == std::floor(number) && std::abs(number) <= kUntellingNumberMax;
    if (!small && !IsStructural(number) && Contains(NumbersIn(Spoken()), number)) return true;
    const std::vector<Place> places = NumberPlaces(number);
    return std::any_of(places.begin(), places.end(), [&](const Place& place) {
      if (IsOneOfSeveral(lower_, place) || EndsARange(lower_, place)) return false;
      const bool in_words = !IsDigit(lower_[place.begin]);
      const bool by_chance =
          (IsStructural(number) || (small && in_words)) && !IsOfWhatIsAsked(lower_, place);
      return !by_chance || IsToldOutright(lower_, place);
    });
  }

 private:
  // The instruction without its digits: what is left says numbers in words.
  std::string Spoken() const {
    std::string spoken = lower_;
    std::replace_if(spoken.begin(), spoken.end(), IsDigit, '.');
    return spoken;
  }

  // The solution has it, and another of its kind that the instruction names too, to choose from.
  bool IsChoice(const std::string& text) const {
    std::vector<const std::set<std::string>*> kinds = {&written_};
    for (const auto& [parameter, names] : asked_) kinds.push_back(&names);
    for (const std::set<std::string>* all : kinds) {
      if (!all->contains(text)) continue;  // A key of the code is no other thing.
      for (const std::string& other : *all) {
        if (other.size() < 2 || other == text || HasDigit(other) != HasDigit(text)) continue;
        if (!PlacesOf(lower_, other).empty()) return true;
      }
    }
    return false;
  }

  // "Harbour" of "Harbour United", where the solution asks for that.
  bool IsPartOfAName(const Place& place) const {
    std::vector<const std::set<std::string>*> kinds = {&written_, &made_so_};
    for (const auto& [parameter, names] : asked_) kinds.push_back(&names);
    for (const std::set<std::string>* all : kinds) {
      for (const std::string& name : *all) {
        if (name.size() <= place.end - place.begin) continue;
        for (const Place& whole : PlacesOf(lower_, name)) {
          if (whole.begin <= place.begin && place.end <= whole.end) return true;
        }
      }
    }
    return false;
  }

  // Not inside ids ("R104"), dates and times.
  std::vector<Place> NumberPlaces(double number) const {
    std::vector<Place> places;
    for (std::size_t at = 0; at < lower_.size();) {
      const std::size_t begin = at;
      const bool digits = IsDigit(lower_[at]);
      if (!digits && !IsWordByte(lower_[at])) {
        ++at;
        continue;
      }
      const auto goes_on = [&] {
        if (IsWordByte(lower_[at])) return true;
        return at + 1 < lower_.size() && IsWordByte(lower_[at + 1]) &&
               std::string_view(".,:-/_").find(lower_[at]) != std::string_view::npos;
      };
      while (at < lower_.size() && goes_on()) ++at;
      const std::string word = lower_.substr(begin, at - begin);
      if (HasDigit(word) ? IsNumber(word) && Contains(NumbersIn(word), number)
                         : Contains(NumbersIn(word), number)) {
        places.push_back({begin, at});
      }
    }
    return places;
  }

  // Digits, perhaps with a unit: "227", "1,200.5", "227g".
  static bool IsNumber(std::string_view word) {
    if (!IsDigit(word.front())) return false;
    const std::size_t unit = word.find_first_not_of("0123456789.,");
    if (unit == std::string_view::npos) return true;
    const std::string_view rest = word.substr(unit);
    for (const std::string_view ordinal : {"st", "nd", "rd", "th"}) {
      if (rest == ordinal) return false;
    }
    return std::all_of(rest.begin(), rest.end(),
                       [](char c) { return IsWordByte(c) && !IsDigit(c); });
  }

  std::string lower_;
  std::set<std::string> written_;
  std::map<std::string, std::set<std::string>> asked_;  // Arguments of read calls, by parameter.
  std::set<std::string> made_so_;  // Arguments of write calls: that it is so, is the task.
  std::set<double> numbers_;
};

// What of the answer is given away, as the instruction has it.
std::optional<std::string> GivenAway(const Material& material, const Json& answer) {
  if (answer.is_string()) {
    if (material.GivesAway(Lowercase(answer.get<std::string>()))) return DumpJson(answer);
  } else if (answer.is_number()) {
    if (material.GivesAway(answer.get<double>())) return fmt::format("{:g}", answer.get<double>());
  } else if (answer.is_array() && !answer.empty()) {
    std::vector<std::string> all;
    for (const Json& element : answer) {
      auto one = GivenAway(material, element);
      if (!one.has_value()) return std::nullopt;
      all.push_back(std::move(*one));
    }
    return Join(all, ", ");
  }
  return std::nullopt;
}

// Code in an instruction, whatever it calls: what Python has and English has not, or a line of the
// solution.
std::optional<std::string> CodeIn(const CodeAsTask& task) {
  static const std::regex kCode(
      "\\banswer *= *[^=]|\\bfor \\w+ in [^.?!]*:(\\s|$)|[\\w\\])]\\[[\"']|\\blambda \\w|==|\\bdef "
      "\\w+\\(|\\b(sum|len|max|min|sorted|round)\\(");
  constexpr std::size_t kLineBytesMin = 10;  // A shorter one may be a word.
  std::smatch code;
  if (std::regex_search(task.instruction, code, kCode)) return code.str();
  for (const std::string_view line : SplitLines(task.solution)) {
    const std::string_view bare = Trim(line);
    const bool is_code = bare.find_first_of("=([{") != std::string_view::npos;
    if (is_code && bare.size() >= kLineBytesMin && bare.front() != '#' &&
        task.instruction.find(bare) != std::string::npos) {
      return std::string(bare);
    }
  }
  return std::nullopt;
}

}  // namespace

Result<Finding> JudgeNoLeak(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  const CodeAsTask& task = candidate.task();
  const std::vector<ToolSpec>& tools = candidate.environment().tools();
  const std::string lower = Lowercase(task.instruction);
  for (const ToolSpec& tool : tools) {
    if (task.instruction.find(tool.name + "(") != std::string::npos) {
      return Failed(fmt::format("The instruction shows code: {}(…). Ask in words.", tool.name));
    }
    const std::string name = Lowercase(tool.name);
    if (name.find('_') != std::string::npos && !PlacesOf(lower, name).empty()) {
      return Failed(fmt::format("The instruction names a function, {}. Ask in words.", tool.name));
    }
  }
  if (const auto code = CodeIn(task); code.has_value()) {
    return Failed(fmt::format("The instruction shows code: {}. Ask in words.", Shorten(*code, 80)));
  }
  const auto answer = ParseJson(solution->trace.answer_json);
  if (answer.ok()) {
    const Material material(task, solution->trace, tools);
    if (const auto given = GivenAway(material, *answer); given.has_value()) {
      return Failed(
          fmt::format("The instruction gives the answer away: it says {}. Leave that out, or ask "
                      "for something that it does not say.",
                      Shorten(*given, 80)));
    }
  }
  return Finding{.passed = true, .evidence = "Neither code nor the answer stands in it."};
}

}  // namespace sca::task
