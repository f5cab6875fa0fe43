# libtorch for tensors, oneDNN (which libtorch runs on) for bfloat16 products with float32 sums, and
# OpenBLAS so that no slow reference BLAS stands behind libblas.so.3. Another libtorch by Torch_DIR.
if(NOT SCA_WITH_LLAMA)
  message(FATAL_ERROR "SCA_WITH_TORCH needs SCA_WITH_LLAMA: ggml reads the model files.")
endif()
find_package(Torch REQUIRED)
find_library(DNNL_LIBRARY dnnl REQUIRED)
find_library(OPENBLAS_LIBRARY openblas REQUIRED)
set(SCA_TORCH_LIBRARIES torch ${DNNL_LIBRARY} ${OPENBLAS_LIBRARY} ggml)
