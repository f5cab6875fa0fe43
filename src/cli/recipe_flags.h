// Flags that make a recipe, shared by several commands.

#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "domain/recipe.h"

namespace sca::cli {

struct RecipeFlags {
  std::string file;
  std::vector<std::string> overrides;
};

// Adds --set key=value. `flags` must outlive `command`.
void AddOverrides(CLI::App& command, RecipeFlags& flags);

// Reads flags.file with the overrides.
Result<Recipe> ReadRecipe(const RecipeFlags& flags);

// A recipe or override that is malformed is wrong usage; a file that cannot be read is not.
Exit PrintRecipeError(const Error& error);

// Every key with default, bounds and meaning.
void PrintRecipeKeys(bool json);

}  // namespace sca::cli
