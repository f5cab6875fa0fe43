#include "train/decoder.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "base/check.h"
#include "base/random.h"
#include "train/blas.h"
#include "train/output_head.h"
#include "train/tensor_memory.h"
#include "train/tensor_ops.h"

namespace sca::train {
namespace {

using at::Tensor;

enum Place { kQuery, kKey, kValue, kOutput, kGate, kUp, kDown, kPlaces };

struct Layer {
  Tensor attention_norm;                // [width]
  Tensor feed_forward_norm;             // [width]
  std::array<Tensor, kPlaces> weights;  // [outputs, inputs], matrix-input precision.
  std::array<Tensor, kPlaces> biases;   // [outputs] float32; undefined where there is none.
};

// What a layer's backward pass needs of its forward pass.
struct LayerRecord {
  Tensor x, inverse, normed;  // Residual stream in; 1 / rms; matrix input of q, k, v.
  Tensor query, key, value;   // [rows, heads, width], turned.
  Tensor mixed;               // Matrix input of the output projection.
  Tensor middle_x, middle_inverse, middle_normed;  // The same three for the feed-forward half.
  Tensor gate, up;                                 // Matrix-input precision.
  std::array<Tensor, kPlaces> reduced;             // A x of each LoRA module, [rows, rank].
};

// Cosine and sine of each row's position times each frequency, [rows, 1, head_width / 2].
struct Angle {
  Tensor cosine, sine;
};

// The adapter as one call sees it.
struct Adapter {
  std::span<const float> parameters;
  std::optional<std::uint64_t> dropout_seed;  // None: no dropout.
  bool scoring = false;                       // Nothing goes backward: do not round activations.
};

class TorchDecoder : public Decoder {
 public:
  TorchDecoder(ModelShape shape, LoraLayout layout, Precision precision, at::Device device)
      : shape_(std::move(shape)),
        layout_(std::move(layout)),
        precision_(precision),
        device_(device) {}

  Status Load(const ModelFile& file);

  Precision precision() const override { return precision_; }

  Status LogProbabilities(const Pack& pack, std::span<const float> lora,
                          std::span<float> log_probabilities) const override;
  Result<double> AddGradient(const Pack& pack, std::span<const float> lora, double scale,
                             std::uint64_t dropout_seed, std::span<float> gradient) const override;

 private:
  Result<Tensor> ReadVector(const ModelFile& file, const std::string& name, int size) const;
  Result<Tensor> ReadMatrix(const ModelFile& file, const std::string& name, int rows,
                            int columns) const;

  Tensor MatrixInput(const Tensor& x) const {
    return x.to(precision_ == Precision::kBf16 ? at::kBFloat16 : at::kFloat);
  }
  Tensor LoraMatrix(std::span<const float> lora, std::size_t offset, int rows, int columns) const {
    return at::from_blob(const_cast<float*>(lora.data() + offset), {rows, columns}, at::kFloat)
        .to(device_);
  }

  Tensor Mask(int layer, Place place, const Tensor& x, const Adapter& adapter) const;
  Tensor Project(int layer, Place place, const Tensor& x, const Tensor& input,
                 const Adapter& adapter, Tensor& reduced) const;
  Tensor ProjectBackward(int layer, Place place, const Tensor& output_gradient, const Tensor& input,
                         const Tensor& reduced, const Adapter& adapter,
                         std::span<float> gradient) const;
  Angle Angles(const Pack& pack) const;
  Tensor Embed(const Pack& pack) const;
  Tensor LayerForward(int layer, const Pack& pack, const Angle& angle, const Tensor& x,
                      const Adapter& adapter, LayerRecord& record) const;
  Tensor LayerBackward(int layer, const Pack& pack, const Angle& angle,
                       const Tensor& output_gradient, const LayerRecord& record,
                       const Adapter& adapter, std::span<float> gradient) const;

