#include "task/python_tokens.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "base/text.h"

namespace sca::task {
namespace {

bool IsNameStart(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

// Where the string that opens with a quote at `at` ends; the token's value and plainness.
Token ReadString(std::string_view code, std::size_t begin, std::size_t at) {
  const std::string_view quote = code.substr(at, 1);
  const bool triple = code.substr(at, 3) == std::string(3, quote[0]);
  const std::size_t width = triple ? 3 : 1;
  Token token{.kind = Token::Kind::kString, .begin = begin};
  token.plain = !triple && begin == at;
  std::size_t position = at + width;
  while (position < code.size() && code.substr(position, width) != code.substr(at, width)) {
    if (!triple && code[position] == '\n') break;
    if (code[position] == '\\') {
      token.plain = false;
      ++position;
    }
    ++position;
  }
  position = std::min(position, code.size());
  token.value =
      code.substr(std::min(at + width, position), position - std::min(at + width, position));
  token.end = std::min(position + width, code.size());
  return token;
}

std::size_t EndOfName(std::string_view code, std::size_t at) {
  while (at < code.size() && IsNamePart(code[at])) ++at;
  return at;
}

// 12, 1.5, 1_000, 2e3; a leading minus is an operator.
std::size_t EndOfNumber(std::string_view code, std::size_t at) {
  while (at < code.size()) {
    const bool exponent =
        (code[at] == '-' || code[at] == '+') && (code[at - 1] == 'e' || code[at - 1] == 'E');
    if (!IsNamePart(code[at]) && code[at] != '.' && !exponent) break;
    ++at;
  }
  return at;
}

// Digits, a fraction and an exponent, and nothing that Python would read as the next word.
bool IsDecimal(std::string_view number) {
  std::size_t at = 0;
  const auto skip_digits = [&] {
    const std::size_t begin = at;
    while (at < number.size() && IsDigit(number[at])) ++at;
    return at > begin;
  };
  const bool whole = skip_digits();
  const bool point = at < number.size() && number[at] == '.';
  if (point) ++at;
  const bool fraction = point && skip_digits();
  if (!whole && !fraction) return false;
  if (at < number.size() && (number[at] == 'e' || number[at] == 'E')) {
    ++at;
    if (at < number.size() && (number[at] == '+' || number[at] == '-')) ++at;
    if (!skip_digits()) return false;
  }
  return at == number.size();
}

}  // namespace

std::vector<Token> TokensOf(std::string_view code) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < code.size()) {
    const char c = code[at];
    if (c == '#') {
      at = std::min(code.find('\n', at), code.size());
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at;
    } else if (c == '"' || c == '\'') {
      tokens.push_back(ReadString(code, at, at));
      at = tokens.back().end;
    } else if (IsNameStart(c)) {
      const std::size_t end = EndOfName(code, at);
      if (end < code.size() && (code[end] == '"' || code[end] == '\'') && end - at <= 2) {
        tokens.push_back(ReadString(code, at, end));  // A prefix: f"..." or rb'...'.
      } else {
        tokens.push_back({Token::Kind::kName, at, end, std::string(code.substr(at, end - at))});
      }
      at = tokens.back().end;
    } else if (IsDigit(c) || (c == '.' && at + 1 < code.size() && IsDigit(code[at + 1]))) {
      const std::size_t end = EndOfNumber(code, at + 1);
      const std::string digits = ReplaceAll(std::string(code.substr(at, end - at)), "_", "");
      tokens.push_back({Token::Kind::kNumber, at, end, digits});
      at = end;
    } else {
      tokens.push_back({Token::Kind::kOther, at, at + 1, std::string(1, c)});
      ++at;
    }
  }
  return tokens;
}

bool IsPlainCode(std::string_view code) {
  // A pattern reads attributes, and so does what format is given; a generator's last words are run
  // when it goes, type makes classes, mro gives them. Addresses, and how much memory there is, tell
  // code that it is not the first in its process.
  constexpr std::array<std::string_view, 27> kReaching = {
      "import",  "exec",    "eval",    "compile",     "globals",   "locals",       "vars",
      "setattr", "delattr", "open",    "global",      "nonlocal",  "class",        "getattr",
      "case",    "yield",   "async",   "type",        "ToolError", "format",       "format_map",
      "mro",     "id",      "finally", "MemoryError", "Exception", "BaseException"};
  // A carriage return ends a line for Python, and may go on with one after a backslash.
  if (code.find("__") != std::string_view::npos || code.find('\r') != std::string_view::npos) {
    return false;
  }
  const std::vector<Token> tokens = TokensOf(code);
  for (std::size_t index = 0; index + 1 < tokens.size(); ++index) {
    // Attributes only as method calls: what is not called may be set. On another line the bracket
    // begins another statement.
    const bool called =
        TokenIs(tokens, index + 2, "(") && tokens[index + 2].begin == tokens[index + 1].end;
    if (TokenIs(tokens, index, ".") && tokens[index + 1].kind == Token::Kind::kName && !called) {
      return false;
    }
    if (TokenIs(tokens, index, "except") && TokenIs(tokens, index + 1, ":")) return false;
  }
  return std::none_of(tokens.begin(), tokens.end(), [&](const Token& token) {
    if (token.kind == Token::Kind::kString) {
      // An f-string holds code, and so does a t-string of a later Python.
      const std::string_view prefix = code.substr(token.begin, 3);
      return prefix.substr(0, prefix.find_first_of("'\"")).find_first_of("fFtT") !=
             std::string_view::npos;
    }
    if (token.kind == Token::Kind::kNumber) return !IsDecimal(token.value);
    if (token.value == "\\") return true;
    // Python takes a letter of another width for the plain one.
    if (std::any_of(token.value.begin(), token.value.end(),
                    [](char character) { return (character & 0x80) != 0; })) {
      return true;
    }
    return token.kind == Token::Kind::kName &&
           std::find(kReaching.begin(), kReaching.end(), token.value) != kReaching.end();
  });
}

