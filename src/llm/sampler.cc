#include "llm/sampler.h"

#include <algorithm>
#include <bit>
#include <cmath>

// A step of 64 sequences asks for ten million exponentials, so these loops are compiled once more
// for processors with wider vectors, chosen when the program starts.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SCA_WIDE_VECTORS \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SCA_WIDE_VECTORS
#endif

namespace sca::llm {
namespace {

constexpr std::size_t kLanes = 32;
constexpr std::size_t kBlock = 2048;  // Sums of blocks are added in double.

// exp(x) for x <= 0, relative error below 1e-6: 2^x = 2^whole * 2^fraction.
inline float FastExp(float x) {
  const float scaled = std::max(-87.0F, x) * 1.44269504F;    // In this order NaN gives -87.
  const auto whole = static_cast<std::int32_t>(scaled) - 1;  // At most scaled, as scaled <= 0.
  const float f = scaled - static_cast<float>(whole);        // In [0, 2).
  // 2^f = (2^(f/2))^2, with f/2 in [0, 1).
  const float h = f * 0.5F;
  const float root =
      1.0F + h * (0.693147182F +
                  h * (0.240226462F +
                       h * (0.0555032687F +
                            h * (0.00961883367F + h * (0.00133977100F + h * 1.5353362e-4F)))));
  return root * root * std::bit_cast<float>((whole + 127) << 23);
}

// Sum over [0, count) of exp((logits - logit_max) * scale).
SCA_WIDE_VECTORS
float SumOfExponentials(const float* logits, std::size_t count, float logit_max, float scale) {
  float lanes[kLanes] = {};
  std::size_t index = 0;
  for (; index + kLanes <= count; index += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes[lane] += FastExp((logits[index + lane] - logit_max) * scale);
    }
  }
  for (; index < count; ++index) lanes[0] += FastExp((logits[index] - logit_max) * scale);
  float sum = 0;
  for (const float lane : lanes) sum += lane;
  return sum;
}

SCA_WIDE_VECTORS
float Largest(const float* logits, std::size_t count) {
  float lanes[kLanes];
  for (float& lane : lanes) lane = -INFINITY;
  std::size_t index = 0;
  for (; index + kLanes <= count; index += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float logit = logits[index + lane];
      lanes[lane] = logit > lanes[lane] ? logit : lanes[lane];
    }
  }
  for (; index < count; ++index) lanes[0] = logits[index] > lanes[0] ? logits[index] : lanes[0];
  return *std::max_element(std::begin(lanes), std::end(lanes));
}

}  // namespace

float LargestLogit(std::span<const float> logits) { return Largest(logits.data(), logits.size()); }

double LogSumExp(std::span<const float> logits, float logit_max) {
  double total = 0;
  for (std::size_t start = 0; start < logits.size(); start += kBlock) {
    const std::size_t count = std::min(kBlock, logits.size() - start);
    total += SumOfExponentials(logits.data() + start, count, logit_max, 1.0F);
  }
  return logit_max + std::log(total);
}

SampledToken Sampler::Draw(std::span<const float> logits) {
  const float logit_max = LargestLogit(logits);
  if (!std::isfinite(logit_max)) return {.token = 0, .logprob = NAN};
  SampledToken drawn;
  if (temperature_ <= 0) {
    const auto likeliest = std::find(logits.begin(), logits.end(), logit_max);
    drawn.token = static_cast<int>(likeliest - logits.begin());
  } else if (top_p_ >= 1) {
    drawn.token = DrawFromAll(logits, logit_max);
  } else {
    drawn.token = DrawFromNucleus(logits, logit_max);
  }
  const double logprob =
      logits[static_cast<std::size_t>(drawn.token)] - LogSumExp(logits, logit_max);
  drawn.logprob = static_cast<float>(std::min(logprob, 0.0));
  return drawn;
}

// Inverts the cumulative distribution: first to the block, then within it.
int Sampler::DrawFromAll(std::span<const float> logits, float logit_max) {
  const auto scale = static_cast<float>(1.0 / temperature_);
  block_sums_.clear();
  double total = 0;
  for (std::size_t start = 0; start < logits.size(); start += kBlock) {
    const std::size_t count = std::min(kBlock, logits.size() - start);
    block_sums_.push_back(SumOfExponentials(logits.data() + start, count, logit_max, scale));
    total += block_sums_.back();
  }
  double remaining = random_.Uniform() * total;
  std::size_t block = 0;
  while (block + 1 < block_sums_.size() && remaining >= block_sums_[block]) {
    remaining -= block_sums_[block++];
  }
  const std::size_t end = std::min(logits.size(), (block + 1) * kBlock);
  std::size_t likely = block * kBlock;
  for (std::size_t token = block * kBlock; token < end; ++token) {
    const float weight = FastExp((logits[token] - logit_max) * scale);
    if (weight > 0) likely = token;
    remaining -= weight;
    if (remaining < 0) break;
  }
  return static_cast<int>(likely);
}

int Sampler::DrawFromNucleus(std::span<const float> logits, float logit_max) {
  // What lies further below the largest weighs less than 1e-4 of it, all together less than a
  // nucleus can notice.
  const float floor = logit_max - 16.0F * static_cast<float>(temperature_);
  const auto scale = static_cast<float>(1.0 / temperature_);
  candidates_.clear();
  double total = 0;
  for (std::size_t token = 0; token < logits.size(); ++token) {
    if (!(logits[token] > floor)) continue;
    const float weight = FastExp((logits[token] - logit_max) * scale);
    candidates_.emplace_back(weight, static_cast<int>(token));
    total += weight;
  }
  const auto heavier = [](const auto& left, const auto& right) {
    return left.first != right.first ? left.first > right.first : left.second < right.second;
  };
  // Heaviest first, sorted piece by piece until the nucleus is full.
  double nucleus = 0;
  std::size_t count = 0;
  while (count < candidates_.size() && nucleus < top_p_ * total) {
    const std::size_t piece = std::min(candidates_.size(), std::max<std::size_t>(64, count * 4));
    std::partial_sort(candidates_.begin() + static_cast<std::ptrdiff_t>(count),
                      candidates_.begin() + static_cast<std::ptrdiff_t>(piece), candidates_.end(),
                      heavier);
    while (count < piece && nucleus < top_p_ * total) nucleus += candidates_[count++].first;
  }
  double remaining = random_.Uniform() * nucleus;
  for (std::size_t index = 0; index < count; ++index) {
    remaining -= candidates_[index].first;
    if (remaining < 0) return candidates_[index].second;
  }
  return count == 0 ? 0 : candidates_[count - 1].second;
}

}  // namespace sca::llm
