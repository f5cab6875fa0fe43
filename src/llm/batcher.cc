#include "llm/batcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>

namespace sca::llm {
namespace {

// Copying a prefix costs more than evaluating a few tokens; waiting for one costs a step.
constexpr int kWorthWaiting = 48;

int CommonPrefix(const std::vector<int>& left, const std::vector<int>& right) {
  const auto end = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  return static_cast<int>(end.first - left.begin());
}

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

// A completion that a seat waits for.
struct Batcher::Job {
  Job(std::vector<int> prompt_tokens, const SamplingOptions& options)
      : sampling(options), sampler(options) {
    completion.prompt_tokens = std::move(prompt_tokens);
  }

  SamplingOptions sampling;
  Sampler sampler;
  Completion completion;
  int slot = -1;  // -1: not placed yet.
  int stops_seen = 0;
  bool done = false;
  std::optional<Error> error;
};

struct Batcher::Slot {
  std::vector<int> tokens;  // Evaluated, in the engine.
  Job* job = nullptr;       // At work in this slot.
  std::size_t seat = 0;     // Whose tokens these are; its next turn finds them here.
  bool used = false;
};

Batcher::Batcher(SequenceEngine& engine)
    : engine_(engine), slots_(static_cast<std::size_t>(engine.slots())) {
  thread_ = std::jthread([this](std::stop_token stop) { Loop(std::move(stop)); });
}

Batcher::~Batcher() = default;

Status Batcher::OpenWave(std::size_t seats) {
  std::scoped_lock lock(mutex_);
  if (std::find(open_.begin(), open_.end(), true) != open_.end()) {
    return Error{ErrorCode::kFailedPrecondition, "A wave of this model is still open."};
  }
  seats_.clear();
  seats_.resize(seats);
  open_.assign(seats, true);
  // What an earlier wave left could only be found by luck; a wave starts from nothing.
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    slots_[slot] = Slot{};
    engine_.KeepPrefix(static_cast<int>(slot), static_cast<int>(slot), 0);
  }
  return {};
}

void Batcher::Leave(std::size_t seat) {
  std::scoped_lock lock(mutex_);
  open_[seat] = false;
  changed_.notify_all();
}

Result<Completion> Batcher::Complete(std::size_t seat, std::vector<int> prompt,
                                     const SamplingOptions& sampling) {
  if (prompt.empty() || static_cast<int>(prompt.size()) >= engine_.context_tokens()) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("A prompt of {} tokens does not fit the context of {} tokens. Raise "
                             "model.context_tokens.",
                             prompt.size(), engine_.context_tokens())};
  }
  std::unique_lock lock(mutex_);
  seats_[seat] = std::make_unique<Job>(std::move(prompt), sampling);
  Job& job = *seats_[seat];
  changed_.notify_all();
  changed_.wait(lock, [&] { return job.done; });
  const std::unique_ptr<Job> finished = std::move(seats_[seat]);
  if (finished->error.has_value()) return *finished->error;
  return std::move(finished->completion);
}

Status Batcher::Alone(const std::function<Status()>& work) {
  std::unique_lock lock(mutex_);
  if (std::find(open_.begin(), open_.end(), true) != open_.end()) {
    return Error{ErrorCode::kFailedPrecondition, "A wave of this model is still open."};
  }
  alone_ = &work;
  alone_done_.reset();
  changed_.notify_all();
  changed_.wait(lock, [&] { return alone_done_.has_value(); });
  alone_ = nullptr;
  return *alone_done_;
}

ModelStatistics Batcher::statistics() const {
  std::scoped_lock lock(mutex_);
  return statistics_;
}

bool Batcher::Ready() const {
  bool any = false;
  for (std::size_t seat = 0; seat < seats_.size(); ++seat) {
    if (!open_[seat]) continue;
    if (seats_[seat] == nullptr || seats_[seat]->done) return false;
    any = true;
  }
  return any;
}

void Batcher::Loop(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, stop,
                  [&] { return Ready() || (alone_ != nullptr && !alone_done_.has_value()); });
    if (stop.stop_requested()) return;
    if (alone_ != nullptr && !alone_done_.has_value()) {
      alone_done_ = (*alone_)();
      for (Slot& slot : slots_) slot = Slot{};
      changed_.notify_all();
      continue;
    }
    Admit();
    CloseGaps();
    if (Step()) changed_.notify_all();
  }
}

