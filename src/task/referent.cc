#include "task/referent.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "task/entities.h"
#include "task/instruction.h"
#include "task/literals.h"
#include "task/said_dates.h"

namespace sca::task {
namespace {

// Words by which an instruction sets bounds, picks by rank, or takes the others.
constexpr std::array<std::string_view, 16> kBounds = {
    "above", "over",  "below", "under",  "least",     "most",   "than", "before",
    "after", "until", "since", "within", "exceeding", "beyond", "past", "between"};
constexpr std::array<std::string_view, 33> kRanks = {
    "most",   "least",   "higher",   "lower",   "dearer", "cheaper", "older",
    "newer",  "larger",  "smaller",  "bigger",  "longer", "shorter", "earlier",
    "later",  "heavier", "lighter",  "greater", "fewer",  "maximum", "minimum",
    "first",  "second",  "third",    "last",    "next",   "final",   "sooner",
    "faster", "slower",  "previous", "nearer",  "younger"};
constexpr std::array<std::string_view, 12> kExceptions = {
    "except",  "but",  "not",     "other",     "others",  "another",
    "without", "rest", "neither", "excluding", "besides", "apart"};

bool IsRank(const std::string& word) { return IsAmong(kRanks, word) || IsSuperlative(word); }

// "More" alone says no rank: "10 days more". "The one with more people" does.
bool PicksByMore(const std::vector<std::string>& words) {
  for (std::size_t index = 1; index < words.size(); ++index) {
    const bool more = words[index] == "more" || words[index] == "less";
    const std::string& before = words[index - 1];
    if (more && (before == "with" || before == "has" || before == "have" || before == "had")) {
      return true;
    }
  }
  return false;
}

bool HasRankWord(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), IsRank) || PicksByMore(words);
}

constexpr std::size_t kFarTextBytesMin = 4;  // A shorter one stands somewhere by chance.

struct Fact {
  std::string key;
  Json value;
};

// Near ones, or those that stand below kFar.
void CollectFacts(const Json& json, const std::string& key, bool far, std::vector<Fact>& facts) {
  if (json.is_object() || json.is_array()) {
    for (const auto& [name, value] : json.items()) {
      const bool leads_far = json.is_object() && name.rfind(kFar, 0) == 0;
      if (leads_far && far) CollectFacts(value, name, false, facts);
      if (!leads_far) CollectFacts(value, json.is_object() ? name : key, far, facts);
    }
  } else if (!json.is_null() && !far) {
    facts.push_back({key, json});
  }
}

std::vector<Fact> FactsOf(const Json& about) {
  std::vector<Fact> facts;
  CollectFacts(about, "", false, facts);
  return facts;
}

std::vector<Fact> FarFactsOf(const Json& about) {
  std::vector<Fact> facts;
  CollectFacts(about, "", true, facts);
  return facts;
}

// A word and its plural are one.
bool HasMore(const std::set<std::string>& left, const std::set<std::string>& right) {
  return !std::includes(right.begin(), right.end(), left.begin(), left.end());
}

// A number that lies between the same figure of both.
bool AreParted(const std::vector<Fact>& meant, const std::vector<Fact>& other,
               const std::set<double>& numbers) {
  for (const Fact& one : meant) {
    for (const Fact& two : other) {
      if (one.key != two.key || !one.value.is_number() || !two.value.is_number()) continue;
      const auto [low, high] = std::minmax({one.value.get<double>(), two.value.get<double>()});
      if (std::any_of(numbers.begin(), numbers.end(), [low = low, high = high](double number) {
            return low < high && low <= number && number <= high;
          })) {
        return true;
      }
    }
  }
  return false;
}

// Dates and times are ordered as text; other texts have no rank, ids least of all.
bool HasRank(const Json& value) {
  if (value.is_number()) return true;
  if (!value.is_string()) return false;
  const std::string form = FormOf(value.get<std::string>());
  return form.rfind("9-9", 0) == 0 || form.rfind("9:9", 0) == 0;
}

