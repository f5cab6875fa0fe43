#include "campaign/run_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"

namespace sca::campaign {
namespace fs = std::filesystem;

RunFolder::RunFolder(RunFolder&& other) noexcept
    : path_(std::move(other.path_)), recipe_(std::move(other.recipe_)), lock_(other.lock_) {
  other.lock_ = -1;
}

RunFolder::~RunFolder() {
  if (lock_ >= 0) ::close(lock_);
}

Result<RunFolder> RunFolder::Lock(const fs::path& folder) {
  const int lock = ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock < 0) return FileError("write into", folder);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("Another sca process is at work in {}. Wait for it, or choose another "
                             "--run-dir.",
                             folder.string())};
  }
  return RunFolder(folder, lock);
}

Result<RunFolder> RunFolder::Create(const fs::path& folder, const Recipe& recipe) {
  if (fs::exists(folder / "recipe.toml")) {
    return Error{ErrorCode::kAlreadyExists,
                 fmt::format("There is a run in {} already. Go on with it by `sca resume {}`, or "
                             "choose another --run-dir.",
                             folder.string(), folder.string())};
  }
  SCA_TRY(CreateFolders(folder / "logs"));
  SCA_TRY(CreateFolders(folder / "adapters"));
  RunFolder run = SCA_TRY(Lock(folder));
  run.recipe_ = recipe;
  SCA_TRY(OpenLogFile(folder / "logs" / "run.log"));
  return run;
}

Status RunFolder::Settle() const {
  const fs::path file = path_ / "recipe.toml";
  if (fs::exists(file)) return {};
  return WriteFileAtomically(file, recipe_.ToToml());
}

Result<Recipe> ReadRunRecipe(const fs::path& folder, std::vector<std::string> overrides) {
  const fs::path file = folder / "recipe.toml";
  const std::string toml = SCA_TRY(ReadFile(file));
  // A run's recipe has all settings: one that lacks this is of a version that had no such rule.
  if (toml.find("like_examples") == std::string::npos) {
    overrides.insert(overrides.begin(), "gates.like_examples=true");
  }
  return ParseRecipe(toml, file.string(), overrides);
}

Result<RunFolder> RunFolder::Open(const fs::path& folder) {
  if (!fs::exists(folder / "recipe.toml")) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("There is no run in {}. Start one by `sca run RECIPE --run-dir {}`.",
                             folder.string(), folder.string())};
  }
  RunFolder run = SCA_TRY(Lock(folder));
  run.recipe_ = SCA_TRY(ReadRunRecipe(folder, {}));
  SCA_TRY(OpenLogFile(folder / "logs" / "run.log"));
  return run;
}

}  // namespace sca::campaign
