// How far the trainer's log-probabilities are from llama.cpp's, on tokens that were really sampled.

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/progress.h"
#include "train/trainer.h"

namespace sca::cli {

struct ParityOptions {
  std::string model;        // A name or a file.
  std::string environment;  // Executor episodes on its example tasks give the tokens.
  std::optional<std::filesystem::path> adapter = std::nullopt;
  train::Precision precision = train::Precision::kBf16;
  std::size_t episodes = 12;
  std::uint64_t seed = 1;
};

// {tokens, mean, p99, max: natural log, absolute; sampling: {…} the same against the
// log-probabilities recorded while sampling; precision, model, adapter}. At least 200 tokens, else
// kFailedPrecondition.
Result<Json> MeasureParity(const ParityOptions& options, Progress& progress);

}  // namespace sca::cli
