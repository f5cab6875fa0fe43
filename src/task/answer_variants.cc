#include "task/answer_variants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <sstream>

#include "base/text.h"
#include "task/entities.h"
#include "task/literals.h"

namespace sca::task {
namespace {

constexpr std::size_t kTextsMax = 12;      // Other texts for one.
constexpr std::size_t kValueWordsMax = 5;  // Longer texts are sentences: pieces may say it too.
constexpr std::size_t kElementsMax = 6;    // Of a list that are altered.
constexpr std::size_t kElsesMax = 2;       // Of one element or field.
constexpr double kNearSmall = 0.015;       // Relative; verifiers may allow that much,
constexpr double kNearWhole = 0.01;        // or that much of what is counted.
constexpr double kOffSmall = 0.025;        // They may not allow that much,
constexpr double kOffWhole = 0.015;        // of what is counted that,
constexpr double kNearLarge = 0.0102;      // of large figures no more than that,
constexpr double kOffLarge = 0.0105;       // so not that much,
constexpr double kFarOff = 0.25;           // or, for an estimate, that much.
constexpr double kLarge = 200;             // From here on a figure is large.
constexpr double kVariedWholeMax = 1e9;

// What is counted is right or wrong; what is measured may be rounded.
double Slack(const Json& answer) {
  const double size = std::abs(answer.get<double>());
  if (answer.is_number_integer()) return std::max(0.06, kNearWhole * size);
  return std::max(
      {0.06, std::min(1.0, 0.2 * size), (size < kLarge ? kNearSmall : kNearLarge) * size});
}

std::vector<Json> NumbersNear(const Json& answer, const AnswerSource& source) {
  const double number = answer.get<double>();
  const double share = source.is_estimate           ? kFarOff
                       : answer.is_number_integer() ? kOffWhole
                       : std::abs(number) < kLarge  ? kOffSmall
                                                    : kOffLarge;
  if (answer.is_number_integer()) {
    if (std::abs(number) > kVariedWholeMax) return {Json(0)};
    const std::int64_t whole = answer.get<std::int64_t>();
    const auto step = static_cast<std::int64_t>(std::ceil(std::abs(number) * share));
    const std::int64_t little = std::max<std::int64_t>(source.is_rounded ? 2 : 1, step);
    return {Json(whole + little), Json(whole - little),
            Json(whole + std::max<std::int64_t>(2, std::abs(whole) / 4)), Json(-whole - 1),
            Json(whole * 10 + 1)};
  }
  const double little = std::max(Slack(answer) * 1.01, share * std::abs(number));
  return {Json(number + little), Json(number - little), Json(number * 1.25 + 1), Json(-number - 1),
          Json(number * 10 + 1)};
}

Json Opposite(const Json& number) {
  const double value = number.get<double>();
  return number.is_number_float() || std::abs(value) > kVariedWholeMax
             ? Json(-value)
             : Json(-number.get<std::int64_t>());
}

// A little off, with the wrong sign, what a call gave, far off.
std::vector<Json> OtherNumbers(const Json& answer, const AnswerSource& source) {
  std::vector<Json> others = NumbersNear(answer, source);
  std::vector<Json> likely = source.numbers;
  if (answer != Json(0)) likely.insert(likely.begin(), Opposite(answer));
  const auto place = static_cast<std::ptrdiff_t>(std::min<std::size_t>(2, others.size()));
  others.insert(others.begin() + place, likely.begin(), likely.end());
  others.emplace_back("something else");  // What is no number may end in an except.
  return others;
}

bool IsArticle(const std::string& word) {
  static const std::set<std::string> kArticles = {"the", "a", "an", "der", "die", "das"};
  return kArticles.contains(word);
}

bool HasLetters(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalpha(c) != 0; });
}

