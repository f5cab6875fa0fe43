// The decoder against an independent calculation in double precision with plain loops; its gradient
// against finite differences of that calculation.

#include "train/decoder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "train/tiny_gguf.h"

namespace sca::train {
namespace {

using Vector = std::vector<double>;

class Reference {
 public:
  Reference(const TinyModel& model, const LoraLayout& layout, Vector lora)
      : model_(model), layout_(layout), lora_(std::move(lora)) {}

  // Element i is log p(tokens[i + 1] | tokens[..i]).
  Vector LogProbabilities(const std::vector<int>& tokens) const {
    std::vector<Vector> x;
    for (const int token : tokens) x.push_back(Row("token_embd.weight", token));
    for (int layer = 0; layer < model_.shape.layers; ++layer) x = RunLayer(layer, x);
    const bool tied = !model_.tensors.contains("output.weight");
    Vector result;
    for (std::size_t t = 0; t + 1 < tokens.size(); ++t) {
      const Vector normed = Norm(x[t], "output_norm.weight");
      double sum = 0;
      double wanted = 0;
      for (int v = 0; v < model_.shape.vocabulary; ++v) {
        const Vector row = Row(tied ? "token_embd.weight" : "output.weight", v);
        const double logit = Dot(row, normed);
        sum += std::exp(logit);
        if (v == tokens[t + 1]) wanted = logit;
      }
      result.push_back(wanted - std::log(sum));
    }
    return result;
  }

 private:
  static double Dot(const Vector& left, const Vector& right) {
    double sum = 0;
    for (std::size_t i = 0; i < left.size(); ++i) sum += left[i] * right[i];
    return sum;
  }

  Vector Row(const std::string& name, int row) const {
    const std::vector<float>& tensor = model_.tensors.at(name);
    const auto width = static_cast<std::ptrdiff_t>(model_.shape.width);
    return {tensor.begin() + row * width, tensor.begin() + (row + 1) * width};
  }

  Vector Norm(const Vector& x, const std::string& name) const {
    const double scale =
        1 / std::sqrt(Dot(x, x) / static_cast<double>(x.size()) + model_.shape.norm_epsilon);
    Vector y = x;
    for (std::size_t i = 0; i < y.size(); ++i) y[i] *= scale * model_.tensors.at(name)[i];
    return y;
  }

  Vector Project(int layer, int place, const Vector& x) const {
    const Projection projection = ProjectionsOf(model_.shape)[static_cast<std::size_t>(place)];
    const std::string name = fmt::format("blk.{}.{}", layer, projection.tensor);
    const std::vector<float>& weight = model_.tensors.at(name + ".weight");
    const LoraModule* module = layout_.Find(layer, place);
    const auto rank = static_cast<std::size_t>(layout_.rank());
    const auto inputs = static_cast<std::size_t>(projection.inputs);
    Vector y;
    for (std::size_t o = 0; o < static_cast<std::size_t>(projection.outputs); ++o) {
      double sum =
          model_.tensors.contains(name + ".bias") ? model_.tensors.at(name + ".bias")[o] : 0;
      for (std::size_t i = 0; i < inputs; ++i) sum += weight[o * inputs + i] * x[i];
      for (std::size_t r = 0; module != nullptr && r < rank; ++r) {
        double low = 0;
        for (std::size_t i = 0; i < inputs; ++i) low += lora_[module->a + r * inputs + i] * x[i];
        sum += layout_.scale() * lora_[module->b + o * rank + r] * low;
      }
      y.push_back(sum);
    }
    return y;
  }

  // Turns each head of `x` for position `position`.
  void Rotate(Vector& x, std::size_t position) const {
    const auto width = static_cast<std::size_t>(model_.shape.head_width);
    for (std::size_t head = 0; head < x.size(); head += width) {
      for (std::size_t i = 0; i < width / 2; ++i) {
        const double angle = static_cast<double>(position) *
                             std::pow(model_.shape.rope_base,
                                      -2.0 * static_cast<double>(i) / static_cast<double>(width));
        const std::size_t first = head + (model_.shape.rope_by_halves ? i : 2 * i);
        const std::size_t second = head + (model_.shape.rope_by_halves ? i + width / 2 : 2 * i + 1);
        const double a = x[first];
        const double b = x[second];
        x[first] = a * std::cos(angle) - b * std::sin(angle);
        x[second] = a * std::sin(angle) + b * std::cos(angle);
      }
    }
  }

