// Environments made for measuring: tools over a state of a wanted size.

#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace sca::env {

enum class BenchStateKind {
  kJson,  // Loaded from data/state.json of about that size.
  kHeap,  // Python objects of about that size, made when loaded.
};

struct BenchState {
  BenchStateKind kind = BenchStateKind::kJson;
  std::size_t bytes = 0;
};

// What is measured as a verification: of the sum of the first two prices, which is 2.0.
constexpr std::string_view kBenchEvaluation =
    "def evaluate(answer):\n    return answer == price_of(0) + price_of(1)\n";

// Writes the folder of an environment with the tools price_of(index) and reserve(index, name).
Status WriteBenchEnvironment(const std::filesystem::path& folder, const BenchState& state);

// The file that a state of kJson is loaded from.
std::filesystem::path BenchStateFile(const std::filesystem::path& folder);

}  // namespace sca::env
