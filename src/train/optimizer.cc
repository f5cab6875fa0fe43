#include "train/optimizer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "base/random.h"

namespace sca::train {
namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr float kEpsilon = 1e-8F;

}  // namespace

void AdamW::Step(std::span<float> parameters, std::span<const float> gradient, double learning_rate,
                 double weight_decay) {
  SCA_CHECK(parameters.size() == mean_.size() && gradient.size() == mean_.size());
  ++step_;
  const auto rate = static_cast<float>(learning_rate / (1 - std::pow(kBeta1, step_)));
  const auto square_scale = static_cast<float>(1 / (1 - std::pow(kBeta2, step_)));
  const auto keep = static_cast<float>(1 - learning_rate * weight_decay);
  const auto beta1 = static_cast<float>(kBeta1);
  const auto beta2 = static_cast<float>(kBeta2);
  for (std::size_t i = 0; i < mean_.size(); ++i) {
    mean_[i] = beta1 * mean_[i] + (1 - beta1) * gradient[i];
    square_[i] = beta2 * square_[i] + (1 - beta2) * gradient[i] * gradient[i];
    const float step = mean_[i] / (std::sqrt(square_[i] * square_scale) + kEpsilon);
    parameters[i] = keep * parameters[i] - rate * step;
  }
}

double Norm(std::span<const float> vector) {
  double sum = 0;
  for (const float element : vector) sum += static_cast<double>(element) * element;
  return std::sqrt(sum);
}

double LearningRate(double peak, double warmup_ratio, int step, int steps) {
  const double warmup = std::floor(warmup_ratio * steps);
  return step < warmup ? peak * step / warmup : peak;
}

std::vector<std::size_t> EpochOrder(std::size_t count, std::uint64_t seed, int epoch) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomStream(DeriveSeed(seed, "epoch", static_cast<std::uint64_t>(epoch))).Shuffle(order);
  return order;
}

}  // namespace sca::train
