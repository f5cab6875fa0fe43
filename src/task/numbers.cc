#include "task/numbers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <regex>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "task/literals.h"

namespace sca::task {
namespace {

constexpr std::array<std::string_view, 20> kUnits = {
    "zero",     "one",     "two",     "three",     "four",     "five",    "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<std::string_view, 10> kTens = {
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr std::array<std::string_view, 13> kOrdinals = {
    "",        "first",  "second", "third", "fourth",   "fifth",  "sixth",
    "seventh", "eighth", "ninth",  "tenth", "eleventh", "twelfth"};

// What one of a word stands for, in the units that tools count in.
const std::multimap<std::string_view, double>& Factors() {
  static const std::multimap<std::string_view, double> kFactors = {
      {"second", 60},   {"minute", 60},      {"hour", 60},        {"hour", 3600},
      {"hour", 24},     {"week", 7},         {"weekly", 7},       {"fortnight", 14},
      {"fortnight", 2}, {"month", 12},       {"month", 30},       {"monthly", 12},
      {"year", 12},     {"year", 52},        {"year", 365},       {"yearly", 12},
      {"annual", 12},   {"annually", 12},    {"decade", 10},      {"dozen", 12},
      {"pair", 2},      {"couple", 2},       {"both", 2},         {"twice", 2},
      {"double", 2},    {"thrice", 3},       {"triple", 3},       {"quadruple", 4},
      {"treble", 3},    {"doubled", 2},      {"tripled", 3},      {"kilogram", 1000},
      {"kilo", 1000},   {"kilometre", 1000}, {"kilometer", 1000}, {"litre", 1000},
      {"liter", 1000},  {"tonne", 1000},     {"ton", 1000},       {"metre", 100},
      {"meter", 100},   {"euro", 100},       {"dollar", 100}};
  return kFactors;
}

// "a third" divides by 3.
const std::map<std::string_view, double>& Parts() {
  static const std::map<std::string_view, double> kParts = {
      {"half", 2},   {"halve", 2}, {"halved", 2}, {"third", 3},  {"quarter", 4},
      {"fourth", 4}, {"fifth", 5}, {"sixth", 6},  {"eighth", 8}, {"tenth", 10}};
  return kParts;
}

template <std::size_t kCount>
std::optional<double> PlaceIn(const std::array<std::string_view, kCount>& list,
                              std::string_view word) {
  const auto found = std::find(list.begin(), list.end(), word);
  if (word.empty() || found == list.end()) return std::nullopt;
  return static_cast<double>(found - list.begin());
}

// The number that begins at `at`, which moves behind it: "two hundred and fifty" is 250.
std::optional<double> ReadWords(const std::vector<std::string>& words, std::size_t& at) {
  std::optional<double> sum;
  while (at < words.size()) {
    double value = 0;
    if (const auto tens = PlaceIn(kTens, words[at]); tens.has_value()) {
      value = *tens * 10;
      const auto unit =
          at + 1 < words.size() ? PlaceIn(kUnits, words[at + 1]) : std::optional<double>();
      if (unit.has_value() && *unit > 0 && *unit < 10) {
        value += *unit;
        ++at;
      }
    } else if (const auto unit = PlaceIn(kUnits, words[at]); unit.has_value()) {
      value = *unit;
    } else {
      break;
    }
    ++at;
    bool large = false;
    for (; at < words.size() && (words[at] == "hundred" || words[at] == "thousand"); ++at) {
      value *= words[at] == "hundred" ? 100 : 1000;
      large = true;
    }
    sum = sum.value_or(0) + value;
    if (!large) break;
    const bool goes_on = at + 1 < words.size() && words[at] == "and" &&
                         (PlaceIn(kUnits, words[at + 1]) || PlaceIn(kTens, words[at + 1]));
    if (goes_on) ++at;
  }
  return sum;
}

// A text as numbers and the words between them.
struct Piece {
  std::optional<double> number;
  std::string word;  // In the singular.
};

std::vector<Piece> PiecesOf(const std::string& text) {
  static const std::regex kPiece(R"((\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)|([a-z]+)|(%))");
  const std::string lower = Lowercase(text);
  std::vector<std::string> words;
  std::vector<Piece> pieces;
  const auto add_words = [&] {
    for (std::size_t at = 0; at < words.size();) {
      if (const auto number = ReadWords(words, at); number.has_value()) {
        pieces.push_back({number, {}});
      } else {
        pieces.push_back({std::nullopt, Singular(words[at++])});
      }
    }
    words.clear();
  };
  for (std::sregex_iterator match(lower.begin(), lower.end(), kPiece), end; match != end; ++match) {
    if ((*match)[2].matched) {
      words.push_back(match->str());
      continue;
    }
    add_words();
    if ((*match)[1].matched) {
      pieces.push_back({std::strtod(ReplaceAll(match->str(), ",", "").c_str(), nullptr), {}});
    } else {
      pieces.push_back({std::nullopt, "percent"});
    }
  }
  add_words();
  return pieces;
}

// Of a share: itself, what is left of one, what one becomes with it; in percent too.
void InsertShare(double share, std::set<double>& numbers) {
  for (const double one : {share, 1 - share, 1 + share}) {
    numbers.insert(one);
    numbers.insert(100 * one);
  }
}

class Implied {
 public:
  explicit Implied(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {}

  std::set<double> Numbers() {
    for (std::size_t at = 0; at < pieces_.size(); ++at) {
      const std::string& word = pieces_[at].word;
      if (const auto place = PlaceIn(kOrdinals, word); place.has_value()) numbers_.insert(*place);
      const bool percent =
          word == "percent" || word == "percentage" || (word == "per" && WordAt(at + 1) == "cent");
      if (word == "twice") numbers_.insert(3);  // Two parts and one.
      if (percent && NumberBefore(at).has_value()) InsertShare(*NumberBefore(at) / 100, numbers_);
      InsertTimes(1, at);
      if (NumberBefore(at).has_value()) InsertTimes(*NumberBefore(at), at);
      if (const auto part = Parts().find(word); part != Parts().end()) AddPart(at, part->second);
    }
    return std::move(numbers_);
  }

 private:
  std::string WordAt(std::size_t at) const {
    return at < pieces_.size() ? pieces_[at].word : std::string();
  }
  std::optional<double> NumberBefore(std::size_t at) const {
    return at > 0 && at <= pieces_.size() ? pieces_[at - 1].number : std::optional<double>();
  }

  // So many of the unit that stands at a place, if one does.
  void InsertTimes(double count, std::size_t at) {
    for (auto [unit, end] = Factors().equal_range(WordAt(at)); unit != end; ++unit) {
      numbers_.insert(count * unit->second);
    }
  }

  // "three quarters of an hour", "two and a half hours", "an hour and a half".
  void AddPart(std::size_t at, double divisor) {
    numbers_.insert(divisor);
    const double share = NumberBefore(at).value_or(1) / divisor;
    InsertShare(share, numbers_);
    for (std::size_t next = at + 1; next < at + 4; ++next) InsertTimes(share, next);
    if (at < 3 || WordAt(at - 1) != "a" || WordAt(at - 2) != "and") return;
    if (const auto whole = NumberBefore(at - 2); whole.has_value()) {
      numbers_.insert(*whole + share);
      InsertTimes(*whole + share, at + 1);
    } else {
      InsertTimes(NumberBefore(at - 3).value_or(1) + share, at - 3);
    }
  }

  std::vector<Piece> pieces_;
  std::set<double> numbers_;
};

}  // namespace

bool IsStructural(double number) {
  return number == 0 || number == 1 || number == 2 || number == 100 || number == 1000;
}

bool Contains(const std::set<double>& numbers, double number) {
  return std::any_of(numbers.begin(), numbers.end(), [number](double one) {
    return std::abs(one - number) <= 1e-9 * std::max(1.0, std::abs(number));
  });
}

std::set<double> NumbersIn(const std::string& text) {
  static const std::map<std::string_view, std::vector<double>> kWords = {
      {"twice", {2}}, {"double", {2}}, {"half", {2, 0.5}}, {"dozen", {12}}, {"pair", {2}}};
  std::set<double> numbers;
  for (const Piece& piece : PiecesOf(text)) {
    if (piece.number.has_value()) numbers.insert(*piece.number);
    if (const auto word = kWords.find(piece.word); word != kWords.end()) {
      numbers.insert(word->second.begin(), word->second.end());
    }
  }
  return numbers;
}

std::set<double> WholeNumbersIn(const std::string& text) {
  static const std::regex kWhole("(^|[\\s(])([0-9]+)(?=[\\s);?!]|[.,:](?![0-9])|$)");
  std::set<double> numbers;
  for (std::sregex_iterator match(text.begin(), text.end(), kWhole), end; match != end; ++match) {
    numbers.insert(std::strtod((*match)[2].str().c_str(), nullptr));
  }
  return numbers;
}

std::set<double> ConversionsOf(const std::string& text) {
  static const std::regex kUnits("\\b(second|minute|hour|gram|metre|meter|kilometre|cent)s\\b");
  std::set<double> numbers;
  const std::string lower = Lowercase(text);
  for (std::sregex_iterator match(lower.begin(), lower.end(), kUnits), end; match != end; ++match) {
    const std::string unit = (*match)[1];
    for (auto [factor, last] = Factors().equal_range(unit); factor != last; ++factor) {
      numbers.insert(factor->second);
    }
  }
  return numbers;
}

std::set<double> NumbersImpliedBy(const std::string& text) {
  static const std::regex kFraction(R"((\d+)\s*/\s*(\d+))");
  static const std::regex kPartOfAnHour(
      "\\b(half|quarters?)\\b[^.?!]*\\bhours?\\b|"
      "\\bhours?\\b[^.?!]*\\b(half|quarters?)\\b");
  std::set<double> numbers = Implied(PiecesOf(text)).Numbers();
  // "Four people, one of them for half": three and a half.
  if (numbers.contains(0.5)) {
    constexpr double kPeopleMax = 20;
    for (const double whole : NumbersIn(text)) {
      const bool people = whole == std::floor(whole) && whole > 0 && whole <= kPeopleMax;
      if (people) numbers.insert(whole - 0.5);
    }
  }
  if (std::smatch part; std::regex_search(text, part, kPartOfAnHour)) {
    const bool half = part[1] == "half" || part[2] == "half";
    numbers.insert(half ? 30 : 15);
    numbers.insert(half ? 90 : 45);
  }
  for (std::sregex_iterator match(text.begin(), text.end(), kFraction), end; match != end;
       ++match) {
    const double below = std::strtod((*match)[2].str().c_str(), nullptr);
    if (below > 0) InsertShare(std::strtod((*match)[1].str().c_str(), nullptr) / below, numbers);
  }
  return numbers;
}

}  // namespace sca::task