void Batcher::Admit() {
  for (std::size_t seat = 0; seat < seats_.size(); ++seat) {
    Job* job = seats_[seat].get();
    if (!open_[seat] || job == nullptr || job->slot >= 0) continue;
    const std::vector<int>& prompt = job->completion.prompt_tokens;
    int held = 0;
    int coming = 0;  // Shared with a prompt that is placed but not evaluated yet.
    for (const Slot& slot : slots_) {
      if (!slot.used) continue;
      held = std::max(held, CommonPrefix(slot.tokens, prompt));
      if (slot.job != nullptr) {
        coming = std::max(coming, CommonPrefix(slot.job->completion.prompt_tokens, prompt));
      }
    }
    if (coming >= held + kWorthWaiting) continue;  // Next step, when it is there.
    const std::optional<int> slot = ChooseSlot(seat);
    if (!slot.has_value()) return;
    Place(*job, *slot);
    slots_[static_cast<std::size_t>(*slot)].seat = seat;
  }
}

// The seat's own slot with its earlier turns, else an unused one, else the first that is free.
std::optional<int> Batcher::ChooseSlot(std::size_t seat) const {
  std::optional<int> unused;
  std::optional<int> free;
  for (std::size_t index = 0; index < slots_.size(); ++index) {
    const Slot& slot = slots_[index];
    if (slot.job != nullptr) continue;
    if (slot.used && slot.seat == seat) return static_cast<int>(index);
    if (!slot.used && !unused.has_value()) unused = static_cast<int>(index);
    // A seat that has left will not come back for its tokens.
    const bool abandoned = slot.used && !open_[slot.seat];
    if (abandoned && !free.has_value()) free = static_cast<int>(index);
  }
  if (unused.has_value()) return unused;
  if (free.has_value()) return free;
  for (std::size_t index = 0; index < slots_.size(); ++index) {
    if (slots_[index].job == nullptr) return static_cast<int>(index);
  }
  return std::nullopt;
}

void Batcher::Place(Job& job, int slot_index) {
  const std::vector<int>& prompt = job.completion.prompt_tokens;
  Slot& slot = slots_[static_cast<std::size_t>(slot_index)];
  int source = slot_index;
  int shared = slot.used ? CommonPrefix(slot.tokens, prompt) : 0;
  for (std::size_t index = 0; index < slots_.size(); ++index) {
    if (!slots_[index].used) continue;
    const int length = CommonPrefix(slots_[index].tokens, prompt);
    if (length > shared) {
      shared = length;
      source = static_cast<int>(index);
    }
  }
  shared = std::min(shared, static_cast<int>(prompt.size()) - 1);  // The last token gives logits.
  engine_.KeepPrefix(source, slot_index, shared);
  slot.tokens.assign(prompt.begin(), prompt.begin() + shared);
  slot.job = &job;
  slot.used = true;
  job.slot = slot_index;
  statistics_.prompt_tokens_reused += shared;
}

// Moves sequences down until those at work stand side by side: llama.cpp evaluates only
// neighbouring slots together, and a batch with gaps in many small pieces. A copy is cheaper than
// one such piece.
void Batcher::CloseGaps() {
  std::size_t low = 0;
  std::size_t high = slots_.size();
  while (true) {
    while (low < slots_.size() && slots_[low].job != nullptr) ++low;
    while (high > 0 && slots_[high - 1].job == nullptr) --high;
    if (low + 1 >= high) return;
    Slot& from = slots_[high - 1];
    engine_.KeepPrefix(static_cast<int>(high - 1), static_cast<int>(low),
                       static_cast<int>(from.tokens.size()));
    slots_[low] = std::move(from);
    slots_[low].job->slot = static_cast<int>(low);
    from = Slot{};
  }
}

// One evaluation: of prompts while there are any, else of one token of each sequence. Returns
// whether a completion ended. The lock stays held: nobody else has anything to do meanwhile.
bool Batcher::Step() {
  const bool prompts = std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
    return slot.job != nullptr && slot.tokens.size() < slot.job->completion.prompt_tokens.size();
  });
  const auto start = std::chrono::steady_clock::now();
  const Status status = prompts ? EvaluatePrompts() : DecodeStep();
  (prompts ? statistics_.prompt_seconds : statistics_.decode_seconds) += SecondsSince(start);
  if (!status.ok()) {
    FailAll(status.error());
    return true;
  }
  return std::any_of(seats_.begin(), seats_.end(),
                     [](const std::unique_ptr<Job>& job) { return job != nullptr && job->done; });
}

