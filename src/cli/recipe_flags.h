// Flags that several commands share, and recipes read from the command line.

#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "base/progress.h"
#include "domain/recipe.h"

namespace sca::cli {

// Owned by the command's action and by CLI11's callbacks, which outlive each other in turn.
struct RecipeFlags {
  std::string file;
  std::vector<std::string> overrides;
};

// Adds --set key=value.
void AddOverrides(CLI::App& command, RecipeFlags& flags);

// An error of the recipe itself is wrong usage; `usage` says so.
Result<Recipe> ReadRecipe(const RecipeFlags& flags);

// Bars, or nothing where `quiet`.
std::unique_ptr<Progress> MakeProgress(bool quiet);

// Prints pretty JSON on standard output.
void PrintJson(const Json& json);

}  // namespace sca::cli
