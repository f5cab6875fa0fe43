// Reads the weights and the shape of a decoder from a GGUF file.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace sca::train {

struct ModelShape {
  std::string architecture;  // "llama" or "qwen2".
  int layers = 0;
  int width = 0;  // Of the residual stream.
  int feed_forward = 0;
  int heads = 0;
  int key_value_heads = 0;
  int head_width = 0;
  int vocabulary = 0;
  int context_max = 0;
  float norm_epsilon = 0;
  float rope_base = 10000;
  bool rope_by_halves = false;  // Element i turns with i + half ("neox"), else 2i with 2i + 1.
};

class ModelFile {
 public:
  virtual ~ModelFile() = default;

  // kNotFound, kDataLoss (not a GGUF, or shorter than it says), kInvalidArgument (an architecture
  // or a tensor that the decoder does not know, or shapes that contradict each other).
  static Result<std::unique_ptr<ModelFile>> Open(const std::filesystem::path& path);

  virtual const ModelShape& shape() const = 0;
  virtual bool HasTensor(const std::string& name) const = 0;

  // Row-major [rows, columns]; a vector has one row. Quantised tensors are expanded.
  virtual Status ReadFloats(const std::string& name, float* destination) const = 0;
  // The same rounded to bfloat16, as the upper half of a float.
  virtual Status ReadBfloat16(const std::string& name, std::uint16_t* destination) const = 0;
};

// Each target_modules name with the name of its tensor, `blk.N.attn_q.weight`, and its shape.
struct Projection {
  std::string module;  // "q_proj"
  std::string tensor;  // "attn_q"
  int inputs = 0;
  int outputs = 0;
};

// The seven projections of one layer, in the order of a forward pass.
std::vector<Projection> ProjectionsOf(const ModelShape& shape);

}  // namespace sca::train
