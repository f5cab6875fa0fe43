#include "task/by_place.h"

#include <algorithm>
#include <array>

#include "task/literals.h"
#include "task/python_tokens.h"

namespace sca::task {

bool TakesByPlace(std::string_view code) {
  constexpr std::array<std::string_view, 11> kChoosing = {
      "if", "while", "min", "max", "sorted", "sort", "filter", "lambda", "len", "sum", "reversed"};
  const std::vector<Token> tokens = TokensOf(code);
  bool by_place = false;
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const Token& token = tokens[index];
    if (token.kind == Token::Kind::kName &&
        std::find(kChoosing.begin(), kChoosing.end(), token.value) != kChoosing.end()) {
      return false;
    }
    if (token.kind != Token::Kind::kNumber || index == 0 || index + 1 == tokens.size()) continue;
    const std::size_t before = tokens[index - 1].value == "-" ? index - 2 : index - 1;
    // After a name or a bracket, or it would be a list of one number.
    const bool indexes = before > 0 && before < index && tokens[before].value == "[" &&
                         (tokens[before - 1].kind == Token::Kind::kName ||
                          tokens[before - 1].value == ")" || tokens[before - 1].value == "]");
    if (indexes && tokens[index + 1].value == "]") by_place = true;
  }
  return by_place;
}

bool SpeaksOfPlace(const std::string& instruction) {
  constexpr std::array<std::string_view, 14> kPlaces = {
      "first", "second", "third", "fourth", "fifth", "last", "final",
      "next",  "top",    "any",   "either", "some",  "most", "least"};
  const std::vector<std::string> words = WordsOf(instruction);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(kPlaces.begin(), kPlaces.end(), word) != kPlaces.end() ||
           (word.size() > 4 && word.compare(word.size() - 3, 3, "est") == 0);
  });
}

}  // namespace sca::task
