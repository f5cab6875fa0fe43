// AdamW (Loshchilov, Hutter 2019) over one flat array of parameters, and the learning rate's
// course.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sca::train {

class AdamW {
 public:
  explicit AdamW(std::size_t parameters) : mean_(parameters), square_(parameters) {}

  // All three spans have as many elements as the constructor was told.
  void Step(std::span<float> parameters, std::span<const float> gradient, double learning_rate,
            double weight_decay);

 private:
  std::vector<float> mean_;
  std::vector<float> square_;
  int step_ = 0;
};

double Norm(std::span<const float> vector);  // Euclidean, summed in double in a fixed order.

// Of step 1 to `steps`: rises linearly over warmup_ratio * steps, then stays.
double LearningRate(double peak, double warmup_ratio, int step, int steps);

// The order in which `count` sequences are drawn in one epoch.
std::vector<std::size_t> EpochOrder(std::size_t count, std::uint64_t seed, int epoch);

}  // namespace sca::train
