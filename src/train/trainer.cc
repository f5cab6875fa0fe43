#include "train/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "base/random.h"
#include "train/adapter_file.h"
#include "train/decoder.h"
#include "train/optimizer.h"
#include "train/tensor_memory.h"

namespace sca::train {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

int WorkerCount(int asked) {
  return asked > 0 ? asked : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

int WeightedTokens(const TrainingSequence& sequence) {
  return static_cast<int>(std::count_if(sequence.weights.begin(), sequence.weights.end(),
                                        [](float weight) { return weight != 0; }));
}

Status CheckTokens(std::span<const int> tokens, const ModelShape& shape, std::string_view what) {
  if (tokens.size() > static_cast<std::size_t>(shape.context_max)) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} has {} tokens; the model's context is {}.", what, tokens.size(),
                             shape.context_max)};
  }
  for (const int token : tokens) {
    if (token < 0 || token >= shape.vocabulary) {
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("{} has token {}; the vocabulary has {}.", what, token, shape.vocabulary)};
    }
  }
  return {};
}

Status CheckSequence(const TrainingSequence& sequence, const ModelShape& shape, std::size_t index) {
  const std::string what = fmt::format("Training sequence {}", index);
  SCA_TRY(CheckTokens(sequence.tokens, shape, what));
  if (sequence.weights.size() != sequence.tokens.size()) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} has {} tokens but {} weights.", what, sequence.tokens.size(),
                             sequence.weights.size())};
  }
  if (WeightedTokens(sequence) == 0 || sequence.weights.front() != 0) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} needs a weight on some token, and none on its first.", what)};
  }
  for (const float weight : sequence.weights) {
    if (!std::isfinite(weight)) {
      return Error{ErrorCode::kInvalidArgument, what + " has a weight that is not a number."};
    }
  }
  return {};
}

Status CheckOptions(const FineTuneOptions& options) {
  if (!(options.learning_rate > 0) || options.epochs < 1 || options.batch_size < 1 ||
      !(options.weight_decay >= 0) || !(options.grad_norm_max >= 0) ||
      !(options.warmup_ratio >= 0 && options.warmup_ratio <= 1)) {
    return Error{ErrorCode::kInvalidArgument,
                 "Fine-tuning needs a positive learning rate, at least one epoch and a batch of at "
                 "least one; weight decay and norm not below 0; warm-up in [0, 1]."};
  }
  return {};
}

using Batch = std::vector<const TrainingSequence*>;

std::vector<Batch> MakeBatches(std::span<const TrainingSequence> sequences,
                               const FineTuneOptions& options) {
  std::vector<Batch> batches;
  const auto size = static_cast<std::size_t>(options.batch_size);
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    const std::vector<std::size_t> order = EpochOrder(sequences.size(), options.seed, epoch);
    for (std::size_t from = 0; from < order.size(); from += size) {
      Batch& batch = batches.emplace_back();
      for (std::size_t at = from; at < std::min(from + size, order.size()); ++at) {
        batch.push_back(&sequences[order[at]]);
      }
    }
  }
  return batches;
}

class LoraTrainer : public Trainer {
 public:
  LoraTrainer(ModelShape shape, LoraLayout layout, std::unique_ptr<Decoder> decoder,
              std::uint64_t seed, TrainerOptions options)
      : shape_(std::move(shape)),
        layout_(std::move(layout)),
        decoder_(std::move(decoder)),
        options_(std::move(options)),
        parameters_(layout_.InitialParameters(seed)) {}

  Status LoadAdapter(const std::filesystem::path& path) override {
    parameters_ = SCA_TRY(ReadAdapter(path, shape_, layout_));
    return {};
  }

  Status SaveAdapter(const std::filesystem::path& path) const override {
    return WriteAdapter(path, shape_, layout_, parameters_);
  }

  Result<FineTuneReport> FineTune(std::span<const TrainingSequence> sequences,
                                  const FineTuneOptions& options,
                                  const std::function<void(const StepReport&)>& report) override;

  Result<std::vector<float>> LogProbabilities(std::span<const int> tokens) override;

 private:
  // Leaves the gradient of the batch's loss in gradients_[0]; gives the loss. Adds to `computed`.
  Result<double> BatchGradient(const Batch& batch, std::uint64_t dropout_seed,
                               std::int64_t& computed);

  ModelShape shape_;
  LoraLayout layout_;
  std::unique_ptr<Decoder> decoder_;
  TrainerOptions options_;
  std::vector<float> parameters_;
  std::vector<std::vector<float>> gradients_;  // One per worker.
};

Result<double> LoraTrainer::BatchGradient(const Batch& batch, std::uint64_t dropout_seed,
                                          std::int64_t& computed) {
  int weighted = 0;
  for (const TrainingSequence* sequence : batch) weighted += WeightedTokens(*sequence);
  const double scale = 1.0 / weighted;
  const std::vector<Pack> packs =
      PackTrees(batch, static_cast<int>(gradients_.size()), options_.tokens_max);
  for (const Pack& pack : packs) computed += pack.rows();

  std::vector<Result<double>> losses(packs.size(), 0.0);
  const auto work = [&](std::size_t worker) {
    Decoder::PrepareThread();
    std::fill(gradients_[worker].begin(), gradients_[worker].end(), 0.0F);
    for (std::size_t index = worker; index < packs.size(); index += gradients_.size()) {
      losses[index] =
          decoder_->AddGradient(packs[index], parameters_, scale,
                                DeriveSeed(dropout_seed, "pack", index), gradients_[worker]);
    }
  };
  {
    std::vector<std::jthread> threads;  // Joined at the end of the block.
    for (std::size_t worker = 0; worker < gradients_.size(); ++worker) {
      threads.emplace_back(work, worker);
    }
  }

  double loss = 0;
  for (Result<double>& part : losses) loss += SCA_TRY(std::move(part));
  for (std::size_t worker = 1; worker < gradients_.size(); ++worker) {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      gradients_[0][i] += gradients_[worker][i];
    }
  }
  return loss * scale;
}

