// The statistics behind every figure that a report shows: pure functions, reproducible from a seed.

#pragma once

#include <cstdint>
#include <span>

#include "domain/evaluation.h"

namespace sca {

// Wilson's score interval of a share (Wilson 1927); z = 1.96 is 95%. Without trials: [0, 1].
Interval WilsonInterval(int successes, int trials, double z = 1.96);

// Chance that at least one of k of n trials, drawn without replacement, is among the c successes:
// 1 - C(n-c, k) / C(n, k) (Chen et al. 2021). Needs 0 <= c <= n and 1 <= k <= n.
double PassAtK(int n, int c, int k);

// Chance that all k drawn trials are successes: C(c, k) / C(n, k) (tau-bench's pass^k).
double PassHatK(int n, int c, int k);

struct BootstrapOptions {
  std::uint64_t seed = 1;
  int resamples = 10000;
};

// After minus before in mean success, over the tasks that both evaluations scored with at least
// one trial, each task weighing the same. The interval is the 2.5% and 97.5% percentile of the
// difference when tasks are drawn with replacement. No common task: all zero.
Comparison PairedBootstrap(std::span<const TaskScore> before, std::span<const TaskScore> after,
                           BootstrapOptions options = {});

}  // namespace sca
