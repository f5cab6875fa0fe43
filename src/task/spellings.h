// Other spellings of a right answer, which a verification function has to accept as well.
//
// Only what the instruction leaves open: docs/decisions/0007-what-is-as-right.md says what is tried
// and what is not. A tuple needs none, for an answer comes to a verifier as JSON gives it back.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "domain/recipe.h"
#include "task/known_tasks.h"

namespace sca::task {

struct Spelling {
  Json answer;
  std::string reason;  // Why it is as right: "it is rounded as the instruction asks".
};

// Of the answer of `solution`, by the kinds that `settings` tries; none if there is no answer.
std::vector<Spelling> SpellingsOf(const std::string& instruction, const Trace& solution,
                                  const std::vector<ToolSpec>& tools, const GateSettings& settings);

// 9.8 for 9.799999999999999, at any depth.
Json WithoutNoise(const Json& answer);

}  // namespace sca::task
