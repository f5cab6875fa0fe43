#include "domain/statistics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/random.h"

namespace sca {
namespace {

double SuccessRate(const TaskScore& score) {
  return static_cast<double>(score.successes) / score.trials;
}

// After minus before of each task that both have, in the order of `before`.
std::vector<double> Differences(std::span<const TaskScore> before,
                                std::span<const TaskScore> after) {
  std::map<std::string, double> rates;
  for (const TaskScore& score : after) {
    if (score.trials > 0) rates[score.task_id] = SuccessRate(score);
  }
  std::vector<double> differences;
  for (const TaskScore& score : before) {
    const auto other = rates.find(score.task_id);
    if (score.trials == 0 || other == rates.end()) continue;
    differences.push_back(other->second - SuccessRate(score));
  }
  return differences;
}

// Linear interpolation between order statistics, as numpy's default.
double Percentile(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto lower = static_cast<std::size_t>(position);
  const std::size_t upper = std::min(lower + 1, sorted.size() - 1);
  const double weight = position - static_cast<double>(lower);
  return sorted[lower] * (1 - weight) + sorted[upper] * weight;
}

}  // namespace

Interval WilsonInterval(int successes, int trials, double z) {
  if (trials <= 0) return {.low = 0, .high = 1};
  const double n = trials;
  const double share = successes / n;
  const double scale = 1 + z * z / n;
  const double center = (share + z * z / (2 * n)) / scale;
  const double half = z / scale * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return {.low = successes == 0 ? 0.0 : std::max(0.0, center - half),
          .high = successes == trials ? 1.0 : std::min(1.0, center + half)};
}

double PassAtK(int n, int c, int k) {
  SCA_CHECK(0 <= c && c <= n && 1 <= k && k <= n);
  double none = 1;
  for (int drawn = 0; drawn < k; ++drawn) {
    none *= std::max(0.0, static_cast<double>(n - c - drawn)) / (n - drawn);
  }
  return 1 - none;
}

double PassHatK(int n, int c, int k) {
  SCA_CHECK(0 <= c && c <= n && 1 <= k && k <= n);
  double all = 1;
  for (int drawn = 0; drawn < k; ++drawn) {
    all *= std::max(0.0, static_cast<double>(c - drawn)) / (n - drawn);
  }
  return all;
}

Comparison PairedBootstrap(std::span<const TaskScore> before, std::span<const TaskScore> after,
                           BootstrapOptions options) {
  const std::vector<double> differences = Differences(before, after);
  if (differences.empty() || options.resamples <= 0) return {};
  const auto count = static_cast<double>(differences.size());
  double sum = 0;
  for (const double difference : differences) sum += difference;

  RandomStream random(DeriveSeed(options.seed, "paired bootstrap", 0));
  std::vector<double> means(static_cast<std::size_t>(options.resamples));
  for (double& mean : means) {
    double resampled = 0;
    for (std::size_t draw = 0; draw < differences.size(); ++draw) {
      resampled += differences[random.Below(differences.size())];
    }
    mean = resampled / count;
  }
  std::sort(means.begin(), means.end());
  return {.difference = sum / count,
          .interval = {.low = Percentile(means, 0.025), .high = Percentile(means, 0.975)}};
}

}  // namespace sca
