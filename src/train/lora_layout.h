// Where each LoRA matrix lies in one flat array of parameters, so that an optimizer, a gradient sum
// and a file need not know about layers.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "train/model_file.h"
#include "train/trainer.h"

namespace sca::train {

// y = W x + scale * B (A x)
struct LoraModule {
  int layer = 0;
  int projection = 0;  // Index into ProjectionsOf.
  std::string tensor;  // "blk.0.attn_q.weight"
  int inputs = 0;
  int outputs = 0;
  std::size_t a = 0;  // Offset of A, [rank, inputs] row-major.
  std::size_t b = 0;  // Offset of B, [outputs, rank] row-major.
};

class LoraLayout {
 public:
  // kInvalidArgument for an unknown module, no module, or a rank, alpha or dropout out of range.
  static Result<LoraLayout> Create(const ModelShape& shape, const LoraOptions& options);

  // A uniform in ±1/sqrt(inputs), B zero: the adapter changes nothing yet.
  std::vector<float> InitialParameters(std::uint64_t seed) const;

  const LoraModule* Find(int layer, int projection) const;  // Null where none is trained.

  const std::vector<LoraModule>& modules() const { return modules_; }
  std::size_t parameters() const { return parameters_; }
  int rank() const { return rank_; }
  double alpha() const { return alpha_; }
  double dropout() const { return dropout_; }
  double scale() const { return alpha_ / rank_; }

 private:
  LoraLayout() = default;

  std::vector<LoraModule> modules_;
  std::vector<int> by_place_;  // [layer * projections + projection]: index of a module, or -1.
  std::size_t parameters_ = 0;
  int rank_ = 0;
  double alpha_ = 0;
  double dropout_ = 0;
};

}  // namespace sca::train