// Pieces of a name, and a name that shares a word with it: "Okafor" and "Other Okafor" for "Ada
// Okafor". A number alone, or a text without its article, is as good as the whole.
std::vector<std::string> Pieces(const std::string& text) {
  std::istringstream stream(text);
  const std::vector<std::string> words(std::istream_iterator<std::string>(stream), {});
  std::vector<std::string> pieces;
  if (words.size() > kValueWordsMax) return pieces;
  if (words.size() > 1 && !IsArticle(Lowercase(words.front()))) {
    pieces.push_back(words.front());
    pieces.push_back(Join({words.begin() + 1, words.end()}, " "));
    pieces.push_back("Other " + words.back());
    pieces.push_back(words.front() + " Other");
  }
  if (text.size() >= 4) {
    pieces.push_back(text.substr(0, text.size() / 2));
    pieces.push_back(text.substr(text.size() / 2));
  }
  std::erase_if(pieces, [](const std::string& piece) { return !HasLetters(piece); });
  return pieces;
}

// Other texts that such a one may be, those that share a word or the form with it first.
std::vector<std::string> OtherTexts(const std::string& text, const AnswerSource& source) {
  const std::string lower = Lowercase(text);
  const std::string form = FormOf(lower);
  const std::vector<std::string> words = WordsOf(lower);
  std::vector<std::string> alike;
  std::vector<std::string> others;
  for (const std::string& one : source.texts) {
    const std::string other = Lowercase(one);
    if (other == lower || IsNearAnswer(text, one)) continue;
    const std::vector<std::string> its = WordsOf(other);
    const bool shares = std::any_of(its.begin(), its.end(), [&](const std::string& word) {
      return word.size() > 2 && std::find(words.begin(), words.end(), word) != words.end();
    });
    const bool looks = form.find('9') != std::string::npos && FormOf(other) == form;
    (shares || looks ? alike : others).push_back(one);
  }
  alike.insert(alike.end(), others.begin(), others.end());
  if (alike.size() > kTextsMax) alike.resize(kTextsMax);
  const std::vector<std::string> shifted = Shifted(text);
  alike.insert(
      alike.end(), shifted.begin(),
      shifted.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(2, shifted.size())));
  return alike;
}

std::vector<Json> OthersOf(const Json& answer, const AnswerSource& source) {
  if (answer.is_boolean()) return {Json(!answer.get<bool>())};
  if (answer.is_number()) return OtherNumbers(answer, source);
  if (answer.is_null()) return {Json("something else"), Json(1)};
  std::vector<Json> others;
  if (!answer.is_string()) return others;
  const std::string text = answer.get<std::string>();
  if (const auto number = ParseJson(text); number.ok() && number->is_number()) {
    for (const Json& other : OtherNumbers(*number, source)) {
      others.push_back(other.is_string() ? other : Json(DumpJson(other)));
    }
    others.emplace_back("");
    return others;
  }
  for (const std::string& one : OtherTexts(text, source)) others.emplace_back(one);
  if (Lowercase(text) == "yes") others.insert(others.begin(), Json("no"));
  if (Lowercase(text) == "no") others.insert(others.begin(), Json("yes"));
  if (others.empty()) others.emplace_back("something else");
  const std::string either = text + " or " + others.front().get<std::string>();
  others.insert(others.begin() + 1, {Json(either), Json("something else"), Json("")});
  for (const std::string& piece : Pieces(text)) others.emplace_back(piece);
  return others;
}

void VaryList(const Json& answer, const AnswerSource& source, std::vector<AnswerVariant>& made) {
  const std::string length = "the length of the answer";
  if (!answer.empty()) made.push_back({Json::array(), length});
  Json more = "something else";
  if (!answer.empty()) {
    for (const Json& other : OthersOf(answer.back(), source)) {
      if (std::find(answer.begin(), answer.end(), other) != answer.end() || other == "") continue;
      more = other;
      break;
    }
  }
  made.push_back({answer, length});
  made.back().answer.push_back(more);
  for (std::size_t index = 0; index < answer.size() && index < kElementsMax; ++index) {
    const std::string what = fmt::format("element {} of the answer", index + 1);
    for (const AnswerVariant& other : AnswerVariants(answer[index], source)) {
      if (std::count_if(made.begin(), made.end(), [&](const auto& one) {
            return one.what == what;
          }) >= static_cast<std::ptrdiff_t>(kElsesMax)) {
        break;
      }
      made.push_back({answer, what});
      made.back().answer[index] = other.answer;
    }
    if (answer.size() > 1) {
      made.push_back({answer, length});
      made.back().answer.erase(index);
    }
  }
}

