// Owners of the C objects that a GGUF file is read and written through.

#pragma once

#include <ggml.h>
#include <gguf.h>

#include <memory>

namespace sca::train {

struct GgufDeleter {
  void operator()(gguf_context* context) const { gguf_free(context); }
};
struct GgmlDeleter {
  void operator()(ggml_context* context) const { ggml_free(context); }
};
using Gguf = std::unique_ptr<gguf_context, GgufDeleter>;
using Ggml = std::unique_ptr<ggml_context, GgmlDeleter>;

}  // namespace sca::train
