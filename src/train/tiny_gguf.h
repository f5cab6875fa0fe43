// A random decoder small enough to calculate by hand, and its GGUF file; for tests.

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "train/model_file.h"

namespace sca::train {

struct TinyModel {
  ModelShape shape;
  std::map<std::string, std::vector<float>> tensors;  // Row-major, by GGUF name.
};

// Two layers, 4 query and 2 key heads; "qwen2" has biases and a tied head, "llama" neither.
TinyModel MakeTinyModel(const std::string& architecture, std::uint64_t seed);

void WriteTinyGguf(const TinyModel& model, const std::filesystem::path& path);

// A file name of its own under the temporary folder for each test process and `name`.
std::filesystem::path ScratchFile(const std::string& name);

}  // namespace sca::train