void VaryObject(const Json& answer, const AnswerSource& source, std::vector<AnswerVariant>& made) {
  made.push_back({Json::object(), "the answer"});
  for (const auto& [key, value] : answer.items()) {
    std::vector<AnswerVariant> others = AnswerVariants(value, source);
    if (others.size() > kElsesMax) others.resize(kElsesMax);
    for (const AnswerVariant& other : others) {
      made.push_back({answer, fmt::format("\"{}\" of the answer", key)});
      made.back().answer[key] = other.answer;
    }
  }
}

bool AreNearLists(const Json& right, const Json& other) {
  if (right.size() != other.size()) return false;
  std::vector<bool> taken(other.size(), false);
  return std::all_of(right.begin(), right.end(), [&](const Json& element) {
    for (std::size_t index = 0; index < other.size(); ++index) {
      if (taken[index] || !IsNearAnswer(element, other[index])) continue;
      taken[index] = true;
      return true;
    }
    return false;
  });
}

// Whether one says the other and more. A word more makes another name of a name, "Harbour United"
// of "Harbour", but not of an id, nor do more words: "They are called Harbour". Who says one or the
// other has said neither.
bool IsNearText(const std::string& right, const std::string& other) {
  const std::vector<std::string> wanted = WordsOf(Lowercase(right));
  const std::vector<std::string> words = WordsOf(Lowercase(other));
  if (wanted == words) return !wanted.empty() || right == other;
  const auto says_or = [](const std::string& word) { return word == "or"; };
  if (std::any_of(words.begin(), words.end(), says_or) &&
      std::none_of(wanted.begin(), wanted.end(), says_or)) {
    return false;
  }
  const bool is_name = FormOf(right).find('9') == std::string::npos;
  if (wanted.empty() || words.size() < wanted.size() + (is_name ? 2 : 1)) return false;
  return std::search(words.begin(), words.end(), wanted.begin(), wanted.end()) != words.end();
}

}  // namespace

bool IsNearAnswer(const Json& right, const Json& other) {
  if (right == other) return true;
  if (right.is_number() && other.is_number()) {
    return std::abs(right.get<double>() - other.get<double>()) <= Slack(right);
  }
  if (right.is_string() && other.is_string()) {
    return IsNearText(right.get<std::string>(), other.get<std::string>());
  }
  if (right.is_array() && other.is_array()) return AreNearLists(right, other);
  if (right.is_object() && other.is_object()) {
    return right.size() == other.size() &&
           std::all_of(right.items().begin(), right.items().end(), [&](const auto& item) {
             return other.contains(item.key()) && IsNearAnswer(item.value(), other[item.key()]);
           });
  }
  // A number as text, or a list of one.
  if (right.is_string() && !other.is_string()) return right.get<std::string>() == DumpJson(other);
  if (other.is_string() && !right.is_string()) return other.get<std::string>() == DumpJson(right);
  if (right.is_array() && right.size() == 1) return IsNearAnswer(right[0], other);
  return false;
}

std::vector<AnswerVariant> AnswerVariants(const Json& answer, const AnswerSource& source) {
  std::vector<AnswerVariant> made;
  if (answer.is_array()) {
    VaryList(answer, source, made);
  } else if (answer.is_object()) {
    VaryObject(answer, source, made);
  } else {
    for (Json& other : OthersOf(answer, source)) made.push_back({std::move(other), "the answer"});
  }
  std::erase_if(made, [&](const AnswerVariant& one) { return IsNearAnswer(answer, one.answer); });
  return made;
}

}  // namespace sca::task
