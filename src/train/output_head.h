// The vocabulary head: log-probabilities of a pack's targets, and how they pull on the hidden
// state.

#pragma once

#include <span>

#include "train/pack.h"

namespace at {
class Tensor;
}

namespace sca::train {

// `norm` [width] float32 and `weight` [vocabulary, width], which sets the precision of products.
class OutputHead {
 public:
  OutputHead(const at::Tensor& norm, const at::Tensor& weight, double epsilon)
      : norm_(norm), weight_(weight), epsilon_(epsilon) {}

  // x [rows, width] float32. Writes log p of each target, in their order; gives
  // sum(weight * -log p). Where `x_gradient` is not null, it becomes the gradient of `scale` times
  // that sum for x; else x is not rounded (ProductWithFrozen). Makes logits of few rows at a time,
  // and only of rows with a target.
  double Run(const Pack& pack, const at::Tensor& x, double scale,
             std::span<float> log_probabilities, at::Tensor* x_gradient) const;

 private:
  struct Chunk;

  Chunk NextChunk(const Pack& pack, std::size_t from, const at::Tensor& x) const;

  // Borrowed: a head lives as long as one call of the decoder.
  const at::Tensor& norm_;
  const at::Tensor& weight_;
  double epsilon_;
};

}  // namespace sca::train
