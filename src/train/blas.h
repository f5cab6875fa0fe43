// Names the matrix libraries that the trainer runs on, for `sca doctor`.

#pragma once

#include <string>

namespace sca::train {

// For example "OpenBLAS 0.3.21 ... SkylakeX; oneDNN 2.6.3 (avx512_core_bf16)". Says so where the
// slow reference BLAS was loaded, or why there is no trainer.
std::string BlasDescription();

// The processor multiplies bf16 matrices by instruction (avx512_bf16 or AMX).
bool HasFastBf16();

}  // namespace sca::train
