#include "llm/sampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sca::llm {
namespace {

constexpr std::size_t kSamplerVocabulary =
    5000;  // More than one block, not a whole number of them.

std::vector<float> RandomLogits(double spread) {
  RandomStream random(11);
  std::vector<float> logits;
  for (std::size_t token = 0; token < kSamplerVocabulary; ++token) {
    logits.push_back(static_cast<float>(random.Uniform() * spread - 3));
  }
  return logits;
}

// Three tokens hold nearly all the weight; they lie in different blocks.
std::vector<float> PeakedLogits() {
  std::vector<float> logits(kSamplerVocabulary, -30.0F);
  logits[17] = 2.0F;
  logits[2100] = 1.5F;
  logits[4999] = 0.5F;
  return logits;
}

std::vector<double> Softmax(const std::vector<float>& logits, double temperature) {
  const double top = *std::max_element(logits.begin(), logits.end());
  std::vector<double> weights;
  double sum = 0;
  for (const float logit : logits) weights.push_back(std::exp((logit - top) / temperature));
  for (const double weight : weights) sum += weight;
  for (double& weight : weights) weight /= sum;
  return weights;
}

std::vector<double> Frequencies(const std::vector<float>& logits, const SamplingOptions& options) {
  constexpr int kDraws = 20'000;
  Sampler sampler(options);
  std::vector<double> seen(logits.size(), 0.0);
  for (int draw = 0; draw < kDraws; ++draw) {
    seen[static_cast<std::size_t>(sampler.Draw(logits).token)] += 1.0 / kDraws;
  }
  return seen;
}

TEST(Sampler, GivesLogprobsOfTheUntemperedSoftmax) {
  const std::vector<float> logits = RandomLogits(12);
  const std::vector<double> expected = Softmax(logits, 1.0);
  Sampler sampler({.temperature = 0.5, .top_p = 0.9, .seed = 3});

  for (int draw = 0; draw < 50; ++draw) {
    const SampledToken drawn = sampler.Draw(logits);
    EXPECT_NEAR(drawn.logprob, std::log(expected[static_cast<std::size_t>(drawn.token)]), 1e-4);
  }
}

TEST(Sampler, DrawsTokensAsOftenAsTheTemperedSoftmaxSays) {
  for (const double temperature : {0.7, 1.0, 1.5}) {
    const std::vector<double> expected = Softmax(PeakedLogits(), temperature);

    const auto seen = Frequencies(PeakedLogits(), {.temperature = temperature, .seed = 1});

    for (const std::size_t token : {17, 2100, 4999}) {
      EXPECT_NEAR(seen[token], expected[token], 0.015) << token << " at " << temperature;
    }
  }
}

TEST(Sampler, DrawsOnlyFromTheNucleus) {
  const std::vector<double> all = Softmax(PeakedLogits(), 1.0);
  const double two = all[17] + all[2100];  // About 0.87.

  const auto seen = Frequencies(PeakedLogits(), {.top_p = two - 0.01, .seed = 2});

  EXPECT_NEAR(seen[17], all[17] / two, 0.015);
  EXPECT_NEAR(seen[2100], all[2100] / two, 0.015);
  EXPECT_EQ(seen[4999], 0.0);
}

TEST(Sampler, TakesTheLikeliestAtTemperatureZero) {
  Sampler sampler({.temperature = 0});

  EXPECT_EQ(sampler.Draw(PeakedLogits()).token, 17);
}

TEST(Sampler, RepeatsItselfForEqualSeedsOnly) {
  const std::vector<float> logits = RandomLogits(3);
  Sampler first({.seed = 5});
  Sampler second({.seed = 5});
  Sampler other({.seed = 6});

  bool differs = false;
  for (int draw = 0; draw < 20; ++draw) {
    const int token = first.Draw(logits).token;
    EXPECT_EQ(token, second.Draw(logits).token);
    differs = differs || token != other.Draw(logits).token;
  }
  EXPECT_TRUE(differs);
}

TEST(Sampler, NeverDrawsWhatIsNotANumber) {
  std::vector<float> logits(kSamplerVocabulary, std::numeric_limits<float>::quiet_NaN());
  logits[40] = 1.0F;
  logits[3000] = 1.0F;
  logits[50] = -std::numeric_limits<float>::infinity();

  for (const SamplingOptions& options :
       {SamplingOptions{.seed = 1}, {.top_p = 0.95, .seed = 1}, {.temperature = 0, .seed = 1}}) {
    Sampler sampler(options);
    for (int draw = 0; draw < 100; ++draw) {
      const SampledToken drawn = sampler.Draw(logits);
      EXPECT_TRUE(drawn.token == 40 || drawn.token == 3000) << drawn.token;
      EXPECT_NEAR(drawn.logprob, std::log(0.5), 1e-4);
    }
  }
}

TEST(Sampler, GivesNoLogprobWhereNothingIsANumber) {
  const std::vector<float> logits(kSamplerVocabulary, std::numeric_limits<float>::quiet_NaN());
  Sampler sampler({});

  EXPECT_TRUE(std::isnan(sampler.Draw(logits).logprob));
}

}  // namespace
}  // namespace sca::llm
