// Draws a token from logits, reproducibly, and says how likely the model itself found it.

#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/random.h"
#include "llm/model.h"

namespace sca::llm {

struct SampledToken {
  int token = 0;
  float logprob = 0;  // Natural log, of the softmax without temperature or top_p.
};

// The stream of one completion. Equal seeds and equal logits give equal tokens.
class Sampler {
 public:
  explicit Sampler(const SamplingOptions& options)
      : temperature_(options.temperature), top_p_(options.top_p), random_(options.seed) {}

  // `logits`: [vocab]. NaN counts as impossible; where the largest is not finite, logprob is NaN.
  SampledToken Draw(std::span<const float> logits);

 private:
  int DrawFromAll(std::span<const float> logits, float logit_max);
  int DrawFromNucleus(std::span<const float> logits, float logit_max);

  double temperature_;
  double top_p_;
  RandomStream random_;
  std::vector<std::pair<float, int>> candidates_;  // Kept to save allocations.
  std::vector<float> block_sums_;
};

float LargestLogit(std::span<const float> logits);

// log(sum(exp(logits))), with `logit_max` the largest of them.
double LogSumExp(std::span<const float> logits, float logit_max);

}  // namespace sca::llm
