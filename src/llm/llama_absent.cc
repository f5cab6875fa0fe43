// The answer of a build without llama.cpp (SCA_WITH_LLAMA=OFF).

#include "llm/llama_model.h"

namespace sca::llm {
namespace {

Error NotBuiltIn() {
  return {ErrorCode::kUnavailable,
          "This build has no llama.cpp, so it cannot run a model itself. Build with "
          "-DSCA_WITH_LLAMA=ON (the preset release)."};
}

}  // namespace

class LlamaModel::Parts {};

LlamaModel::LlamaModel(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LlamaModel::~LlamaModel() = default;

Result<std::unique_ptr<LlamaModel>> LlamaModel::Load(const std::filesystem::path&,
                                                     const LlamaOptions&) {
  return NotBuiltIn();
}

// No object exists in such a build, so nothing below is ever reached.
Result<std::vector<std::unique_ptr<Session>>> LlamaModel::OpenWave(std::size_t) {
  return NotBuiltIn();
}
Status LlamaModel::SetAdapter(const std::optional<std::filesystem::path>&) { return NotBuiltIn(); }
ModelStatistics LlamaModel::statistics() const { return {}; }
Result<std::vector<int>> LlamaModel::PromptTokens(const std::vector<Message>&) const {
  return NotBuiltIn();
}
Result<std::vector<int>> LlamaModel::Tokenize(std::string_view) const { return NotBuiltIn(); }
Result<std::vector<float>> LlamaModel::ScoreTokens(std::span<const int>) { return NotBuiltIn(); }
Result<BenchFigure> LlamaModel::BatchedBench(int) { return NotBuiltIn(); }
const std::filesystem::path& LlamaModel::path() const {
  static const std::filesystem::path kNone;
  return kNone;
}

Status ConvertToBf16(const std::filesystem::path&, const std::filesystem::path&) {
  return NotBuiltIn();
}

}  // namespace sca::llm
