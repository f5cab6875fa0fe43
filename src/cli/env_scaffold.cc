#include "cli/env_scaffold.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/files.h"
#include "base/text.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

bool IsGoodName(const std::string& name) {
  return !name.empty() && std::isalnum(static_cast<unsigned char>(name.front())) != 0 &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
         });
}

// my_tools as "My tools".
std::string TitleOf(const std::string& name) {
  std::string title = ReplaceAll(ReplaceAll(name, "_", " "), "-", " ");
  title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
  return title;
}

Status CopyTemplate(const fs::path& source, const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(source)) {
    if (!entry.is_regular_file()) continue;
    const fs::path target = folder / fs::relative(entry.path(), source);
    std::string text = SCA_TRY(ReadFile(entry.path()));
    if (target.filename() == "environment.toml") {
      text = SCA_TRY(FillSlots(text, {{"title", TitleOf(folder.filename().string())}}));
    }
    SCA_TRY(CreateFolders(target.parent_path()));
    SCA_TRY(WriteFileAtomically(target, text));
  }
  return {};
}

}  // namespace

Status WriteEnvironmentFolder(const fs::path& folder) {
  const std::string name = folder.filename().string();
  if (!IsGoodName(name)) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("An environment cannot be named \"{}\": use letters, digits, \"_\" "
                             "and \"-\".",
                             name)};
  }
  if (fs::exists(folder)) {
    return Error{ErrorCode::kAlreadyExists,
                 fmt::format("There is something at {} already.", folder.string())};
  }
  const fs::path source = ProjectFolder() / "templates" / "environment";
  if (!fs::exists(source / "environment.toml")) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("The template {} is missing. Set SCA_HOME to the project's folder.",
                             source.string())};
  }
  const Status status = CopyTemplate(source, folder);
  std::error_code ignored;
  if (!status.ok()) fs::remove_all(folder, ignored);
  return status;
}

}  // namespace sca::cli
