#include "train/blas.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <oneapi/dnnl/dnnl.h>

namespace sca::train {
namespace {

// Looked up at run time, because the administrator chooses which BLAS stands behind libblas.so.3.
std::string OpenBlas() {
  void* const config = dlsym(RTLD_DEFAULT, "openblas_get_config");
  if (config == nullptr) return "a BLAS that is not OpenBLAS (slow? install libopenblas0-pthread)";
  return reinterpret_cast<const char* (*)()>(config)();
}

std::string OneDnnLevel() {
  switch (dnnl_get_effective_cpu_isa()) {
    case dnnl_cpu_isa_sse41:
      return "sse41";
    case dnnl_cpu_isa_avx:
      return "avx";
    case dnnl_cpu_isa_avx2:
      return "avx2";
    case dnnl_cpu_isa_avx512_core:
      return "avx512_core";
    case dnnl_cpu_isa_avx512_core_vnni:
      return "avx512_core_vnni";
    case dnnl_cpu_isa_avx512_core_bf16:
      return "avx512_core_bf16";
    case dnnl_cpu_isa_avx512_core_amx:
      return "avx512_core_amx";
    default:
      return "another instruction set";
  }
}

}  // namespace

std::string BlasDescription() {
  const dnnl_version_t* version = dnnl_version();
  return fmt::format("{}; oneDNN {}.{}.{} ({})", OpenBlas(), version->major, version->minor,
                     version->patch, OneDnnLevel());
}

bool HasFastBf16() {
  const dnnl_cpu_isa_t level = dnnl_get_effective_cpu_isa();
  return level == dnnl_cpu_isa_avx512_core_bf16 || level == dnnl_cpu_isa_avx512_core_amx;
}

}  // namespace sca::train
