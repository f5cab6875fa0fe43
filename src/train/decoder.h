// A Llama- or Qwen2-family decoder with a LoRA adapter: log-probabilities of packed sequences, and
// the gradient of their weighted sum with respect to the adapter.
//
// Forward and backward are written out by hand, so that the memory of a step is known and frozen
// weights cost no gradient. Torch stays inside decoder.cc, output_head.cc, tensor_ops.cc
// and tensor_memory.cc.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "train/lora_layout.h"
#include "train/model_file.h"
#include "train/pack.h"

namespace sca::train {

class Decoder {
 public:
  virtual ~Decoder() = default;

  // Reads all weights. kUnavailable if the device is not there.
  static Result<std::unique_ptr<Decoder>> Create(const ModelFile& file, const LoraLayout& layout,
                                                 Precision precision, const std::string& device);

  // The calls below use the calling thread only, after PrepareThread on it, and may run at once on
  // several. `lora` is laid out as the layout says. Errors are kInternal (out of memory).

  // Writes log p of each target of `pack` to `log_probabilities` (as many elements). Activations
  // are float32 whatever the precision: this is what other programs' scores are compared with.
  virtual Status LogProbabilities(const Pack& pack, std::span<const float> lora,
                                  std::span<float> log_probabilities) const = 0;

  // Adds `scale` times the gradient of sum(weight * -log p) to `gradient`; gives the sum, unscaled.
  virtual Result<double> AddGradient(const Pack& pack, std::span<const float> lora, double scale,
                                     std::uint64_t dropout_seed,
                                     std::span<float> gradient) const = 0;

  virtual Precision precision() const = 0;  // What is really used.

  // One operator thread for the calling thread.
  static void PrepareThread();
};

}  // namespace sca::train
