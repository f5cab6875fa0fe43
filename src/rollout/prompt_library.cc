#include "rollout/prompt_library.h"

#include <fmt/format.h>

#include "base/files.h"
#include "base/text.h"

namespace sca::rollout {
namespace fs = std::filesystem;

Result<PromptLibrary> PromptLibrary::Load(const fs::path& folder) {
  std::error_code code;
  PromptLibrary library;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, code)) {
    if (entry.path().extension() != ".txt") continue;
    const std::string text = SCA_TRY(ReadFile(entry.path()));
    library.texts_[entry.path().stem().string()] = Trim(text);
  }
  if (code || library.texts_.empty()) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("There are no prompts in {}. Set SCA_HOME to the project's folder.",
                             folder.string())};
  }
  return library;
}

Result<std::string> PromptLibrary::Fill(const std::string& name,
                                        const std::map<std::string, std::string>& values) const {
  const auto text = texts_.find(name);
  if (text == texts_.end()) {
    return Error{ErrorCode::kNotFound, fmt::format("There is no prompt {}.txt.", name)};
  }
  auto filled = FillSlots(text->second, values);
  if (!filled.ok()) return WithContext(filled.error(), fmt::format("The prompt {}.txt", name));
  return filled;
}

std::string DescribeTools(const env::Environment& environment) {
  std::string lines;
  for (const ToolSpec& tool : environment.tools()) {
    const std::string description = ReplaceAll(tool.description, "\n", " ");
    lines += fmt::format("{}  # {}\n", tool.signature, description);
  }
  return std::string(Trim(lines));
}

std::string DescribeEnding(const env::Environment& environment) {
  return environment.settings().answer == env::AnswerMode::kRequired
             ? " Put the result in the variable answer."
             : " When everything is done, reply with the word DONE.";
}

}  // namespace sca::rollout
