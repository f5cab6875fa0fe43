#include "train/tensor_ops.h"

#include <ATen/ATen.h>

#include <cmath>
#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

#include "base/random.h"

namespace sca::train {
namespace {

using at::Tensor;
using at::indexing::Slice;

dnnl::memory::desc Describe(const Tensor& tensor) {
  const auto type = tensor.scalar_type() == at::kBFloat16 ? dnnl::memory::data_type::bf16
                                                          : dnnl::memory::data_type::f32;
  return {dnnl::memory::dims(tensor.sizes().begin(), tensor.sizes().end()), type,
          dnnl::memory::dims(tensor.strides().begin(), tensor.strides().end())};
}

// oneDNN, because torch's own bfloat16 product rounds its result to bfloat16.
Tensor ProductOnCpu(const Tensor& a, const Tensor& b) {
  thread_local dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  thread_local dnnl::stream stream(engine);
  std::vector<std::int64_t> sizes(a.sizes().begin(), a.sizes().end());
  sizes.back() = b.size(-1);
  Tensor result = at::empty(sizes, at::kFloat);
  const dnnl::memory::desc a_desc = Describe(a);
  const dnnl::memory::desc b_desc = Describe(b);
  const dnnl::memory::desc result_desc = Describe(result);
  const dnnl::matmul product({{a_desc, b_desc, result_desc}, engine});
  product.execute(stream, {{DNNL_ARG_SRC, {a_desc, engine, a.data_ptr()}},
                           {DNNL_ARG_WEIGHTS, {b_desc, engine, b.data_ptr()}},
                           {DNNL_ARG_DST, {result_desc, engine, result.data_ptr()}}});
  stream.wait();
  return result;
}

// Rows of a segment's ancestors from the root down, then its own: what its tokens may see.
std::vector<std::pair<int, int>> VisibleRanges(const Pack& pack, const Segment& segment) {
  std::vector<std::pair<int, int>> ranges;
  for (const Segment* at = &segment;; at = &pack.segments[static_cast<std::size_t>(at->parent)]) {
    ranges.insert(ranges.begin(), {at->first, at->length});
    if (at->parent < 0) break;
  }
  return ranges;
}

// [rows, heads, width] -> [heads, visible, width]
Tensor Gather(const Tensor& rows, const std::vector<std::pair<int, int>>& ranges) {
  std::vector<Tensor> parts;
  for (const auto& [first, length] : ranges) parts.push_back(rows.narrow(0, first, length));
  return at::cat(parts, 0).transpose(0, 1).contiguous();
}

void ScatterAdd(const Tensor& target, const Tensor& part,
                const std::vector<std::pair<int, int>>& ranges) {
  const Tensor by_row = part.transpose(0, 1);
  std::int64_t done = 0;
  for (const auto& [first, length] : ranges) {
    target.narrow(0, first, length).add_(by_row.narrow(0, done, length));
    done += length;
  }
}

// The query heads that share a key head become rows of one product:
// [length, heads, width] -> [key_heads, group * length, width]
Tensor GroupHeads(const Tensor& rows, std::int64_t key_heads) {
  const std::int64_t length = rows.size(0);
  const std::int64_t group = rows.size(1) / key_heads;
  return rows.reshape({length, key_heads, group, rows.size(2)})
      .permute({1, 2, 0, 3})
      .reshape({key_heads, group * length, rows.size(2)})
      .contiguous();
}

Tensor UngroupHeads(const Tensor& grouped, std::int64_t length) {
  const std::int64_t key_heads = grouped.size(0);
  const std::int64_t group = grouped.size(1) / length;
  return grouped.reshape({key_heads, group, length, grouped.size(2)})
      .permute({2, 0, 1, 3})
      .reshape({length, key_heads * group, grouped.size(2)});
}

// query [key_heads, group * length, width], key [key_heads, visible, width] -> probabilities
// [key_heads, group * length, visible]; the last `length` visible tokens are the segment's own.
Tensor Probabilities(const Tensor& query, const Tensor& key, std::int64_t length) {
  const double scale = 1 / std::sqrt(static_cast<double>(query.size(2)));
  Tensor scores = Product(query, key.transpose(1, 2)).mul_(scale);
  const std::int64_t visible = key.size(1);
  const Tensor future = at::full({length, length}, -INFINITY, scores.options()).triu_(1);
  scores.view({scores.size(0), -1, length, visible})
      .narrow(3, visible - length, length)
      .add_(future);
  return at::_softmax(scores, -1, false);
}

}  // namespace

Tensor Product(const Tensor& a, const Tensor& b) {
  if (a.device().is_cpu()) return ProductOnCpu(a, b);
  return at::matmul(a, b).to(at::kFloat);
}

Tensor ProductWithFrozen(const Tensor& x, const Tensor& frozen) {
  const Tensor high = x.to(frozen.scalar_type());
  Tensor product = Product(high, frozen);
  if (frozen.scalar_type() == at::kFloat) return product;
  return product.add_(Product((x - high).to(frozen.scalar_type()), frozen));
}

std::pair<Tensor, Tensor> RmsNorm(const Tensor& x, const Tensor& weight, double epsilon) {
  Tensor inverse = (x * x).mean(-1, true).add_(epsilon).rsqrt_();
  return {(x * inverse).mul_(weight), inverse};
}

Tensor RmsNormBackward(const Tensor& gradient, const Tensor& x, const Tensor& inverse,
                       const Tensor& weight) {
  const Tensor weighted = gradient * weight;
  const Tensor projection = (weighted * x).mean(-1, true).mul_(inverse).mul_(inverse);
  return weighted.sub(x * projection).mul_(inverse);
}

std::pair<Tensor, Tensor> RotaryAngles(std::span<const int> positions,
                                       std::span<const float> frequencies) {
  const std::size_t width = frequencies.size();
  Tensor cosine =
      at::empty({static_cast<std::int64_t>(positions.size()), 1, static_cast<std::int64_t>(width)},
                at::kFloat);
  Tensor sine = at::empty_like(cosine);
  for (std::size_t row = 0; row < positions.size(); ++row) {
    for (std::size_t i = 0; i < width; ++i) {
      const double angle = positions[row] * static_cast<double>(frequencies[i]);
      cosine.data_ptr<float>()[row * width + i] = static_cast<float>(std::cos(angle));
      sine.data_ptr<float>()[row * width + i] = static_cast<float>(std::sin(angle));
    }
  }
  return {cosine, sine};
}

Tensor Rotate(const Tensor& x, const Tensor& cosine, const Tensor& sine, bool by_halves) {
  Tensor result = at::empty_like(x);
  const std::int64_t half = x.size(2) / 2;
  const auto first_half = by_halves ? Slice(0, half) : Slice(0, at::indexing::None, 2);
  const auto second_half =
      by_halves ? Slice(half, at::indexing::None) : Slice(1, at::indexing::None, 2);
  const Tensor first = x.index({Slice(), Slice(), first_half});
  const Tensor second = x.index({Slice(), Slice(), second_half});
  result.index_put_({Slice(), Slice(), first_half}, first * cosine - second * sine);
  result.index_put_({Slice(), Slice(), second_half}, first * sine + second * cosine);
  return result;
}

Tensor SwiGlu(const Tensor& gate, const Tensor& up) { return at::silu(gate).mul_(up); }

std::pair<Tensor, Tensor> SwiGluBackward(const Tensor& gradient, const Tensor& gate,
                                         const Tensor& up) {
  Tensor up_gradient = at::silu(gate).mul_(gradient);
  Tensor gate_gradient = at::silu_backward(gradient * up, gate);
  return {std::move(gate_gradient), std::move(up_gradient)};
}

Tensor Attention(const Pack& pack, const Tensor& query, const Tensor& key, const Tensor& value) {
  Tensor result = at::empty_like(query);
  for (const Segment& segment : pack.segments) {
    const auto ranges = VisibleRanges(pack, segment);
    const Tensor own = GroupHeads(query.narrow(0, segment.first, segment.length), key.size(1));
    const Tensor probabilities = Probabilities(own, Gather(key, ranges), segment.length);
    const Tensor mixed = Product(probabilities, Gather(value, ranges));
    result.narrow(0, segment.first, segment.length).copy_(UngroupHeads(mixed, segment.length));
  }
  return result.view({query.size(0), -1});
}

void AttentionBackward(const Pack& pack, const Tensor& gradient, const Tensor& query,
                       const Tensor& key, const Tensor& value, Tensor& query_gradient,
                       Tensor& key_gradient, Tensor& value_gradient) {
  const double scale = 1 / std::sqrt(static_cast<double>(query.size(2)));
  query_gradient = at::empty_like(query);
  key_gradient = at::zeros_like(key);
  value_gradient = at::zeros_like(value);
  const Tensor by_head = gradient.view(query.sizes());
  for (const Segment& segment : pack.segments) {
    const auto ranges = VisibleRanges(pack, segment);
    const Tensor own = GroupHeads(query.narrow(0, segment.first, segment.length), key.size(1));
    const Tensor keys = Gather(key, ranges);
    const Tensor mixed_gradient =
        GroupHeads(by_head.narrow(0, segment.first, segment.length), key.size(1));
    const Tensor probabilities = Probabilities(own, keys, segment.length);
    ScatterAdd(value_gradient, Product(probabilities.transpose(1, 2), mixed_gradient), ranges);
    const Tensor probability_gradient =
        Product(mixed_gradient, Gather(value, ranges).transpose(1, 2));
    const Tensor score_gradient =
        at::_softmax_backward_data(probability_gradient, probabilities, -1, at::kFloat).mul_(scale);
    ScatterAdd(key_gradient, Product(score_gradient.transpose(1, 2), own), ranges);
    query_gradient.narrow(0, segment.first, segment.length)
        .copy_(UngroupHeads(Product(score_gradient, keys), segment.length));
  }
}

Tensor DropoutMask(int rows, int columns, double rate, std::uint64_t seed) {
  Tensor mask = at::empty({rows, columns}, at::kFloat);
  RandomStream stream(seed);
  const auto kept = static_cast<float>(1 / (1 - rate));
  float* elements = mask.data_ptr<float>();
  for (std::int64_t i = 0; i < mask.numel(); ++i) elements[i] = stream.Uniform() < rate ? 0 : kept;
  return mask;
}

}  // namespace sca::train
