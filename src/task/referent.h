// Tells which of several values of one kind an instruction means.

#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace sca::task {

// Whether an instruction picks by more or less: "the dearest", "which is longer".
bool SpeaksOfRank(const std::string& instruction);

// Begins the keys of what is known of a value by way of another that it names.
inline constexpr std::string_view kFar = "→";

// What is known of a value: an object, key to string, number or truth value (deeper ones count by
// what stands in them; below kFar only texts that the instruction has as a whole).
class Referent {
 public:
  // `amounts`: numbers that the solution hands to tools; what they say is not of a value.
  explicit Referent(const std::string& instruction, const std::set<double>& amounts = {});

  // Whether the instruction says something of `meant` that is not so of `other`: a word or number
  // that it has, a bound between them ("above 100"), a superlative that it is among `all`, or what
  // is excepted. In doubt, yes: a good task must not fall.
  bool TellsApart(const Json& meant, const Json& other, const std::vector<Json>& all) const;

  // "whose item is \"office chair\" as the instruction says"; empty if it says nothing of it that
  // does not stand in `path` already.
  std::string Mentioned(const Json& about, const std::string& path) const;

 private:
  // What it says of a value, so that two values can be compared by it.
  std::set<std::string> SaidOf(const Json& about) const;

  std::string lower_;
  std::vector<std::string> words_;
  std::set<double> numbers_;
};

}  // namespace sca::task
