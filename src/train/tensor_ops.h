// The decoder's building blocks on tensors, forward and backward, each a pure function.
//
// Activations are float32. A "matrix input" has the precision of the frozen weights (float32 or
// bfloat16); products of matrix inputs are summed and given in float32.

#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "train/pack.h"

namespace at {
class Tensor;
}

namespace sca::train {

// a [.., m, k] times b [.., k, n], two or three dimensions, any strides, one dtype -> float32.
at::Tensor Product(const at::Tensor& a, const at::Tensor& b);

// x in float32 times a frozen matrix, as if x were not rounded: where the matrix is bfloat16, x
// goes in as the sum of two bfloat16 parts, for twice the work. For scores that are compared with
// others.
at::Tensor ProductWithFrozen(const at::Tensor& x, const at::Tensor& frozen);

// x [rows, width] -> normalised and weighted; and 1 / root mean square, [rows, 1].
std::pair<at::Tensor, at::Tensor> RmsNorm(const at::Tensor& x, const at::Tensor& weight,
                                          double epsilon);
at::Tensor RmsNormBackward(const at::Tensor& gradient, const at::Tensor& x,
                           const at::Tensor& inverse, const at::Tensor& weight);

// Cosine and sine of each position times each frequency, [rows, 1, frequencies] float32.
std::pair<at::Tensor, at::Tensor> RotaryAngles(std::span<const int> positions,
                                               std::span<const float> frequencies);

// Turns pairs of x [rows, heads, width] by angles, given as cosine and sine [rows, 1, width / 2].
at::Tensor Rotate(const at::Tensor& x, const at::Tensor& cosine, const at::Tensor& sine,
                  bool by_halves);

// silu(gate) * up; and its gradients for gate and up.
at::Tensor SwiGlu(const at::Tensor& gate, const at::Tensor& up);
std::pair<at::Tensor, at::Tensor> SwiGluBackward(const at::Tensor& gradient, const at::Tensor& gate,
                                                 const at::Tensor& up);

// Attention within the tree: query [rows, heads, width], key and value [rows, key_value_heads,
// width], all float32 and already turned. Gives [rows, heads * width].
at::Tensor Attention(const Pack& pack, const at::Tensor& query, const at::Tensor& key,
                     const at::Tensor& value);
// Writes the gradients to the last three, which have the shapes of query, key and value.
void AttentionBackward(const Pack& pack, const at::Tensor& gradient, const at::Tensor& query,
                       const at::Tensor& key, const at::Tensor& value, at::Tensor& query_gradient,
                       at::Tensor& key_gradient, at::Tensor& value_gradient);

// Zero with probability `rate`, else 1 / (1 - rate); float32 [rows, columns], a function of `seed`.
at::Tensor DropoutMask(int rows, int columns, double rate, std::uint64_t seed);

}  // namespace sca::train
