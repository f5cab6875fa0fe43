// Writes and reads a LoRA adapter as the GGUF file that llama.cpp loads.

#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "base/result.h"
#include "train/lora_layout.h"

namespace sca::train {

// Tensors `blk.N.attn_q.weight.lora_a` ([rank, inputs]) and `.lora_b` ([outputs, rank]), float32.
// Replaces the file atomically.
Status WriteAdapter(const std::filesystem::path& path, const ModelShape& shape,
                    const LoraLayout& layout, std::span<const float> parameters);

// The parameters in the order of `layout`. kNotFound, kDataLoss (not a whole GGUF), or
// kInvalidArgument where architecture, rank, alpha, modules or shapes differ.
Result<std::vector<float>> ReadAdapter(const std::filesystem::path& path, const ModelShape& shape,
                                       const LoraLayout& layout);

// Rank, alpha and modules of the adapter in a file; dropout is not stored and stays 0. kNotFound,
// kDataLoss, or kInvalidArgument where the file is no LoRA adapter.
Result<LoraOptions> ReadAdapterOptions(const std::filesystem::path& path);

}  // namespace sca::train