// The first or last of all by some figure.
bool IsExtreme(const std::vector<Fact>& meant, const std::vector<Json>& all) {
  for (const Fact& fact : meant) {
    if (!HasRank(fact.value)) continue;
    bool lowest = true;
    bool highest = true;
    for (const Json& about : all) {
      for (const Fact& other : FactsOf(about)) {
        if (other.key != fact.key || other.value.type() != fact.value.type()) continue;
        if (other.value < fact.value) lowest = false;
        if (fact.value < other.value) highest = false;
      }
    }
    if (lowest != highest) return true;  // Both: all are alike in it.
  }
  return false;
}

}  // namespace

bool SpeaksOfRank(const std::string& instruction) {
  const std::vector<std::string> words = WordsOf(WithoutTheVerbLast(instruction));
  return HasRankWord(words);
}

Referent::Referent(const std::string& instruction, const std::set<double>& amounts)
    : lower_(Lowercase(instruction)), words_(WordsOf(WithoutTheVerbLast(instruction))) {
  for (const double number : NumbersIn(instruction)) {
    if (!Contains(amounts, number)) numbers_.insert(number);
  }
}

std::set<std::string> Referent::SaidOf(const Json& about) const {
  std::set<std::string> singular;
  for (const std::string& word : words_) singular.insert(Singular(word));
  std::set<std::string> said;
  for (const Fact& fact : FactsOf(about)) {
    if (fact.value.is_number()) {
      if (Contains(numbers_, fact.value.get<double>())) {
        said.insert(fmt::format("{}={:g}", fact.key, fact.value.get<double>()));
      }
    } else if (fact.value.is_boolean()) {
      if (StandsByWords(lower_, ReplaceAll(fact.key, "_", " "))) {
        said.insert(fact.key + (fact.value.get<bool>() ? "=yes" : "=no"));
      }
    } else {
      const std::string text = Lowercase(fact.value.get<std::string>());
      if (!text.empty() && Stands(lower_, text)) said.insert(fact.key + "=" + text);
      if (FormOf(text).rfind("9-9-9", 0) == 0) {  // Its year alone says no day.
        if (SaysDate(lower_, text)) said.insert(fact.key + "=" + text);
        continue;
      }
      for (const std::string& word : WordsOf(text)) {
        if (word.size() > 1 && singular.contains(Singular(word))) {
          said.insert(fact.key + "~" + Singular(word));
        }
      }
    }
  }
  for (const Fact& fact : FarFactsOf(about)) {
    if (!fact.value.is_string()) continue;
    const std::string text = Lowercase(fact.value.get<std::string>());
    if (text.size() >= kFarTextBytesMin && Stands(lower_, text)) said.insert(fact.key + "→" + text);
  }
  return said;
}

bool Referent::TellsApart(const Json& meant, const Json& other,
                          const std::vector<Json>& all) const {
  const std::set<std::string> of_meant = SaidOf(meant);
  const std::set<std::string> of_other = SaidOf(other);
  if (HasMore(of_meant, of_other)) return true;
  const auto says = [&](const auto& holds) {
    return std::any_of(words_.begin(), words_.end(), holds);
  };
  if (HasMore(of_other, of_meant) &&
      says([](const std::string& word) { return IsAmong(kExceptions, word); })) {
    return true;
  }
  const std::vector<Fact> facts = FactsOf(meant);
  if (says([](const std::string& word) { return IsAmong(kBounds, word); }) &&
      AreParted(facts, FactsOf(other), numbers_)) {
    return true;
  }
  if (!HasRankWord(words_)) return false;
  // The dearest of the placed ones: others are not asked for.
  std::vector<Json> rivals;
  for (const Json& one : all) {
    if (!HasMore(of_meant, SaidOf(one))) rivals.push_back(one);
  }
  return IsExtreme(facts, rivals);
}

std::string Referent::Mentioned(const Json& about, const std::string& path) const {
  std::vector<std::string> parts;
  for (const Fact& fact : FactsOf(about)) {
    if (!fact.value.is_string() || fact.key.empty()) continue;
    const std::string text = fact.value.get<std::string>();
    if (text.empty() || !Stands(lower_, Lowercase(text)) || Stands(path, text)) continue;
    parts.push_back(fmt::format("whose {} is \"{}\"", fact.key, Shorten(text, 60)));
  }
  if (parts.empty()) return {};
  if (parts.size() > 2) parts.resize(2);
  return Join(parts, " and ") + " as the instruction says";
}

}  // namespace sca::task
