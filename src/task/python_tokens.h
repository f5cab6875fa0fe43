// The tokens of Python code, as far as a mutant or a check of literals needs them.
//
// Never fails: text that is not Python gives tokens too, of little use.

#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "domain/tool_spec.h"

namespace sca::task {

struct Token {
  enum class Kind { kName, kString, kNumber, kOther };
  Kind kind = Kind::kOther;
  std::size_t begin = 0;  // In the code, in bytes.
  std::size_t end = 0;
  // What it stands for: the content of a string, the digits of a number, the name, the character.
  std::string value;
  // A string whose content stands in the code as it is: no escapes, no f, one line.
  bool plain = true;
};

// Without comments and white space.
std::vector<Token> TokensOf(std::string_view code);

// Whether there is a token at `index` that is this name, number or character, and no string.
bool TokenIs(const std::vector<Token>& tokens, std::size_t index, std::string_view what);

// Whether the token at `index` is the number of a place: 3 of "lanes[3]".
bool IsPlace(const std::vector<Token>& tokens, std::size_t index);

// Whether one of them is one of these names.
bool Mentions(const std::vector<Token>& tokens, std::initializer_list<std::string_view> names);

// Where the bracket that opens at `at` closes; the number of tokens where it does not.
std::size_t EndOfBracket(const std::vector<Token>& tokens, std::size_t at);

// `code` with one token replaced; a string is written in double quotes.
std::string WithToken(std::string_view code, const Token& token, std::string_view replacement);

// Whether code only computes and calls, and so can leave nothing behind in its process but its own
// variables: no imports, no names with two underscores, no exec and the like, no
// attributes but methods that are called, nothing that reads attributes by a text, and nothing that
// tells whether other code was there before.
bool IsPlainCode(std::string_view code);

// An argument of a call that stands in the code as a literal.
struct LiteralArgument {
  std::string tool;
  std::string parameter;
  Json value;  // String or number.
};

std::vector<LiteralArgument> LiteralArguments(std::string_view code,
                                              const std::vector<ToolSpec>& tools);

// The names of a tool's parameters, in the order of its signature.
std::vector<std::string> ParameterNames(const ToolSpec& tool);

}  // namespace sca::task
