#include "cli/recipe_flags.h"

#include <fmt/format.h>

#include "base/files.h"
#include "cli/terminal_progress.h"

namespace sca::cli {

void AddOverrides(CLI::App& command, RecipeFlags& flags) {
  command
      .add_option(
          "--set", flags.overrides,
          "Overrides a recipe key, for example --set train.epochs=2. `sca run --keys` lists "
          "them all")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(true);
}

Result<Recipe> ReadRecipe(const RecipeFlags& flags) {
  return ParseRecipe(SCA_TRY(ReadFile(flags.file)), flags.file, flags.overrides);
}

std::unique_ptr<Progress> MakeProgress(bool quiet) {
  if (quiet) return std::make_unique<SilentProgress>();
  return std::make_unique<TerminalProgress>();
}

void PrintJson(const Json& json) { fmt::print("{}\n", DumpJson(json, 2)); }

}  // namespace sca::cli