  ModelShape shape_;
  LoraLayout layout_;
  Precision precision_;
  at::Device device_;
  Tensor embedding_;                     // [vocabulary, width], matrix-input precision.
  Tensor head_;                          // The same tensor where the model ties them.
  Tensor output_norm_;                   // [width]
  std::vector<float> rope_frequencies_;  // [head_width / 2], radians per position.
  std::vector<Layer> layers_;
};

Result<Tensor> TorchDecoder::ReadVector(const ModelFile& file, const std::string& name,
                                        int size) const {
  Tensor vector = at::empty({size}, at::kFloat);
  SCA_TRY(file.ReadFloats(name, vector.data_ptr<float>()));
  return vector.to(device_);
}

Result<Tensor> TorchDecoder::ReadMatrix(const ModelFile& file, const std::string& name, int rows,
                                        int columns) const {
  if (precision_ == Precision::kFp32) {
    Tensor matrix = at::empty({rows, columns}, at::kFloat);
    SCA_TRY(file.ReadFloats(name, matrix.data_ptr<float>()));
    return matrix.to(device_);
  }
  Tensor matrix = at::empty({rows, columns}, at::kBFloat16);
  SCA_TRY(file.ReadBfloat16(name, static_cast<std::uint16_t*>(matrix.data_ptr())));
  return matrix.to(device_);
}

Status TorchDecoder::Load(const ModelFile& file) {
  embedding_ = SCA_TRY(ReadMatrix(file, "token_embd.weight", shape_.vocabulary, shape_.width));
  head_ = embedding_;
  if (file.HasTensor("output.weight")) {
    head_ = SCA_TRY(ReadMatrix(file, "output.weight", shape_.vocabulary, shape_.width));
  }
  output_norm_ = SCA_TRY(ReadVector(file, "output_norm.weight", shape_.width));
  const int half = shape_.head_width / 2;
  std::vector<float> factors(static_cast<std::size_t>(half), 1.0F);
  if (file.HasTensor("rope_freqs.weight")) {
    SCA_TRY(file.ReadFloats("rope_freqs.weight", factors.data()));
  }
  for (int i = 0; i < half; ++i) {
    const double frequency = std::pow(shape_.rope_base, -2.0 * i / shape_.head_width);
    rope_frequencies_.push_back(
        static_cast<float>(frequency / factors[static_cast<std::size_t>(i)]));
  }
  const std::vector<Projection> projections = ProjectionsOf(shape_);
  for (int index = 0; index < shape_.layers; ++index) {
    const std::string prefix = fmt::format("blk.{}.", index);
    Layer layer;
    layer.attention_norm = SCA_TRY(ReadVector(file, prefix + "attn_norm.weight", shape_.width));
    layer.feed_forward_norm = SCA_TRY(ReadVector(file, prefix + "ffn_norm.weight", shape_.width));
    for (std::size_t place = 0; place < kPlaces; ++place) {
      const Projection& projection = projections[place];
      const std::string name = prefix + projection.tensor;
      layer.weights[place] =
          SCA_TRY(ReadMatrix(file, name + ".weight", projection.outputs, projection.inputs));
      if (file.HasTensor(name + ".bias")) {
        layer.biases[place] = SCA_TRY(ReadVector(file, name + ".bias", projection.outputs));
      }
    }
    layers_.push_back(std::move(layer));
  }
  return {};
}

// `x` is float32, `input` the same as a matrix input.
Tensor TorchDecoder::Project(int layer, Place place, const Tensor& x, const Tensor& input,
                             const Adapter& adapter, Tensor& reduced) const {
  const Layer& weights = layers_[static_cast<std::size_t>(layer)];
  const Tensor weight = weights.weights[place].t();
  Tensor y = adapter.scoring ? ProductWithFrozen(x, weight) : Product(input, weight);
  if (weights.biases[place].defined()) y.add_(weights.biases[place]);
  const LoraModule* module = layout_.Find(layer, place);
  if (module == nullptr) return y;
  const Tensor a = LoraMatrix(adapter.parameters, module->a, layout_.rank(), module->inputs);
  const Tensor b = LoraMatrix(adapter.parameters, module->b, module->outputs, layout_.rank());
  const bool dropped = adapter.dropout_seed.has_value();
  const Tensor low = Product(dropped ? x * Mask(layer, place, x, adapter) : x, a.t());
  y.add_(Product(low, b.t()), layout_.scale());
  reduced = MatrixInput(low);
  return y;
}

Tensor TorchDecoder::Mask(int layer, Place place, const Tensor& x, const Adapter& adapter) const {
  const std::uint64_t seed = DeriveSeed(*adapter.dropout_seed, "dropout",
                                        static_cast<std::uint64_t>(layer * kPlaces + place));
  return DropoutMask(static_cast<int>(x.size(0)), static_cast<int>(x.size(1)), layout_.dropout(),
                     seed)
      .to(device_);
}

// Adds to the gradients of A and B, and gives the gradient of the input.
Tensor TorchDecoder::ProjectBackward(int layer, Place place, const Tensor& output_gradient,
                                     const Tensor& input, const Tensor& reduced,
                                     const Adapter& adapter, std::span<float> gradient) const {
  const Tensor from_above = MatrixInput(output_gradient);
  Tensor x_gradient = Product(from_above, layers_[static_cast<std::size_t>(layer)].weights[place]);
  const LoraModule* module = layout_.Find(layer, place);
  if (module == nullptr) return x_gradient;
  const Tensor a =
      MatrixInput(LoraMatrix(adapter.parameters, module->a, layout_.rank(), module->inputs));
  const Tensor b =
      MatrixInput(LoraMatrix(adapter.parameters, module->b, module->outputs, layout_.rank()));
  const auto add = [&](std::size_t offset, const Tensor& part) {
    at::from_blob(gradient.data() + offset, part.sizes(), at::kFloat).add_(part.cpu());
  };
  add(module->b, Product(from_above.t(), reduced).mul_(layout_.scale()));
  const Tensor reduced_gradient = MatrixInput(Product(from_above, b).mul_(layout_.scale()));
  if (!adapter.dropout_seed) {
    add(module->a, Product(reduced_gradient.t(), input));
    return x_gradient.add_(Product(reduced_gradient, a));
  }
  const Tensor mask = Mask(layer, place, x_gradient, adapter);
  add(module->a, Product(reduced_gradient.t(), MatrixInput(input * mask)));
  return x_gradient.add_(Product(reduced_gradient, a).mul_(mask));
}

Angle TorchDecoder::Angles(const Pack& pack) const {
  const auto [cosine, sine] = RotaryAngles(pack.positions, rope_frequencies_);
  return {cosine.to(device_), sine.to(device_)};
}

Tensor TorchDecoder::Embed(const Pack& pack) const {
  std::vector<std::int64_t> tokens(pack.tokens.begin(), pack.tokens.end());
  return embedding_.index_select(0, at::tensor(tokens).to(device_)).to(at::kFloat);
}

Tensor TorchDecoder::LayerForward(int layer, const Pack& pack, const Angle& angle, const Tensor& x,
                                  const Adapter& adapter, LayerRecord& record) const {
  const Layer& weights = layers_[static_cast<std::size_t>(layer)];
  const auto project = [&](Place place, const Tensor& full, const Tensor& input) {
    return Project(layer, place, full, input, adapter, record.reduced[place]);
  };
  const auto by_head = [&](const Tensor& rows) {
    return rows.view({rows.size(0), -1, shape_.head_width});
  };
  record.x = x;
  auto [normed, inverse] = RmsNorm(x, weights.attention_norm, shape_.norm_epsilon);
  record.inverse = inverse;
  record.normed = MatrixInput(normed);
  record.query = Rotate(by_head(project(kQuery, normed, record.normed)), angle.cosine, angle.sine,
                        shape_.rope_by_halves);
  record.key = Rotate(by_head(project(kKey, normed, record.normed)), angle.cosine, angle.sine,
                      shape_.rope_by_halves);
  record.value = by_head(project(kValue, normed, record.normed));
  const Tensor mixed = Attention(pack, record.query, record.key, record.value);
  record.mixed = MatrixInput(mixed);
  record.middle_x = project(kOutput, mixed, record.mixed).add_(x);

  auto [middle, middle_inverse] =
      RmsNorm(record.middle_x, weights.feed_forward_norm, shape_.norm_epsilon);
  record.middle_inverse = middle_inverse;
  record.middle_normed = MatrixInput(middle);
  const Tensor gate = project(kGate, middle, record.middle_normed);
  const Tensor up = project(kUp, middle, record.middle_normed);
  record.gate = MatrixInput(gate);
  record.up = MatrixInput(up);
  const Tensor hidden = SwiGlu(gate, up);
  return project(kDown, hidden, MatrixInput(hidden)).add_(record.middle_x);
}

Tensor TorchDecoder::LayerBackward(int layer, const Pack& pack, const Angle& angle,
                                   const Tensor& output_gradient, const LayerRecord& record,
                                   const Adapter& adapter, std::span<float> gradient) const {
  const Layer& weights = layers_[static_cast<std::size_t>(layer)];
  const auto back = [&](Place place, const Tensor& from_above, const Tensor& input) {
    return ProjectBackward(layer, place, from_above, input, record.reduced[place], adapter,
                           gradient);
  };
  const Tensor gate = record.gate.to(at::kFloat);
  const Tensor up = record.up.to(at::kFloat);
  const Tensor hidden_gradient = back(kDown, output_gradient, MatrixInput(SwiGlu(gate, up)));
  const auto [gate_gradient, up_gradient] = SwiGluBackward(hidden_gradient, gate, up);
  const Tensor middle_gradient = back(kGate, gate_gradient, record.middle_normed)
                                     .add_(back(kUp, up_gradient, record.middle_normed));
  const Tensor middle_x_gradient = RmsNormBackward(middle_gradient, record.middle_x,
                                                   record.middle_inverse, weights.feed_forward_norm)
                                       .add_(output_gradient);

  const Tensor mixed_gradient = back(kOutput, middle_x_gradient, record.mixed);
  Tensor query_gradient, key_gradient, value_gradient;
  AttentionBackward(pack, mixed_gradient, record.query, record.key, record.value, query_gradient,
                    key_gradient, value_gradient);
  const Tensor minus_sine = -angle.sine;  // The gradient is turned back.
  const auto flat = [](const Tensor& by_head) { return by_head.reshape({by_head.size(0), -1}); };
  query_gradient = Rotate(query_gradient, angle.cosine, minus_sine, shape_.rope_by_halves);
  key_gradient = Rotate(key_gradient, angle.cosine, minus_sine, shape_.rope_by_halves);
  const Tensor normed_gradient = back(kQuery, flat(query_gradient), record.normed)
                                     .add_(back(kKey, flat(key_gradient), record.normed))
                                     .add_(back(kValue, flat(value_gradient), record.normed));
  return RmsNormBackward(normed_gradient, record.x, record.inverse, weights.attention_norm)
      .add_(middle_x_gradient);
}

// Torch and oneDNN throw; nothing of theirs leaves this file.
template <typename Action>
auto Guarded(const Action& action) -> decltype(action()) {
  try {
    const at::InferenceMode no_gradients;
    return action();
  } catch (const std::exception& exception) {
    return Error{ErrorCode::kInternal,
                 fmt::format("The tensor library failed: {}", exception.what())};
  }
}

Status TorchDecoder::LogProbabilities(const Pack& pack, std::span<const float> lora,
                                      std::span<float> log_probabilities) const {
  SCA_CHECK(log_probabilities.size() == pack.targets.size());
  return Guarded([&]() -> Status {
    const Adapter adapter{lora, std::nullopt, true};
    const Angle angle = Angles(pack);
    Tensor x = Embed(pack);
    for (int layer = 0; layer < shape_.layers; ++layer) {
      LayerRecord record;  // Dropped again: nothing goes backward.
      x = LayerForward(layer, pack, angle, x, adapter, record);
    }
    OutputHead(output_norm_, head_, shape_.norm_epsilon)
        .Run(pack, x, 0, log_probabilities, nullptr);
    return {};
  });
}

Result<double> TorchDecoder::AddGradient(const Pack& pack, std::span<const float> lora,
                                         double scale, std::uint64_t dropout_seed,
                                         std::span<float> gradient) const {
  SCA_CHECK(lora.size() == layout_.parameters() && gradient.size() == layout_.parameters());
  return Guarded([&]() -> Result<double> {
    Adapter adapter{lora, std::nullopt, false};
    if (layout_.dropout() > 0) adapter.dropout_seed = dropout_seed;
    const Angle angle = Angles(pack);
    Tensor x = Embed(pack);
    std::vector<LayerRecord> records(static_cast<std::size_t>(shape_.layers));
    for (int layer = 0; layer < shape_.layers; ++layer) {
      x = LayerForward(layer, pack, angle, x, adapter, records[static_cast<std::size_t>(layer)]);
    }
    std::vector<float> log_probabilities(pack.targets.size());
    Tensor x_gradient;
    const double loss = OutputHead(output_norm_, head_, shape_.norm_epsilon)
                            .Run(pack, x, scale, log_probabilities, &x_gradient);
    for (int layer = shape_.layers - 1; layer >= 0; --layer) {
      x_gradient = LayerBackward(layer, pack, angle, x_gradient,
                                 records[static_cast<std::size_t>(layer)], adapter, gradient);
      records[static_cast<std::size_t>(layer)] = {};
    }
    return loss;
  });
}

Result<at::Device> FindDevice(const std::string& name) {
  if (name == "cpu") return at::Device(at::kCPU);
  if (name != "cuda") {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("There is no device \"{}\"; known are cpu and cuda.", name)};
  }
  if (!at::hasCUDA()) {
    return Error{ErrorCode::kUnavailable,
                 "This build's libtorch has no CUDA. Set Torch_DIR to one that has, or train on "
                 "the cpu."};
  }
  return at::Device(at::kCUDA, 0);
}

}  // namespace

Result<std::unique_ptr<Decoder>> Decoder::Create(const ModelFile& file, const LoraLayout& layout,
                                                 Precision precision, const std::string& device) {
  const at::Device place = SCA_TRY(FindDevice(device));
  if (place.is_cpu() && !HasFastBf16()) precision = Precision::kFp32;
  return Guarded([&]() -> Result<std::unique_ptr<Decoder>> {
    PrepareThread();
    KeepTensorMemory();
    auto decoder = std::make_unique<TorchDecoder>(file.shape(), layout, precision, place);
    SCA_TRY(decoder->Load(file));
    return std::unique_ptr<Decoder>(std::move(decoder));
  });
}

void Decoder::PrepareThread() { at::set_num_threads(1); }

}  // namespace sca::train
