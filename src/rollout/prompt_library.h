// The prompts: text files with named slots, read once from the folder prompts/.

#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "env/environment.h"

namespace sca::rollout {

// Immutable after Load, so any thread may use it.
class PromptLibrary {
 public:
  // Reads every *.txt of `folder`; the name of a prompt is its file's without the ending.
  static Result<PromptLibrary> Load(const std::filesystem::path& folder);

  // An unknown prompt, a slot without a value and a value without a slot are errors.
  Result<std::string> Fill(const std::string& name,
                           const std::map<std::string, std::string>& values) const;

 private:
  std::map<std::string, std::string> texts_;
};

// The tools as a prompt lists them: a signature and what it does, a line each.
std::string DescribeTools(const env::Environment& environment);

// What a prompt says of the end of the work, with a leading space: "Put the result …".
std::string DescribeEnding(const env::Environment& environment);

}  // namespace sca::rollout
