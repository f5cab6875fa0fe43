// Stands in for the trainer in a build without libtorch.
#include "train/trainer.h"

namespace sca::train {
namespace {

Error NotBuiltIn() {
  return {ErrorCode::kUnavailable,
          "The trainer is not built in. Build with SCA_WITH_TORCH=ON (and SCA_WITH_LLAMA=ON, "
          "which reads the model file)."};
}

}  // namespace

Status Trainer::Available() { return NotBuiltIn(); }

Result<std::unique_ptr<Trainer>> Trainer::Create(const std::filesystem::path&, const LoraOptions&,
                                                 std::uint64_t, const TrainerOptions&) {
  return NotBuiltIn();
}

Result<LoraOptions> Trainer::AdapterOptions(const std::filesystem::path&) { return NotBuiltIn(); }

}  // namespace sca::train
