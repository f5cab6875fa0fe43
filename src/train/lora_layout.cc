#include "train/lora_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace sca::train {
namespace {

constexpr int kRankMax = 1024;

Status CheckOptions(const std::vector<Projection>& projections, const LoraOptions& options) {
  if (options.rank < 1 || options.rank > kRankMax) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("lora.rank is {}; it must be 1 to {}.", options.rank, kRankMax)};
  }
  if (!(options.alpha > 0) || !std::isfinite(options.alpha)) {
    return Error{ErrorCode::kInvalidArgument, "lora.alpha must be positive."};
  }
  if (!(options.dropout >= 0 && options.dropout < 1)) {
    return Error{ErrorCode::kInvalidArgument, "lora.dropout must be at least 0 and below 1."};
  }
  if (options.target_modules.empty()) {
    return Error{ErrorCode::kInvalidArgument, "lora.target_modules names no module."};
  }
  for (const std::string& name : options.target_modules) {
    const bool known =
        std::any_of(projections.begin(), projections.end(),
                    [&](const Projection& projection) { return projection.module == name; });
    if (!known) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("lora.target_modules has \"{}\"; known are q_proj, k_proj, v_proj, "
                               "o_proj, gate_proj, up_proj and down_proj.",
                               name)};
    }
  }
  return {};
}

}  // namespace

Result<LoraLayout> LoraLayout::Create(const ModelShape& shape, const LoraOptions& options) {
  const std::vector<Projection> projections = ProjectionsOf(shape);
  SCA_TRY(CheckOptions(projections, options));
  LoraLayout layout;
  layout.rank_ = options.rank;
  layout.alpha_ = options.alpha;
  layout.dropout_ = options.dropout;
  const auto rank = static_cast<std::size_t>(options.rank);
  for (int layer = 0; layer < shape.layers; ++layer) {
    for (std::size_t index = 0; index < projections.size(); ++index) {
      const Projection& projection = projections[index];
      const bool wanted = std::count(options.target_modules.begin(), options.target_modules.end(),
                                     projection.module) > 0;
      layout.by_place_.push_back(wanted ? static_cast<int>(layout.modules_.size()) : -1);
      if (!wanted) continue;
      LoraModule module{.layer = layer,
                        .projection = static_cast<int>(index),
                        .tensor = fmt::format("blk.{}.{}.weight", layer, projection.tensor),
                        .inputs = projection.inputs,
                        .outputs = projection.outputs,
                        .a = layout.parameters_};
      module.b = module.a + rank * static_cast<std::size_t>(module.inputs);
      layout.parameters_ = module.b + rank * static_cast<std::size_t>(module.outputs);
      layout.modules_.push_back(std::move(module));
    }
  }
  return layout;
}

std::vector<float> LoraLayout::InitialParameters(std::uint64_t seed) const {
  std::vector<float> parameters(parameters_, 0.0F);
  for (std::size_t index = 0; index < modules_.size(); ++index) {
    const LoraModule& module = modules_[index];
    RandomStream stream(DeriveSeed(seed, "lora", index));
    const double bound = 1.0 / std::sqrt(static_cast<double>(module.inputs));
    for (std::size_t at = module.a; at < module.b; ++at) {
      parameters[at] = static_cast<float>((2 * stream.Uniform() - 1) * bound);
    }
  }
  return parameters;
}

const LoraModule* LoraLayout::Find(int layer, int projection) const {
  const std::size_t per_layer = 7;
  const int index =
      by_place_[static_cast<std::size_t>(layer) * per_layer + static_cast<std::size_t>(projection)];
  return index < 0 ? nullptr : &modules_[static_cast<std::size_t>(index)];
}

}  // namespace sca::train
