#include "cli/recipe_flags.h"

#include <fmt/format.h>

#include "base/files.h"
#include "cli/output.h"

namespace sca::cli {
namespace {

bool IsNumber(const RecipeField& field) {
  return std::holds_alternative<int*>(field.target) ||
         std::holds_alternative<double*>(field.target);
}

}  // namespace

void AddOverrides(CLI::App& command, RecipeFlags& flags) {
  command
      .add_option("--set", flags.overrides,
                  "Overrides recipe keys, for example --set train.epochs=2 seed=3; may be "
                  "repeated. `sca run --keys` lists all keys with their defaults")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

Result<Recipe> ReadRecipe(const RecipeFlags& flags) {
  return ParseRecipe(SCA_TRY(ReadFile(flags.file)), flags.file, flags.overrides);
}

Exit PrintRecipeError(const Error& error) {
  return PrintError(error, error.code == ErrorCode::kInvalidArgument ? Exit::kUsage : Exit::kError);
}

void PrintRecipeKeys(bool json) {
  Recipe recipe;
  const Json defaults = recipe.ToJson();
  Json all = Json::array();
  for (const RecipeField& field : RecipeFields(recipe)) {
    Json row = {{"key", field.key}, {"default", defaults[field.key]}, {"meaning", field.meaning}};
    if (IsNumber(field)) {
      row["minimum"] = field.minimum;
      row["maximum"] = field.maximum;
    }
    if (!json) {
      const std::string bounds =
          IsNumber(field) ? fmt::format(" [{:g} to {:g}]", field.minimum, field.maximum) : "";
      fmt::print("{:<28} = {:<30} {}{}\n", field.key, DumpJson(defaults[field.key]), field.meaning,
                 bounds);
    }
    all.push_back(std::move(row));
  }
  if (json) PrintJson(all);
}

}  // namespace sca::cli
