#include "task/ids_renamed.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

#include "task/entities.h"

namespace sca::task {
namespace {

constexpr std::size_t kDigitsMin = 3;  // Smaller numbers count things, or places in a queue.

bool IsWordCharacter(const char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '-' ||
         character == '_';
}

// Words, and what stands between them, in turn.
std::vector<std::string> IdPiecesOf(const std::string& text) {
  std::vector<std::string> pieces;
  for (const char character : text) {
    const bool goes_on =
        !pieces.empty() && IsWordCharacter(pieces.back().front()) == IsWordCharacter(character);
    if (goes_on) {
      pieces.back() += character;
    } else {
      pieces.emplace_back(1, character);
    }
  }
  return pieces;
}

bool IsId(const std::string& word) {
  const std::string form = FormOf(word);
  const bool digits = std::all_of(word.begin(), word.end(), [](const unsigned char character) {
    return std::isdigit(character) != 0;
  });
  if (digits) return word.size() >= kDigitsMin;
  return form.find('9') != std::string::npos && form.find('a') != std::string::npos;
}

}  // namespace

bool IdsRenamed::LearnWord(const std::string& before, const std::string& now) {
  const auto known = ids_.find(before);
  if (known != ids_.end()) return known->second == now;
  if (before == now) return true;
  if (!IsId(before) || !IsId(now) || FormOf(before) != FormOf(now)) return false;
  ids_.emplace(before, now);
  return true;
}

bool IdsRenamed::LearnText(const std::string& before, const std::string& now) {
  const std::vector<std::string> left = IdPiecesOf(before);
  const std::vector<std::string> right = IdPiecesOf(now);
  if (left.size() != right.size()) return false;
  for (std::size_t at = 0; at < left.size(); ++at) {
    if (!LearnWord(left[at], right[at])) return false;
  }
  return true;
}

bool IdsRenamed::Learn(const Json& before, const Json& now) {
  if (before.is_string() && now.is_string()) {
    return LearnText(before.get<std::string>(), now.get<std::string>());
  }
  if (before.is_number_integer() && now.is_number_integer()) {
    return LearnWord(DumpJson(before), DumpJson(now));
  }
  if (!before.is_structured() || before.type() != now.type() || before.size() != now.size()) {
    return before == now;
  }
  for (auto one = before.begin(), other = now.begin(); one != before.end(); ++one, ++other) {
    if (before.is_object() && !LearnText(one.key(), other.key())) return false;
    if (!Learn(*one, *other)) return false;
  }
  return true;
}

Json IdsRenamed::Apply(const Json& value) const {
  if (value.is_number_integer()) {
    const auto known = ids_.find(DumpJson(value));
    return known == ids_.end() ? value : ParseJson(known->second).value();
  }
  if (value.is_string()) {
    std::string text;
    for (const std::string& piece : IdPiecesOf(value.get<std::string>())) {
      const auto known = ids_.find(piece);
      text += known == ids_.end() ? piece : known->second;
    }
    return text;
  }
  Json renamed = value;
  if (value.is_structured()) {
    for (Json& element : renamed) element = Apply(element);
  }
  return renamed;
}

bool IdsRenamed::IsPermutation() const {
  std::set<std::string> given;
  for (const auto& [before, now] : ids_) given.insert(now);
  return given.size() == ids_.size() &&
         std::all_of(ids_.begin(), ids_.end(),
                     [&](const auto& pair) { return given.contains(pair.first); });
}

}  // namespace sca::task