Status Batcher::EvaluatePrompts() {
  batch_.clear();
  batch_slots_.clear();
  const auto limit = static_cast<std::size_t>(engine_.batch_tokens_max());
  for (std::size_t index = 0; index < slots_.size() && batch_.size() < limit; ++index) {
    Slot& slot = slots_[index];
    if (slot.job == nullptr) continue;
    const std::vector<int>& prompt = slot.job->completion.prompt_tokens;
    while (slot.tokens.size() < prompt.size() && batch_.size() < limit) {
      const std::size_t position = slot.tokens.size();
      batch_.push_back({.token = prompt[position],
                        .position = static_cast<int>(position),
                        .slot = static_cast<int>(index),
                        .wants_logits = position + 1 == prompt.size()});
      batch_slots_.push_back(static_cast<int>(index));
      slot.tokens.push_back(prompt[position]);
    }
  }
  SCA_TRY(engine_.Evaluate(batch_));
  statistics_.prompt_tokens_evaluated += static_cast<std::int64_t>(batch_.size());
  for (std::size_t index = 0; index < batch_.size(); ++index) {
    if (!batch_[index].wants_logits) continue;
    TakeToken(slots_[static_cast<std::size_t>(batch_slots_[index])], engine_.Logits(index));
  }
  return {};
}

Status Batcher::DecodeStep() {
  batch_.clear();
  batch_slots_.clear();
  for (std::size_t index = 0; index < slots_.size(); ++index) {
    Slot& slot = slots_[index];
    if (slot.job == nullptr) continue;
    const int token = slot.job->completion.tokens.back();
    statistics_.context_tokens_decoded += static_cast<std::int64_t>(slot.tokens.size());
    batch_.push_back({.token = token,
                      .position = static_cast<int>(slot.tokens.size()),
                      .slot = static_cast<int>(index),
                      .wants_logits = true});
    batch_slots_.push_back(static_cast<int>(index));
    slot.tokens.push_back(token);
  }
  if (batch_.empty()) return {};
  SCA_TRY(engine_.Evaluate(batch_));
  statistics_.tokens_decoded += static_cast<std::int64_t>(batch_.size());
  for (std::size_t index = 0; index < batch_.size(); ++index) {
    TakeToken(slots_[static_cast<std::size_t>(batch_slots_[index])], engine_.Logits(index));
  }
  return {};
}

void Batcher::TakeToken(Slot& slot, std::span<const float> logits) {
  Job& job = *slot.job;
  const SampledToken sampled = job.sampler.Draw(logits);
  if (std::isnan(sampled.logprob)) {
    job.error =
        Error{ErrorCode::kDataLoss,
              "The model's output is not a number: its adapter has diverged, or its file is "
              "damaged. Train with a lower learning rate, or fetch the model again."};
    return Finish(slot, FinishReason::kLength);
  }
  if (engine_.EndsTurn(sampled.token)) return Finish(slot, FinishReason::kEndOfTurn);
  Completion& completion = job.completion;
  completion.tokens.push_back(sampled.token);
  completion.logprobs.push_back(sampled.logprob);
  const std::string piece = engine_.Text(sampled.token);
  completion.text += piece;
  for (const std::string& stop : job.sampling.stop) {
    // What ended before this piece was seen then.
    const std::size_t window = piece.size() + stop.size() - 1;
    const std::size_t from = completion.text.size() > window ? completion.text.size() - window : 0;
    const std::size_t at = completion.text.find(stop, from);
    if (at != std::string::npos && ++job.stops_seen >= job.sampling.stop_count) {
      completion.text.resize(at + stop.size());
      return Finish(slot, FinishReason::kStopString);
    }
  }
  const bool full = static_cast<int>(slot.tokens.size()) + 1 >= engine_.context_tokens();
  if (full || static_cast<int>(completion.tokens.size()) >= job.sampling.tokens_max) {
    Finish(slot, FinishReason::kLength);
  }
}

void Batcher::Finish(Slot& slot, FinishReason reason) {
  slot.job->completion.finish = reason;
  slot.job->done = true;
  slot.job = nullptr;
}

void Batcher::FailAll(const Error& error) {
  for (Slot& slot : slots_) slot = Slot{};
  for (const std::unique_ptr<Job>& job : seats_) {
    if (job == nullptr || job->done) continue;
    job->error = error;
    job->done = true;
  }
}

}  // namespace sca::llm
