// The trainer as a library of its own, libsca-train.so, which stands beside the program and is
// opened when a trainer is first needed. Loading libtorch takes most of a second, and most commands
// need none. Internal to this module: others call trainer.h and blas.h, which loaded.cc forwards.

#pragma once

#include "train/blas.h"
#include "train/trainer.h"

namespace sca::train {

struct TrainLibrary {
  decltype(&Trainer::Create) create = nullptr;
  decltype(&Trainer::AdapterOptions) adapter_options = nullptr;
  decltype(&BlasDescription) blas_description = nullptr;
  decltype(&HasFastBf16) has_fast_bf16 = nullptr;
};

// What the library exports, by this name.
constexpr const char* kTrainLibraryEntry = "sca_train_library";
extern "C" const TrainLibrary* sca_train_library();

}  // namespace sca::train
