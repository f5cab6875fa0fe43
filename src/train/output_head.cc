#include "train/output_head.h"

#include <ATen/ATen.h>

#include <vector>

#include "train/tensor_ops.h"

namespace sca::train {
namespace {

using at::Tensor;

constexpr std::size_t kRowsMax = 128;  // 78 MB of logits for 151,936 tokens.

}  // namespace

// Targets [from, to) and the rows that they are predicted from.
struct OutputHead::Chunk {
  std::size_t to = 0;
  Tensor rows;                     // [count], of x.
  Tensor places;                   // [to - from], of each target in log_p, flat.
  std::vector<float> weights;      // Of each target.
  std::vector<float> row_weights;  // Of each row: summed over its targets.
};

OutputHead::Chunk OutputHead::NextChunk(const Pack& pack, std::size_t from, const Tensor& x) const {
  Chunk chunk;
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> places;
  for (chunk.to = from; chunk.to < pack.targets.size(); ++chunk.to) {
    const Target& target = pack.targets[chunk.to];
    if (rows.empty() || rows.back() != target.row) {
      if (rows.size() == kRowsMax) break;
      rows.push_back(target.row);
      chunk.row_weights.push_back(0);
    }
    places.push_back(static_cast<std::int64_t>(rows.size() - 1) * weight_.size(0) + target.token);
    chunk.weights.push_back(target.weight);
    chunk.row_weights.back() += target.weight;
  }
  chunk.rows = at::tensor(rows).to(x.device());
  chunk.places = at::tensor(places).to(x.device());
  return chunk;
}

double OutputHead::Run(const Pack& pack, const Tensor& x, double scale,
                       std::span<float> log_probabilities, Tensor* x_gradient) const {
  double loss = 0;
  if (x_gradient != nullptr) *x_gradient = at::zeros_like(x);
  for (std::size_t from = 0; from < pack.targets.size();) {
    const Chunk chunk = NextChunk(pack, from, x);
    const Tensor picked = x.index_select(0, chunk.rows);
    const auto [normed, inverse] = RmsNorm(picked, norm_, epsilon_);
    const Tensor logits = x_gradient == nullptr
                              ? ProductWithFrozen(normed, weight_.t())
                              : Product(normed.to(weight_.scalar_type()), weight_.t());
    Tensor log_p = at::_log_softmax(logits, -1, false);
    const Tensor target_log_p = log_p.view(-1).index_select(0, chunk.places).cpu();
    for (std::size_t index = from; index < chunk.to; ++index) {
      log_probabilities[index] = target_log_p.data_ptr<float>()[index - from];
      loss -= static_cast<double>(pack.targets[index].weight) *
              static_cast<double>(log_probabilities[index]);
    }
    if (x_gradient != nullptr) {  // Of a logit: row weight * p, minus the weight at each target.
      const Tensor row_weights = at::tensor(chunk.row_weights).to(x.device()).unsqueeze(1);
      Tensor logit_gradient = log_p.exp_().mul_(row_weights.mul_(scale));
      logit_gradient.view(-1).index_add_(0, chunk.places, at::tensor(chunk.weights).to(x.device()),
                                         -scale);
      const Tensor normed_gradient = Product(logit_gradient.to(weight_.scalar_type()), weight_);
      x_gradient->index_copy_(0, chunk.rows,
                              RmsNormBackward(normed_gradient, picked, inverse, norm_));
    }
    from = chunk.to;
  }
  return loss;
}

}  // namespace sca::train
