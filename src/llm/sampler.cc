#include "llm/sampler.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sca::llm {
namespace {

// Logits that lie further below the largest are less likely than 1e-7 together with their like.
constexpr float kNegligible = 20.0F;

// exp(x) for x <= 0, relative error below 2e-7, in a form that compilers turn into vector code: a
// step of 64 sequences asks for ten million of these. 2^x = 2^whole * 2^fraction.
inline float FastExp(float x) {
  const float scaled = std::max(x, -87.0F) * 1.44269504F;
  const float whole = std::floor(scaled);
  const float f = scaled - whole;
  const float power =
      1.0F + f * (0.693147182F +
                  f * (0.240226462F +
                       f * (0.0555032687F +
                            f * (0.00961883367F + f * (0.00133977100F + f * 1.5353362e-4F)))));
  const auto exponent = static_cast<std::int32_t>(whole) + 127;
  return power * std::bit_cast<float>(exponent << 23);
}

float Largest(std::span<const float> logits) {
  float largest = -INFINITY;
  for (const float logit : logits) largest = logit > largest ? logit : largest;
  return largest;
}

}  // namespace

double LogSumExp(std::span<const float> logits, float logit_max) {
  constexpr std::size_t kBlock = 4096;  // Sums of blocks are added in double.
  double total = 0;
  for (std::size_t start = 0; start < logits.size(); start += kBlock) {
    const std::size_t end = std::min(logits.size(), start + kBlock);
    float sums[16] = {};
    std::size_t index = start;
    for (; index + 16 <= end; index += 16) {
      for (std::size_t lane = 0; lane < 16; ++lane) {
        sums[lane] += FastExp(logits[index + lane] - logit_max);
      }
    }
    for (; index < end; ++index) sums[0] += FastExp(logits[index] - logit_max);
    for (const float sum : sums) total += sum;
  }
  return logit_max + std::log(total);
}

SampledToken Sampler::Draw(std::span<const float> logits) {
  const float logit_max = Largest(logits);
  SampledToken drawn;
  if (temperature_ <= 0) {
    drawn.token = static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
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

int Sampler::DrawFromAll(std::span<const float> logits, float logit_max) {
  const float floor = logit_max - kNegligible * static_cast<float>(std::max(temperature_, 1.0));
  candidates_.clear();
  double total = 0;
  for (std::size_t token = 0; token < logits.size(); ++token) {
    if (!(logits[token] > floor)) continue;
    const double weight = std::exp((logits[token] - logit_max) / temperature_);
    candidates_.emplace_back(static_cast<float>(weight), static_cast<int>(token));
    total += static_cast<float>(weight);
  }
  double remaining = random_.Uniform() * total;
  for (const auto& [weight, token] : candidates_) {
    remaining -= weight;
    if (remaining < 0) return token;
  }
  return candidates_.empty() ? 0 : candidates_.back().second;
}

int Sampler::DrawFromNucleus(std::span<const float> logits, float logit_max) {
  const float floor = logit_max - kNegligible * static_cast<float>(std::max(temperature_, 1.0));
  candidates_.clear();
  double total = 0;
  for (std::size_t token = 0; token < logits.size(); ++token) {
    if (!(logits[token] > floor)) continue;
    const double weight = std::exp((logits[token] - logit_max) / temperature_);
    candidates_.emplace_back(static_cast<float>(weight), static_cast<int>(token));
    total += static_cast<float>(weight);
  }
  std::sort(candidates_.begin(), candidates_.end(), [](const auto& left, const auto& right) {
    return left.first != right.first ? left.first > right.first : left.second < right.second;
  });
  double nucleus = 0;
  std::size_t count = 0;
  while (count < candidates_.size() && nucleus < top_p_ * total)
    nucleus += candidates_[count++].first;
  double remaining = random_.Uniform() * nucleus;
  for (std::size_t index = 0; index < count; ++index) {
    remaining -= candidates_[index].first;
    if (remaining < 0) return candidates_[index].second;
  }
  return count == 0 ? 0 : candidates_[count - 1].second;
}

}  // namespace sca::llm
