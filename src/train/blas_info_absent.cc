// Stands in for blas_info.cc in a build without libtorch.
#include "train/blas_info.h"

namespace sca::train {

std::string BlasDescription() { return "not built in (SCA_WITH_TORCH=OFF)"; }

bool HasFastBf16() { return false; }

}  // namespace sca::train
