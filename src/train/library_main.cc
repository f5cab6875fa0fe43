#include "train/library.h"

namespace sca::train {

extern "C" const TrainLibrary* sca_train_library() {
  static const TrainLibrary library = {.create = &Trainer::Create,
                                       .adapter_options = &Trainer::AdapterOptions,
                                       .blas_description = &BlasDescription,
                                       .has_fast_bf16 = &HasFastBf16};
  return &library;
}

}  // namespace sca::train
