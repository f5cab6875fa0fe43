#include "task/instruction.h"

#include <algorithm>
#include <regex>
#include <set>
#include <vector>

#include "base/text.h"
#include "task/literals.h"

namespace sca::task {

bool SpeaksOf(const std::string& instruction, std::initializer_list<std::string_view> words) {
  const std::vector<std::string> all = WordsOf(instruction);
  return std::any_of(all.begin(), all.end(), [&](const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  });
}

std::string WithoutTheVerbLast(const std::string& instruction) {
  static const std::regex kLasts(
      "\\b(do|does|did|will|would|to|can|must|may|shall|should)\\b([^.?!]*) last"
      "(?=\\s*[.,?!]|$| (?:for|in|on|longer|more|less|together|altogether)\\b)");
  static const std::regex kLastSoLong(
      " last(?= (?:less|more|longer|shorter|fewer|under|over|exactly|between|at least|at "
      "most)\\b)");
  return std::regex_replace(std::regex_replace(Lowercase(instruction), kLasts, "$1$2"), kLastSoLong,
                            "");
}

namespace {

// Without "last year" and "next week", which are times and no places.
std::string WithoutTimes(const std::string& instruction) {
  static const std::regex kTimes(
      "\\b(last|next|previous|first|second) (year|month|week|weekend|night|day|season|summer|"
      "winter|spring|autumn|quarter|time|names?|class|floor|aid)\\b");
  static const std::regex kCompound("\\b(last|next|first|second)-[a-z]+");  // "First-aid".
  const std::string text = std::regex_replace(WithoutTheVerbLast(instruction), kCompound, "");
  return std::regex_replace(text, kTimes, "$2");
}

// Without what says when to answer ("then list"), whence and by what ("reached from A by train").
std::string WithoutManners(const std::string& instruction) {
  static const std::regex kThen(
      "\\b(?:then|after that|afterwards|finally|after this),? (?=(?:please "
      ")?(?:list|answer|tell|give|"
      "report|say|name|return|show|reply|what|which|how)\\b)");
  static const std::regex kSoThen(
      "([a-z0-9]) then\\b(?=[^.,?!]*\\?)");  // "How many are then left?"
  static const std::regex kBy(
      "\\bby (?!(?:(?:the|their|its|increasing|decreasing|ascending|descending) )?(?:number|price|"
      "size|date|day|time|age|names?|ids?|length|weight|distance|height|amount|cost|year|rating|"
      "increasing|decreasing|ascending|descending|order|rank))");
  static const std::regex kFrom("\\bfrom (?![^.?!]*\\bto\\b)(?!(?:the )?[a-z]+est\\b)");
  std::string text = std::regex_replace(WithoutTimes(instruction), kThen, "");
  text = std::regex_replace(text, kSoThen, "$1");
  text = std::regex_replace(text, kBy, "");
  return std::regex_replace(text, kFrom, "");
}

}  // namespace

bool IsSuperlative(const std::string& lower_word) {
  static const std::set<std::string> kOthers = {
      "rest",   "test", "guest", "interest", "request", "west", "east",
      "forest", "nest", "quest", "harvest",  "protest", "chest"};
  return lower_word.size() > 4 && lower_word.ends_with("est") && !kOthers.contains(lower_word);
}

bool LeavesOrderFree(const std::string& instruction) {
  static const std::regex kFree(
      "\\b(any|whatever|whichever|no (particular|special|certain|fixed)) order\\b|"
      "\\b(order|sequence) (is )?(free|does not matter|doesn't matter|up to you|not important|"
      "unimportant|irrelevant)\\b|"
      "\\b(however|any way) (sorted|ordered|arranged|you like)\\b|"
      "\\bwhich(ever|( [a-z]+)? (you|they|we)( [a-z]+)? do)( [a-z]+){0,4} first\\b|"
      "\\b(mind|care) (about )?(the|their|its) (order|sequence)\\b|"
      "\\b(does not|doesn't|do not|don't|no) (matter|mind|care) (in )?(which|what|who)"
      "( [a-z]+){0,3} (first|order|sequence)\\b");
  return std::regex_search(Lowercase(instruction), kFree);
}

bool AsksForAnOrder(const std::string& whole_instruction) {
  const std::string instruction = WithoutManners(whole_instruction);
  const std::vector<std::string> words = WordsOf(instruction);
  return std::any_of(words.begin(), words.end(), IsSuperlative) ||
         SpeaksOf(instruction, {"order",     "ordered",        "sort",         "sorted",
                                "first",     "last",           "then",         "next",
                                "before",    "after",          "finally",      "afterwards",
                                "rank",      "ranked",         "ascending",    "descending",
                                "by",        "alphabetical",   "sequence",     "alphabetically",
                                "from",      "chronological",  "respectively", "starting",
                                "beginning", "chronologically"});
}

bool SpeaksOfAQueue(const std::string& instruction) {
  return SpeaksOf(instruction, {"queue", "waiting", "priority"});
}

bool SaysWhatComesFirst(const std::string& whole_instruction) {
  static const std::regex kInTheEnd("\\b(then|afterwards|in the end)(?=\\s*[.,?!]|$)");
  static const std::regex kKept(
      "\\b(keep(ing)? (the|their) order|in the (same )?order in which)\\b");
  if (LeavesOrderFree(whole_instruction)) return false;
  if (std::regex_search(Lowercase(whole_instruction), kKept)) return true;
  const std::string instruction =
      std::regex_replace(WithoutManners(whole_instruction), kInTheEnd, "");
  return SpeaksOf(instruction,
                  {"first", "then", "before", "after", "last", "next", "finally", "afterwards"});
}

bool SpeaksOfPlaces(const std::string& instruction) {
  static const std::regex kVerbs("\\b(?:to|can|will|must|may|shall) (start|begin|end)\\b");
  static const std::regex kBeside(
      "\\b(just|right|directly|immediately) (before|after|ahead|behind)\\b|"
      "\\b(runner-up|underbidder|penultimate)\\b");
  if (std::regex_search(Lowercase(instruction), kBeside)) return true;
  return SpeaksOf(
      std::regex_replace(WithoutTimes(instruction), kVerbs, ""),
      {"first",  "second", "third",    "fourth",   "fifth",    "last",   "next",   "final",
       "top",    "bottom", "latest",   "newest",   "previous", "oldest", "recent", "sooner",
       "listed", "begin",  "start",    "recently", "end",      "begins", "starts", "ends",
       "leads",  "leader", "earliest", "soonest",  "winner",   "wins"});
}

bool AsksForARanking(const std::string& instruction) {
  static const std::regex kRanking(
      "\\b(rank(ed|ing)?|sorted|ascending|descending|alphabetical(ly)?|chronological(ly)?|"
      "in (the )?(order|sequence) (of|in)|[a-z]+est( [a-z]+){0,2} first|from (the )?[a-z]+est to|"
      "(gold|silver|bronze|winners?|leaders?|champions?) first|"
      "(older|newer|younger|cheaper|dearer|larger|smaller|bigger|higher|lower|longer|shorter|"
      "faster|slower|earlier|later|heavier|lighter) first|"
      "(begin|beginning|start|starting) with the)\\b");
  return std::regex_search(Lowercase(instruction), kRanking);
}

std::string WithoutExamples(const std::string& instruction) {
  static const std::regex kExample(
      "\\b(?:write it like|in the form(?: of)?|for example|e\\.g\\.|such as|formatted as|as in) "
      "[^\\s]+",
      std::regex::icase);
  return std::regex_replace(instruction, kExample, "");
}

bool DemandsSequence(const std::string& instruction) {
  static const std::regex kStrict(
      "\\b(in (this|that|exactly this|the following|the given) (order|sequence)|strictly|only "
      "after|"
      "only then|not before|no sooner|one after the other|first [^.?!]{1,200} and (only )?after "
      "that)\\b");
  return std::regex_search(Lowercase(instruction), kStrict);
}

bool RanksIds(const std::string& instruction) {
  static const std::regex kRanked(
      "\\b(highest|lowest|largest|smallest|greatest|first|last) ([a-z]+ )?(number|id)\\b");
  return std::regex_search(Lowercase(instruction), kRanked);
}

namespace {

// "P3" in "P1 to P6", all in lower case.
bool StandsInARangeOfIds(const std::string& lower, const std::string& lower_name) {
  static const std::regex kRange(
      "\\b([a-z]+[-_]?)(\\d{1,4}) ?(?:to|through|until|-|–) ?\\1(\\d{1,4})\\b");
  const std::size_t digits = lower_name.find_first_of("0123456789");
  constexpr std::size_t kIdDigitsMax = 4;
  if (digits == std::string::npos || lower_name.size() - digits > kIdDigitsMax ||
      lower_name.find_first_not_of("0123456789", digits) != std::string::npos) {
    return false;
  }
  const int wanted = std::stoi(lower_name.substr(digits));
  for (std::sregex_iterator match(lower.begin(), lower.end(), kRange), end; match != end; ++match) {
    if ((*match)[1] == lower_name.substr(0, digits) && std::stoi((*match)[2]) <= wanted &&
        wanted <= std::stoi((*match)[3])) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool StandsInARange(const std::string& instruction, const std::string& lower_name) {
  if (StandsInARangeOfIds(Lowercase(instruction), lower_name)) return true;
  static const std::vector<std::vector<std::string>> kCycles = {
      {"january", "february", "march", "april", "may", "june", "july", "august", "september",
       "october", "november", "december"},
      {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}};
  const std::vector<std::string> words = WordsOf(instruction);
  for (const std::vector<std::string>& cycle : kCycles) {
    const auto place_of = [&](const std::string& word) {
      return std::find(cycle.begin(), cycle.end(), word) - cycle.begin();
    };
    const auto wanted = place_of(lower_name);
    const auto size = static_cast<std::ptrdiff_t>(cycle.size());
    for (std::size_t index = 2; wanted < size && index < words.size(); ++index) {
      const std::string& to = words[index - 1];
      const auto from = place_of(words[index - 2]);
      const auto until = place_of(words[index]);
      const bool range = to == "to" || to == "through" || to == "until" || to == "till";
      if (!range || from == size || until == size) continue;
      if ((wanted - from + size) % size <= (until - from + size) % size) return true;
    }
  }
  return false;
}

bool SpeaksOfTwo(const std::string& instruction) {
  static const std::regex kTwo(
      "\\b(2|two|twice|fortnight|twin|double|doubled|both|pair|couple|each|second|half|halves|"
      "again|another|"
      "also|too|return|returns|returning|back|round trip|round-trip|weekend|perimeter|around|"
      "diameter|squared?|(and|plus) (one|i|me|my|his|her|their|our)|(me|us) and|we)\\b");
  return std::regex_search(Lowercase(instruction), kTwo);
}

bool LeavesChoice(const std::string& instruction) {
  const std::vector<std::string> words = WordsOf(instruction);
  static const std::set<std::string> kNotFree = {"if",  "are",  "is",   "has",   "have",
                                                 "not", "were", "was",  "never", "without",
                                                 "nor", "or",   "there"};
  static const std::set<std::string> kForms = {"order", "sequence", "case", "form", "format"};
  for (std::size_t index = 0; index < words.size(); ++index) {
    const std::string& word = words[index];
    const std::string before = index == 0 ? "" : words[index - 1];
    const std::string after = index + 1 == words.size() ? "" : words[index + 1];
    const bool any = word == "any" && !kNotFree.contains(before) && !kForms.contains(after);
    if (word == "whichever" || any) return true;
    if ((word == "free" && before == "a") || (word == "available" && before == "an")) return true;
    if (word == "choice" && before == "your") return true;
  }
  return false;
}

bool SettlesTies(const std::string& instruction) {
  return SpeaksOf(WithoutTimes(instruction),
                  {"first", "last", "tie", "ties", "tied", "draw", "equal", "same", "equally",
                   "alphabetical", "alphabetically", "several", "both", "alike"});
}

}  // namespace sca::task