Result<FineTuneReport> LoraTrainer::FineTune(std::span<const TrainingSequence> sequences,
                                             const FineTuneOptions& options,
                                             const std::function<void(const StepReport&)>& report) {
  SCA_TRY(CheckOptions(options));
  if (sequences.empty()) {
    return Error{ErrorCode::kInvalidArgument, "There is no sequence to train on."};
  }
  for (std::size_t index = 0; index < sequences.size(); ++index) {
    SCA_TRY(CheckSequence(sequences[index], shape_, index));
  }
  const auto start = Clock::now();
  const std::vector<float> before = parameters_;
  gradients_.assign(static_cast<std::size_t>(WorkerCount(options_.workers)),
                    std::vector<float>(parameters_.size()));
  AdamW optimizer(parameters_.size());
  const std::vector<Batch> batches = MakeBatches(sequences, options);

  FineTuneReport result;
  result.workers = static_cast<int>(gradients_.size());
  result.precision = decoder_->precision();
  for (const Batch& batch : batches) {
    const auto step_start = Clock::now();
    StepReport step{.step = ++result.steps, .steps_total = static_cast<int>(batches.size())};
    const Result<double> loss = BatchGradient(
        batch, DeriveSeed(options.seed, "step", static_cast<std::uint64_t>(step.step)),
        result.tokens_computed);
    step.grad_norm = Norm(gradients_[0]);
    if (!loss.ok() || !std::isfinite(step.grad_norm) || !std::isfinite(*loss)) {
      parameters_ = before;
      if (!loss.ok()) return loss.error();
      return Error{ErrorCode::kFailedPrecondition,
                   fmt::format("The loss or its gradient is not a number at step {}. Lower the "
                               "learning rate.",
                               step.step)};
    }
    step.loss = *loss;
    step.learning_rate =
        LearningRate(options.learning_rate, options.warmup_ratio, step.step, step.steps_total);
    if (options.grad_norm_max > 0 && step.grad_norm > options.grad_norm_max) {
      const auto factor = static_cast<float>(options.grad_norm_max / step.grad_norm);
      for (float& element : gradients_[0]) element *= factor;
    }
    optimizer.Step(parameters_, gradients_[0], step.learning_rate, options.weight_decay);
    for (const TrainingSequence* sequence : batch) {
      step.tokens += static_cast<int>(sequence->tokens.size());
    }
    result.tokens += step.tokens;
    if (step.step == 1) result.loss_first = step.loss;
    result.loss_last = step.loss;
    step.seconds = SecondsSince(step_start);
    if (report) report(step);
  }
  ReleaseTensorMemory();
  result.seconds = SecondsSince(start);
  return result;
}

Result<std::vector<float>> LoraTrainer::LogProbabilities(std::span<const int> tokens) {
  if (tokens.size() < 2) {
    return Error{ErrorCode::kInvalidArgument, "Log-probabilities need at least two tokens."};
  }
  SCA_TRY(CheckTokens(tokens, shape_, "The text to score"));
  TrainingSequence sequence{.tokens = {tokens.begin(), tokens.end()},
                            .weights = std::vector<float>(tokens.size(), 1.0F)};
  sequence.weights.front() = 0;
  const TrainingSequence* const only = &sequence;
  const Pack pack = PackTree({&only, 1});
  std::vector<float> result(pack.targets.size());
  Status status;
  std::jthread([&] {  // A thread of its own, so that the caller's torch settings stay.
    Decoder::PrepareThread();
    status = decoder_->LogProbabilities(pack, parameters_, result);
  })
      .join();
  SCA_TRY(std::move(status));
  return result;
}

}  // namespace

Status Trainer::Available() { return {}; }

Result<std::unique_ptr<Trainer>> Trainer::Create(const std::filesystem::path& gguf,
                                                 const LoraOptions& lora, std::uint64_t seed,
                                                 const TrainerOptions& options) {
  if (options.workers < 0 || options.tokens_max < 1) {
    return Error{ErrorCode::kInvalidArgument,
                 "The trainer needs workers not below 0 and tokens_max above 0."};
  }
  const std::unique_ptr<ModelFile> file = SCA_TRY(ModelFile::Open(gguf));
  LoraLayout layout = SCA_TRY(LoraLayout::Create(file->shape(), lora));
  std::unique_ptr<Decoder> decoder =
      SCA_TRY(Decoder::Create(*file, layout, options.precision, options.device));
  return std::unique_ptr<Trainer>(std::make_unique<LoraTrainer>(file->shape(), std::move(layout),
                                                                std::move(decoder), seed, options));
}

Result<LoraOptions> Trainer::AdapterOptions(const std::filesystem::path& adapter) {
  return ReadAdapterOptions(adapter);
}

}  // namespace sca::train
