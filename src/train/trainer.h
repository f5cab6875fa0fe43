// Trains a LoRA adapter on what a model's own trajectories were worth, and writes it as a GGUF
// file that llama.cpp loads hot.
//
// The model is read from a GGUF file of the Llama or Qwen2 family. Only the adapter is trained; it
// starts as the identity. Equal calls give an equal adapter, bit for bit, on one machine and with
// one number of workers. A Trainer is used by one thread at a time; it starts threads of its own.

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace sca::train {

struct LoraOptions {
  int rank = 16;
  double alpha = 32;   // The adapter is scaled by alpha / rank.
  double dropout = 0;  // Of the adapter's inputs, in [0, 1).
  std::vector<std::string> target_modules = {"q_proj",    "k_proj",  "v_proj",   "o_proj",
                                             "gate_proj", "up_proj", "down_proj"};
};

// Of the frozen weights' products; the adapter, the optimizer and all sums are fp32 either way.
enum class Precision { kBf16, kFp32 };

struct TrainerOptions {
  Precision precision = Precision::kBf16;  // Processors without bf16 products use fp32.
  int workers = 0;                         // Threads, one core each; 0: one per core.
  std::string device = "cpu";
  int tokens_max = 2048;  // Of one packed tree; bounds the memory. A longer sequence goes alone.
};

struct TrainingSequence {
  std::vector<int> tokens;
  // One per token: the weight of -log p(token | the tokens before it). 0: context only; the first
  // token has no prediction and must have 0. Advantages as weights give REINFORCE.
  std::vector<float> weights;
};

struct FineTuneOptions {
  double learning_rate = 3e-4;  // After the warm-up; constant.
  int epochs = 5;
  int batch_size = 16;       // Sequences per step, drawn without replacement in each epoch.
  double weight_decay = 0;   // Decoupled, as in AdamW.
  double warmup_ratio = 0;   // Of all steps: the learning rate rises linearly.
  double grad_norm_max = 1;  // A longer gradient is scaled to this length; 0: never.
  std::uint64_t seed = 1;    // Of the order of sequences and the dropout.
};

struct StepReport {
  int step = 0;  // From 1.
  int steps_total = 0;
  double loss = 0;       // Before the step: mean of weight * -log p over the batch's tokens with a
                         // weight; every token counts alike, whichever sequence it is in.
  double grad_norm = 0;  // Before clipping.
  double learning_rate = 0;
  double seconds = 0;
  int tokens = 0;  // As the caller counts: sums over sequences, before packing.
};

struct FineTuneReport {
  int steps = 0;
  double loss_first = 0;
  double loss_last = 0;
  std::int64_t tokens = 0;           // Of all sequences over all epochs.
  std::int64_t tokens_computed = 0;  // After packing: shared prefixes once per tree.
  double seconds = 0;
  int workers = 0;
  Precision precision = Precision::kFp32;  // What was really used.
};

class Trainer {
 public:
  virtual ~Trainer() = default;

  // kUnavailable where the trainer is not built in or cannot be loaded, and why. Before a run that
  // will need one.
  static Status Available();

  // kNotFound: no such file; kDataLoss: not a whole GGUF; kInvalidArgument: an architecture or an
  // option we do not know; kUnavailable: the device is not built in, or as Available().
  static Result<std::unique_ptr<Trainer>> Create(const std::filesystem::path& gguf,
                                                 const LoraOptions& lora, std::uint64_t seed,
                                                 const TrainerOptions& options);

  // What an adapter file was trained with, for Create; dropout is not stored and stays 0.
  // kNotFound, kDataLoss, kInvalidArgument (no LoRA adapter), or as Available().
  static Result<LoraOptions> AdapterOptions(const std::filesystem::path& adapter);

  // Replaces the adapter by one from a file, to train on from it. It must be of this model, with
  // this rank, alpha and these modules. The optimizer starts anew with every FineTune.
  virtual Status LoadAdapter(const std::filesystem::path& path) = 0;
  virtual Status SaveAdapter(const std::filesystem::path& path) const = 0;

  // Calls `report` after each step, from the calling thread. kInvalidArgument where a sequence has
  // no token to learn or a token outside the vocabulary; the adapter is then unchanged.
  virtual Result<FineTuneReport> FineTune(std::span<const TrainingSequence> sequences,
                                          const FineTuneOptions& options,
                                          const std::function<void(const StepReport&)>& report) = 0;

  // Element i is log p(tokens[i + 1] | tokens[0..i]): natural logarithm, temperature 1, with the
  // adapter as it is now. At least two tokens.
  virtual Result<std::vector<float>> LogProbabilities(std::span<const int> tokens) = 0;
};

}  // namespace sca::train
