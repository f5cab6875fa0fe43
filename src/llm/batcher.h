// Batches the completions of a wave in lockstep over a model with sequence slots.
//
// Lockstep: the next step is taken only when every open seat of the wave waits for its reply or has
// left, and seats are served in their order. So which sequences share a batch, and with it every
// rounding error, is a function of the wave, never of timing. A prompt's longest prefix that some
// slot already holds is copied, not evaluated; of prompts that share a prefix with one another the
// first is evaluated and the others wait a step for it.

#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "llm/model.h"
#include "llm/sampler.h"

namespace sca::llm {

struct BatchToken {
  int token = 0;
  int position = 0;
  int slot = 0;
  bool wants_logits = false;
};

// The model below the batcher: `slots()` sequences of up to `context_tokens()` tokens. Called by
// one thread.
class SequenceEngine {
 public:
  virtual ~SequenceEngine() = default;

  virtual int slots() const = 0;
  virtual int context_tokens() const = 0;
  virtual int batch_tokens_max() const = 0;
  virtual Status Evaluate(std::span<const BatchToken> batch) = 0;
  // Of the batch's token at `index`, which must have wanted them. Valid until the next Evaluate.
  virtual std::span<const float> Logits(std::size_t index) const = 0;
  // Slot `to` then holds exactly the first `tokens` tokens of slot `from`; they may be the same.
  virtual void KeepPrefix(int from, int to, int tokens) = 0;
  virtual bool EndsTurn(int token) const = 0;
  virtual std::string Text(int token) const = 0;
};

// Thread-safe. The engine is used by one thread of the batcher's own.
class Batcher {
 public:
  explicit Batcher(SequenceEngine& engine);  // `engine` must outlive the batcher.
  ~Batcher();

  // Starts a wave with empty slots; fails if sessions of the last one are still open.
  Status OpenWave(std::size_t seats);
  void Leave(std::size_t seat);

  // Blocks until the reply of `seat` is complete.
  Result<Completion> Complete(std::size_t seat, std::vector<int> prompt,
                              const SamplingOptions& sampling);

  // Calls `work` on the batcher's thread, while no wave is open.
  Status Alone(const std::function<Status()>& work);

  ModelStatistics statistics() const;

 private:
  struct Job;
  struct Slot;

  void Loop(std::stop_token stop);
  bool Ready() const;  // Every open seat waits for its reply.
  void Admit();
  std::optional<int> ChooseSlot(std::size_t seat) const;
  void Place(Job& job, int slot);
  void CloseGaps();
  bool Step();
  Status EvaluatePrompts();
  Status DecodeStep();
  void TakeToken(Slot& slot, std::span<const float> logits);
  void Finish(Slot& slot, FinishReason reason);
  void FailAll(const Error& error);

  SequenceEngine& engine_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::unique_ptr<Job>> seats_;  // Null: thinking. See `open_`.
  std::vector<bool> open_;
  std::vector<Slot> slots_;
  std::vector<BatchToken> batch_;
  std::vector<int> batch_slots_;
  const std::function<Status()>* alone_ = nullptr;
  std::optional<Status> alone_done_;
  ModelStatistics statistics_;
  std::jthread thread_;  // Last, so that it ends before what it uses.
};

}  // namespace sca::llm
