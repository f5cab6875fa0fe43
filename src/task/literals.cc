#include "task/literals.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>

#include "base/text.h"
#include "task/entities.h"
#include "task/instruction.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

constexpr std::size_t kStemBytes = 5;
constexpr std::size_t kLongWordBytes = 4;  // Shorter ones ("a", "of", "to") say little.

}  // namespace

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : Lowercase(text) + " ") {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || byte >= 0x80) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

std::string Singular(std::string word) {
  if (word.size() > 3 && word.back() == 's') word.pop_back();
  return word;
}

bool Stands(std::string_view text, std::string_view name) {
  if (name.empty()) return true;
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool cut_before = at > 0 && IsDigit(name.front()) && IsDigit(text[at - 1]);
    const bool cut_after = end < text.size() && IsDigit(name.back()) && IsDigit(text[end]);
    if (!cut_before && !cut_after) return true;
  }
  return false;
}

bool IsOnlyCompared(const std::string& text, const std::string& name) {
  return SpeaksOf(text, {name + "er", name + "est"}) && !SpeaksOf(text, {name});
}

bool StandsByWords(std::string_view text, std::string_view name) {
  const std::vector<std::string> words = WordsOf(text);
  bool any = false;
  for (const std::string& wanted : WordsOf(name)) {
    if (wanted.size() < kLongWordBytes) continue;
    std::string stem = wanted.substr(0, kStemBytes);
    for (const std::string_view ending : {"ing", "ed"}) {  // "It waits" says "waiting".
      if (wanted.size() >= kLongWordBytes + ending.size() && wanted.ends_with(ending)) {
        stem = wanted.substr(0, std::min(kStemBytes, wanted.size() - ending.size()));
      }
    }
    if (std::none_of(words.begin(), words.end(),
                     [&](const std::string& word) { return word.rfind(stem, 0) == 0; })) {
      return false;
    }
    any = true;
  }
  return any;
}

namespace {

// A day or a time of day that code has worked out: from one that it read, or that it was told,
// which is needed instead.
bool IsComputed(const std::string& text, const std::string& code) {
  if (code.find(text) != std::string::npos) return false;
  const bool day = FormOf(text).starts_with("9-9-9") && code.find("timedelta") != std::string::npos;
  return day || FormOf(text) == "9:9";
}

// What stands in the arguments of one call and in no earlier result.
void AddNames(const Trace::Call& call, const Json& value, const std::string& parameter,
              const std::set<std::string>& given, const std::string& code, Needs& needs) {
  for (const std::string& text : StringsIn(value, Keys::kTaken)) {
    std::string name = Lowercase(text);
    const bool known = std::any_of(needs.names.begin(), needs.names.end(),
                                   [&](const NeededName& one) { return one.name == name; });
    if (known || name.empty() || given.contains(name) || IsComputed(text, code)) continue;
    needs.names.push_back({std::move(name), Json(text), parameter, call});
  }
}

}  // namespace