bool TokenIs(const std::vector<Token>& tokens, std::size_t index, std::string_view what) {
  return index < tokens.size() && tokens[index].kind != Token::Kind::kString &&
         tokens[index].value == what;
}

bool IsPlace(const std::vector<Token>& tokens, std::size_t index) {
  return index > 0 && index < tokens.size() && tokens[index].kind == Token::Kind::kNumber &&
         TokenIs(tokens, index - 1, "[") && TokenIs(tokens, index + 1, "]");
}

bool Mentions(const std::vector<Token>& tokens, std::initializer_list<std::string_view> names) {
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
    return token.kind == Token::Kind::kName &&
           std::find(names.begin(), names.end(), token.value) != names.end();
  });
}

std::size_t EndOfBracket(const std::vector<Token>& tokens, std::size_t at) {
  int depth = 0;
  for (; at < tokens.size(); ++at) {
    if (tokens[at].kind != Token::Kind::kOther) continue;
    if (std::string_view("([{").find(tokens[at].value) != std::string_view::npos) ++depth;
    if (std::string_view(")]}").find(tokens[at].value) != std::string_view::npos && --depth == 0) {
      break;
    }
  }
  return at;
}

std::string WithToken(std::string_view code, const Token& token, std::string_view replacement) {
  std::string changed(code.substr(0, token.begin));
  changed += token.kind == Token::Kind::kString ? DumpJson(Json(std::string(replacement)))
                                                : std::string(replacement);
  changed += code.substr(token.end);
  return changed;
}

std::vector<std::string> ParameterNames(const ToolSpec& tool) {
  std::vector<std::string> names;
  const auto properties = tool.parameters.find("properties");
  if (properties == tool.parameters.end() || !properties->is_object()) return names;
  for (const auto& [name, schema] : properties->items()) names.push_back(name);
  return names;
}

std::vector<LiteralArgument> LiteralArguments(std::string_view code,
                                              const std::vector<ToolSpec>& tools) {
  std::vector<LiteralArgument> arguments;
  const std::vector<Token> tokens = TokensOf(code);
  const auto is = [&](std::size_t index, std::string_view what) {
    return index < tokens.size() && tokens[index].kind == Token::Kind::kOther &&
           tokens[index].value == what;
  };
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const auto tool = std::find_if(tools.begin(), tools.end(), [&](const ToolSpec& one) {
      return tokens[index].kind == Token::Kind::kName && one.name == tokens[index].value;
    });
    if (tool == tools.end() || !is(index + 1, "(")) continue;
    const std::vector<std::string> names = ParameterNames(*tool);
    int depth = 1;
    std::size_t position = 0;
    bool at_start = true;  // Of an argument.
    std::string name;
    for (std::size_t next = index + 2; next < tokens.size() && depth > 0; ++next) {
      const Token& token = tokens[next];
      const bool named = at_start && token.kind == Token::Kind::kName && is(next + 1, "=");
      const bool literal = token.kind == Token::Kind::kString || token.kind == Token::Kind::kNumber;
      if (at_start && !named && literal && token.plain &&
          (is(next + 1, ",") || is(next + 1, ")"))) {
        if (name.empty() && position < names.size()) name = names[position];
        const Json value = token.kind == Token::Kind::kString ? Json(token.value)
                           : ParseJson(token.value).ok()      ? *ParseJson(token.value)
                                                              : Json();
        if (!name.empty() && !value.is_null()) arguments.push_back({tool->name, name, value});
      }
      if (named) {
        name = token.value;
        ++next;  // Over the equals sign; what follows is the start of the value.
        continue;
      }
      if (is(next, "(") || is(next, "[") || is(next, "{")) ++depth;
      if (is(next, ")") || is(next, "]") || is(next, "}")) --depth;
      at_start = depth == 1 && is(next, ",");
      if (at_start) {
        ++position;
        name.clear();
      }
    }
  }
  return arguments;
}

}  // namespace sca::task
