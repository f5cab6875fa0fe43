// Ids that another order of the same calls gives to other things.

#pragma once

#include <map>
#include <string>

#include "base/json.h"

namespace sca::task {

// Which id in another world stands for which: learned from what the same calls gave in both. An id
// is a word of letters and digits, or a number of three digits or more.
class IdsRenamed {
 public:
  // False where the results differ in more than ids, or against what was learned before.
  bool Learn(const Json& before, const Json& now);

  // Texts and numbers, at any depth, with the other world's ids.
  Json Apply(const Json& value) const;

  // Whether the same ids were given, to other things: then nothing else tells the worlds apart.
  bool IsPermutation() const;

  const std::map<std::string, std::string>& ids() const { return ids_; }

 private:
  bool LearnWord(const std::string& before, const std::string& now);
  bool LearnText(const std::string& before, const std::string& now);

  std::map<std::string, std::string> ids_;
};

}  // namespace sca::task