  Vector Attend(const Vector& query, const std::vector<Vector>& keys,
                const std::vector<Vector>& values, std::size_t now) const {
    const auto width = static_cast<std::size_t>(model_.shape.head_width);
    const auto heads = static_cast<std::size_t>(model_.shape.heads);
    const std::size_t group = heads / static_cast<std::size_t>(model_.shape.key_value_heads);
    Vector mixed(query.size());
    for (std::size_t head = 0; head < heads; ++head) {
      const std::size_t own = head * width;
      const std::size_t shared = head / group * width;
      Vector weights;
      double sum = 0;
      for (std::size_t t = 0; t <= now; ++t) {
        double score = 0;
        for (std::size_t i = 0; i < width; ++i) score += query[own + i] * keys[t][shared + i];
        weights.push_back(std::exp(score / std::sqrt(static_cast<double>(width))));
        sum += weights.back();
      }
      for (std::size_t t = 0; t <= now; ++t) {
        for (std::size_t i = 0; i < width; ++i) {
          mixed[own + i] += weights[t] / sum * values[t][shared + i];
        }
      }
    }
    return mixed;
  }

  std::vector<Vector> RunLayer(int layer, std::vector<Vector> x) const {
    const std::string prefix = fmt::format("blk.{}.", layer);
    std::vector<Vector> keys;
    std::vector<Vector> values;
    for (std::size_t t = 0; t < x.size(); ++t) {
      const Vector normed = Norm(x[t], prefix + "attn_norm.weight");
      Vector query = Project(layer, 0, normed);
      Rotate(query, t);
      keys.push_back(Project(layer, 1, normed));
      Rotate(keys.back(), t);
      values.push_back(Project(layer, 2, normed));
      const Vector output = Project(layer, 3, Attend(query, keys, values, t));
      for (std::size_t i = 0; i < output.size(); ++i) x[t][i] += output[i];
      const Vector middle = Norm(x[t], prefix + "ffn_norm.weight");
      Vector hidden = Project(layer, 4, middle);
      const Vector up = Project(layer, 5, middle);
      for (std::size_t i = 0; i < hidden.size(); ++i) {
        hidden[i] = hidden[i] / (1 + std::exp(-hidden[i])) * up[i];
      }
      const Vector down = Project(layer, 6, hidden);
      for (std::size_t i = 0; i < down.size(); ++i) x[t][i] += down[i];
    }
    return x;
  }

  const TinyModel& model_;
  const LoraLayout& layout_;
  Vector lora_;
};

double ReferenceLoss(const TinyModel& model, const LoraLayout& layout, const Vector& lora,
                     const std::vector<TrainingSequence>& sequences) {
  double loss = 0;
  for (const TrainingSequence& sequence : sequences) {
    const Vector log_p = Reference(model, layout, lora).LogProbabilities(sequence.tokens);
    for (std::size_t i = 0; i < log_p.size(); ++i) loss -= sequence.weights[i + 1] * log_p[i];
  }
  return loss;
}

// Two branches of one prefix that branch again, and a sequence of its own; one weight is negative.
const std::vector<TrainingSequence> kSequences = {{{3, 14, 15, 9, 26, 5}, {0, 0, 0, 1, 1, 0.5F}},
                                                  {{3, 14, 15, 9, 2, 7, 1}, {0, 0, 0, 1, 0, 1, 1}},
                                                  {{3, 14, 15, 30, 31}, {0, 0.25F, 0, -1, 2}},
                                                  {{8, 8, 39, 0}, {0, 1, 1, 1}}};

std::vector<Pack> PackAll(int workers) {
  std::vector<const TrainingSequence*> pointers;
  for (const TrainingSequence& sequence : kSequences) pointers.push_back(&sequence);
  return PackTrees(pointers, workers, 1000);
}

class DecoderOf : public testing::TestWithParam<const char*> {
 protected:
  DecoderOf() {
    WriteTinyGguf(model_, path_);
    const auto file = ModelFile::Open(path_);
    decoder_ = Decoder::Create(*file.value(), layout_, Precision::kFp32, "cpu").value();
    RandomStream random(11);
    for (float& parameter : lora_) parameter += static_cast<float>(0.4 * (random.Uniform() - 0.5));
  }
  ~DecoderOf() override { std::filesystem::remove(path_); }

