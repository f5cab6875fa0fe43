#include "train/optimizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace sca::train {
namespace {

TEST(AdamW, MovesAsTheFormulaSays) {
  AdamW optimizer(1);
  std::vector<float> parameter = {2.0F};
  double mean = 0;
  double square = 0;
  double expected = 2.0;

  for (int step = 1; step <= 5; ++step) {
    const double gradient = 0.3 * step - 0.7;
    mean = 0.9 * mean + 0.1 * gradient;
    square = 0.999 * square + 0.001 * gradient * gradient;
    expected -= 0.01 * 0.1 * expected;
    expected -= 0.01 * (mean / (1 - std::pow(0.9, step))) /
                (std::sqrt(square / (1 - std::pow(0.999, step))) + 1e-8);
    const std::vector<float> gradients = {static_cast<float>(gradient)};
    optimizer.Step(parameter, gradients, 0.01, 0.1);
  }

  EXPECT_NEAR(static_cast<double>(parameter[0]), expected, 1e-5);
}

TEST(AdamW, LeavesParametersWithoutGradientOrDecay) {
  AdamW optimizer(2);
  std::vector<float> parameters = {1.5F, -0.25F};

  optimizer.Step(parameters, std::vector<float>{0.0F, 0.0F}, 0.1, 0);

  EXPECT_EQ(parameters, (std::vector<float>{1.5F, -0.25F}));
}

TEST(Norm, IsEuclidean) { EXPECT_DOUBLE_EQ(Norm(std::vector<float>{3.0F, -4.0F}), 5.0); }

TEST(LearningRate, RisesThenStays) {
  EXPECT_DOUBLE_EQ(LearningRate(1.0, 0.5, 1, 8), 0.25);
  EXPECT_DOUBLE_EQ(LearningRate(1.0, 0.5, 4, 8), 1.0);
  EXPECT_DOUBLE_EQ(LearningRate(1.0, 0.5, 8, 8), 1.0);
  EXPECT_DOUBLE_EQ(LearningRate(1.0, 0.0, 1, 8), 1.0);
}

TEST(EpochOrder, IsAPermutationThatDependsOnSeedAndEpoch) {
  std::vector<std::size_t> order = EpochOrder(20, 7, 0);

  EXPECT_EQ(order, EpochOrder(20, 7, 0));
  EXPECT_NE(order, EpochOrder(20, 7, 1));
  EXPECT_NE(order, EpochOrder(20, 8, 0));
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) EXPECT_EQ(order[i], i);
}

}  // namespace
}  // namespace sca::train
