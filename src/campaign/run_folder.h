// The folder of a run: one process at a time, a recipe that does not change.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "domain/recipe.h"

namespace sca::campaign {

// Holds the folder's lock while it lives; the kernel frees it when the process ends, however.
class RunFolder {
 public:
  // Fails with kAlreadyExists if there is a run in `folder` already. It holds one from Settle on.
  static Result<RunFolder> Create(const std::filesystem::path& folder, const Recipe& recipe);
  // Fails with kNotFound if there is none, kFailedPrecondition if another process works on it.
  static Result<RunFolder> Open(const std::filesystem::path& folder);

  // Writes the recipe, once what it names is found to load; a folder that failed before that may be
  // used again. Nothing is done where the recipe is there.
  Status Settle() const;

  RunFolder(RunFolder&& other) noexcept;
  RunFolder& operator=(RunFolder&&) = delete;
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  ~RunFolder();

  const std::filesystem::path& path() const { return path_; }
  const Recipe& recipe() const { return recipe_; }

 private:
  RunFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  static Result<RunFolder> Lock(const std::filesystem::path& folder);

  std::filesystem::path path_;
  Recipe recipe_;
  int lock_;  // Descriptor of the locked file.
};

// The recipe of the run in `folder`, with `overrides` (key=value). What a run of an earlier version
// does not say is as it was then.
Result<Recipe> ReadRunRecipe(const std::filesystem::path& folder,
                             std::vector<std::string> overrides);

}  // namespace sca::campaign