  // Loss and gradient of the packs, in order.
  std::pair<double, std::vector<float>> Gradient(const std::vector<Pack>& packs) const {
    std::pair<double, std::vector<float>> result{0, std::vector<float>(lora_.size())};
    for (const Pack& pack : packs) {
      result.first += decoder_->AddGradient(pack, lora_, 1, 0, result.second).value();
    }
    return result;
  }

  const std::filesystem::path path_ = ScratchFile("decoder.gguf");
  const TinyModel model_ = MakeTinyModel(GetParam(), 5);
  const LoraLayout layout_ = LoraLayout::Create(model_.shape, {.rank = 2, .alpha = 3}).value();
  std::vector<float> lora_ = layout_.InitialParameters(1);
  std::unique_ptr<Decoder> decoder_;
};

TEST_P(DecoderOf, GivesTheLogProbabilitiesOfTheReference) {
  const Reference reference(model_, layout_, Vector(lora_.begin(), lora_.end()));
  for (const TrainingSequence& sequence : kSequences) {
    TrainingSequence all{sequence.tokens, std::vector<float>(sequence.tokens.size(), 1)};
    const TrainingSequence* const only = &all;
    std::vector<float> log_p(all.tokens.size() - 1);

    const Pack pack = PackTree({&only, 1});
    ASSERT_TRUE(decoder_->LogProbabilities(pack, lora_, log_p).ok());

    const Vector expected = reference.LogProbabilities(all.tokens);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(log_p[i]), expected[i], 1e-4);
    }
  }
}

TEST_P(DecoderOf, GivesLossAndGradientOfFiniteDifferences) {
  const auto [loss, gradient] = Gradient(PackAll(1));

  const Vector lora(lora_.begin(), lora_.end());
  EXPECT_NEAR(loss, ReferenceLoss(model_, layout_, lora, kSequences), 1e-3);
  double largest = 0;
  for (std::size_t i = 0; i < lora.size(); i += 3) {  // Every third: all matrices, a third of time.
    constexpr double kStep = 1e-5;
    Vector moved = lora;
    moved[i] += kStep;
    const double above = ReferenceLoss(model_, layout_, moved, kSequences);
    moved[i] -= 2 * kStep;
    const double below = ReferenceLoss(model_, layout_, moved, kSequences);
    const double expected = (above - below) / (2 * kStep);
    EXPECT_NEAR(static_cast<double>(gradient[i]), expected, 2e-4 + 1e-3 * std::abs(expected)) << i;
    largest = std::max(largest, std::abs(expected));
  }
  EXPECT_GT(largest, 0.1) << "The gradient is too small for this test to say anything.";
}

TEST_P(DecoderOf, GivesTheSamePackedAndUnpacked) {
  std::vector<Pack> unpacked;
  for (const TrainingSequence& sequence : kSequences) {
    const TrainingSequence* const only = &sequence;
    unpacked.push_back(PackTree({&only, 1}));
  }
  ASSERT_LT(PackAll(1)[0].rows(), 22);  // 22 tokens in all: something is shared.

  const auto [packed_loss, packed_gradient] = Gradient(PackAll(1));
  const auto [split_loss, split_gradient] = Gradient(PackAll(2));
  const auto [loss, gradient] = Gradient(unpacked);

  EXPECT_NEAR(packed_loss, loss, 1e-4);
  EXPECT_NEAR(split_loss, loss, 1e-4);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    EXPECT_NEAR(packed_gradient[i], gradient[i], 1e-4) << i;
    EXPECT_NEAR(split_gradient[i], gradient[i], 1e-4) << i;
  }
}