Needs NeedsOf(const CodeAsTask& task, const Trace& trace, const std::vector<ToolSpec>& tools) {
  Needs needs;
  std::set<std::string> given;
  for (const Trace::Call& call : trace.calls) {
    if (const auto arguments = ParseJson(call.arguments_json);
        arguments.ok() && arguments->is_object()) {
      for (const auto& [parameter, value] : arguments->items()) {
        AddNames(call, value, parameter, given, task.solution, needs);
      }
    }
    for (const std::string& text : call.StringsGiven()) given.insert(Lowercase(text));
  }
  const std::vector<Token> tokens = TokensOf(task.solution);
  const auto multiplies = [&](std::size_t at) {
    const auto star = [&](std::size_t place) {
      return place < tokens.size() && tokens[place].value == "*" &&
             tokens[place].kind == Token::Kind::kOther;
    };
    return (at > 0 && star(at - 1) && !(at > 1 && star(at - 2))) || (star(at + 1) && !star(at + 2));
  };
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].kind != Token::Kind::kNumber) continue;
    const bool cuts = at > 0 && ((TokenIs(tokens, at - 1, "[") && TokenIs(tokens, at + 1, ":")) ||
                                 (TokenIs(tokens, at - 1, ":") && TokenIs(tokens, at + 1, "]")));
    if (cuts) continue;  // The month out of a date.
    const bool is_base = TokenIs(tokens, at + 1, "*") && TokenIs(tokens, at + 2, "*") &&
                         at + 3 < tokens.size() && tokens[at + 3].kind == Token::Kind::kNumber;
    const bool is_power = at > 2 && TokenIs(tokens, at - 1, "*") && TokenIs(tokens, at - 2, "*") &&
                          tokens[at - 3].kind == Token::Kind::kNumber;
    if (is_base || is_power) continue;  // 10**9 is but more than anything.
    const double number = std::strtod(tokens[at].value.c_str(), nullptr);
    needs.numbers.insert(number);
    if (multiplies(at)) needs.factors.insert(number);
  }
  for (const LiteralArgument& argument : LiteralArguments(task.solution, tools)) {
    if (argument.value.is_number()) needs.argument_numbers.insert(argument.value.get<double>());
  }
  return needs;
}

std::set<std::string> OfferedBy(const std::string& description) {
  static const std::regex kExample("(for example|e\\.g\\.|such as)[^.;\n]*(\\.\\d[^.;\n]*)*");
  static const std::regex kQuoted("\"([^\"]*)\"");
  const std::string text = std::regex_replace(Lowercase(description), kExample, "");
  std::set<std::string> offered;
  for (std::sregex_iterator match(text.begin(), text.end(), kQuoted), end; match != end; ++match) {
    offered.insert((*match)[1].str());
  }
  return offered;
}

namespace {

bool HasDigit(const std::string& text) {
  return text.find_first_of("0123456789") != std::string::npos;
}

}  // namespace

namespace {

// "It came back positive" says "positive test" where the others are "expired" and "damaged bag".
bool IsOnlyOneSpokenOf(const std::set<std::string>& offered, const std::string& name,
                       const std::string& instruction) {
  const auto speaks_of = [&](const std::string& text) {
    const std::vector<std::string> words = WordsOf(text);
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return StandsByWords(instruction, word); });
  };
  return offered.contains(name) &&
         std::all_of(offered.begin(), offered.end(),
                     [&](const auto& one) { return speaks_of(one) == (one == name); });
}

// "Novak" is not yet "Eva Novak", though "Eva" is too short to look for by its stem.
bool HasShortWordsToo(const std::string& instruction, const std::string& name) {
  static const std::set<std::string> kSmall = {"a",  "an", "of", "the", "to", "in",  "on",
                                               "at", "by", "as", "is",  "it", "for", "and",
                                               "or", "my", "no", "not", "so", "off", "out"};
  const std::vector<std::string> said = WordsOf(instruction);
  const std::vector<std::string> words = WordsOf(name);
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return word.size() >= kLongWordBytes || kSmall.contains(word) ||
           std::find(said.begin(), said.end(), word) != said.end();
  });
}

}  // namespace

bool IsConstant(const std::vector<ToolSpec>& tools, const std::string& name,
                const std::string& instruction) {
  const bool said = !HasDigit(name) && !IsOnlyCompared(instruction, name) &&
                    StandsByWords(instruction, name) && HasShortWordsToo(instruction, name);
  return std::any_of(tools.begin(), tools.end(), [&](const ToolSpec& tool) {
    const std::set<std::string> offered = OfferedBy(tool.description);
    return (said && Stands(Lowercase(tool.description), name)) ||
           (offered.size() == 1 && offered.contains(name)) ||
           (name.find(' ') != std::string::npos && !HasDigit(name) &&
            IsOnlyOneSpokenOf(offered, name, instruction));
  });
}

}  // namespace sca::task
