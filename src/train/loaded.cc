// Stands in for blas.cc and trainer.cc in programs: forwards to libsca-train.so.

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "train/library.h"

namespace sca::train {
namespace {

Result<const TrainLibrary*> Open() {
  const std::filesystem::path file = BesideProgram("libsca-train.so", "SCA_TRAIN_LIBRARY");
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  const auto entry = reinterpret_cast<decltype(&sca_train_library)>(
      library == nullptr ? nullptr : ::dlsym(library, kTrainLibraryEntry));
  if (entry != nullptr) return entry();
  return Error{ErrorCode::kUnavailable,
               fmt::format("The trainer cannot be loaded: {}. Build the whole project, or set "
                           "SCA_TRAIN_LIBRARY.",
                           ::dlerror())};
}

// Once; it stays until the end.
const Result<const TrainLibrary*>& Library() {
  static const Result<const TrainLibrary*> library = Open();
  return library;
}

}  // namespace

Status Trainer::Available() {
  SCA_TRY(Library());
  return {};
}

Result<std::unique_ptr<Trainer>> Trainer::Create(const std::filesystem::path& gguf,
                                                 const LoraOptions& lora, std::uint64_t seed,
                                                 const TrainerOptions& options) {
  return SCA_TRY(Library())->create(gguf, lora, seed, options);
}

Result<LoraOptions> Trainer::AdapterOptions(const std::filesystem::path& adapter) {
  return SCA_TRY(Library())->adapter_options(adapter);
}

std::string BlasDescription() {
  return Library().ok() ? Library().value()->blas_description() : Library().error().message;
}

bool HasFastBf16() { return Library().ok() && Library().value()->has_fast_bf16(); }

}  // namespace sca::train
