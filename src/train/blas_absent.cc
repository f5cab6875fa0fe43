// Stands in for blas.cc in a build without libtorch.
#include "train/blas.h"

namespace sca::train {

std::string BlasDescription() { return "not built in (SCA_WITH_TORCH=OFF)"; }

bool HasFastBf16() { return false; }

}  // namespace sca::train
