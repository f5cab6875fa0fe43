// The models that can be fetched by name: models/catalog.toml, and the folder where they lie.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "base/result.h"

namespace sca::llm {

struct CatalogModel {
  std::string name;
  std::string description;
  std::string licence;
  std::uint64_t bytes = 0;
  std::string sha256;                 // Of the GGUF file.
  std::vector<std::string> packages;  // "name==version", whose parts in this order are the file.
  std::string member;                 // Ending of the part's name within a package.
  std::string publisher;              // Where the same file comes from first.
};

// Reads models/catalog.toml of the project.
Result<std::vector<CatalogModel>> ReadCatalog();

// $SCA_MODELS_DIR, else models/ of the project.
std::filesystem::path ModelsFolder();

// The BF16 file that runs use.
std::filesystem::path ModelFile(const CatalogModel& model);

// The file for a recipe's model.path: a GGUF file, or a pulled model by name.
Result<std::filesystem::path> FindModel(std::string_view name_or_path);

// Fetches the packages, joins their parts, checks size and sum, converts once to BF16. What is
// there already is not fetched again; an interrupted pull leaves no file under the final name.
Status Pull(const CatalogModel& model, Progress& progress);

}  // namespace sca::llm