// Rounded weights and activations move the gradient a little, never its direction.
TEST_P(DecoderOf, GivesNearlyTheSameGradientInBfloat16) {
  const auto file = ModelFile::Open(path_).value();
  const auto rounded = Decoder::Create(*file, layout_, Precision::kBf16, "cpu").value();
  std::vector<float> gradient(lora_.size());

  const double loss = rounded->AddGradient(PackAll(1)[0], lora_, 1, 0, gradient).value();

  const auto [exact_loss, exact_gradient] = Gradient(PackAll(1));
  EXPECT_NEAR(loss, exact_loss, 0.02 * std::abs(exact_loss));
  double difference = 0;
  double square = 0;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    difference += std::pow(static_cast<double>(gradient[i] - exact_gradient[i]), 2);
    square += std::pow(static_cast<double>(exact_gradient[i]), 2);
  }
  EXPECT_LT(std::sqrt(difference / square), 0.03);
}

INSTANTIATE_TEST_SUITE_P(, DecoderOf, testing::Values("llama", "qwen2"),
                         [](const auto& test) { return std::string(test.param); });

// The expected gradient over dropout masks is that of a random function, so compare one mask's
// gradient with finite differences of the decoder's own loss under the same mask.
TEST(Decoder, GivesTheGradientUnderDropout) {
  const std::filesystem::path path = ScratchFile("dropout.gguf");
  const TinyModel model = MakeTinyModel("qwen2", 5);
  WriteTinyGguf(model, path);
  const LoraLayout layout =
      LoraLayout::Create(model.shape, {.rank = 2, .alpha = 3, .dropout = 0.4}).value();
  const auto file = ModelFile::Open(path).value();
  const auto decoder = Decoder::Create(*file, layout, Precision::kFp32, "cpu").value();
  std::vector<float> lora = layout.InitialParameters(1);
  RandomStream random(11);
  for (float& parameter : lora) parameter += static_cast<float>(0.4 * (random.Uniform() - 0.5));
  const Pack pack = PackAll(1)[0];
  std::vector<float> gradient(lora.size());
  std::vector<float> unused(lora.size());
  const double loss = decoder->AddGradient(pack, lora, 1, 77, gradient).value();
  EXPECT_NE(loss, decoder->AddGradient(pack, lora, 1, 78, unused).value());

  // Along the gradient itself, where the loss changes most against float32 noise.
  double square = 0;
  for (const float element : gradient) square += static_cast<double>(element) * element;
  const double step = 1e-3 / std::sqrt(square);
  std::vector<float> ahead = lora;
  std::vector<float> behind = lora;
  for (std::size_t i = 0; i < lora.size(); ++i) {
    ahead[i] += static_cast<float>(step * gradient[i]);
    behind[i] -= static_cast<float>(step * gradient[i]);
  }
  const double difference = decoder->AddGradient(pack, ahead, 1, 77, unused).value() -
                            decoder->AddGradient(pack, behind, 1, 77, unused).value();
  EXPECT_NEAR(difference / (2 * step), square, 0.02 * square);
  std::filesystem::remove(path);
}

TEST(Decoder, SaysThatADeviceIsUnknownOrNotThere) {
  const std::filesystem::path path = ScratchFile("device.gguf");
  const TinyModel model = MakeTinyModel("llama", 5);
  WriteTinyGguf(model, path);
  const LoraLayout layout = LoraLayout::Create(model.shape, {}).value();
  const auto file = ModelFile::Open(path).value();

  const auto unknown = Decoder::Create(*file, layout, Precision::kFp32, "abacus");

  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::kInvalidArgument);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace sca::train
