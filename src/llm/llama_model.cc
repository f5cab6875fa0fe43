#include "llm/llama_model.h"

#include <fmt/format.h>
#include <gguf.h>
#include <llama.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "llm/batcher.h"
#include "llm/prompt_renderer.h"

namespace sca::llm {
namespace fs = std::filesystem;
namespace {

constexpr int kBatchTokens = 2048;
constexpr std::uint32_t kLayersMax = 512;  // LLAMA_MAX_LAYERS.
constexpr int kWidthMax = 256;             // LLAMA_MAX_SEQ.
constexpr int kMicroBatchTokens = 512;
constexpr std::size_t kScoredTokens = 256;  // At once: each asks for a row of logits.

struct ModelDeleter {
  void operator()(llama_model* model) const { llama_model_free(model); }
};
struct ContextDeleter {
  void operator()(llama_context* context) const { llama_free(context); }
};
struct AdapterDeleter {
  void operator()(llama_adapter_lora* adapter) const { llama_adapter_lora_free(adapter); }
};
using ModelPointer = std::unique_ptr<llama_model, ModelDeleter>;
using ContextPointer = std::unique_ptr<llama_context, ContextDeleter>;
using AdapterPointer = std::unique_ptr<llama_adapter_lora, AdapterDeleter>;

void LogLine(ggml_log_level level, const char* text, void*) {
  if (level == GGML_LOG_LEVEL_ERROR) {
    Log(LogLevel::kError, Trim(text));
  } else if (level == GGML_LOG_LEVEL_WARN) {
    Log(LogLevel::kDebug, Trim(text));
  }
}

void StartBackendOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    llama_log_set(LogLine, nullptr);
    llama_backend_init();
  });
}

// Whether the file's header has none of the numbers that llama.cpp ends the process for.
bool HasSoundNumbers(const gguf_context* file) {
  const std::int64_t named = gguf_find_key(file, "general.architecture");
  if (named < 0 || gguf_get_kv_type(file, named) != GGUF_TYPE_STRING)
    return true;  // An error later.
  const std::string architecture = gguf_get_val_str(file, named);
  const std::int64_t layers = gguf_find_key(file, (architecture + ".block_count").c_str());
  if (layers >= 0 && gguf_get_kv_type(file, layers) == GGUF_TYPE_UINT32) {
    const std::uint32_t count = gguf_get_val_u32(file, layers);
    if (count < 1 || count > kLayersMax) return false;
  }
  for (const char* name : {".attention.layer_norm_rms_epsilon", ".attention.layer_norm_epsilon"}) {
    const std::int64_t key = gguf_find_key(file, (architecture + name).c_str());
    if (key < 0 || gguf_get_kv_type(file, key) != GGUF_TYPE_FLOAT32) continue;
    if (!(gguf_get_val_f32(file, key) >= 0)) return false;
  }
  return true;
}

// llama.cpp trusts the tensor table of a file, so the size is compared with it first.
Status CheckWhole(const fs::path& gguf) {
  std::error_code code;
  const auto size = fs::file_size(gguf, code);
  if (code) {
    return Error{ErrorCode::kNotFound,
                 fmt::format("There is no model file {}. `sca model list` shows the models that "
                             "`sca model pull` can fetch.",
                             gguf.string())};
  }
  const std::unique_ptr<gguf_context, decltype(&gguf_free)> file(
      gguf_init_from_file(gguf.c_str(), {.no_alloc = true, .ctx = nullptr}), &gguf_free);
  if (file == nullptr || !HasSoundNumbers(file.get())) {
    return Error{ErrorCode::kDataLoss,
                 fmt::format("{} is not a GGUF file, or its beginning is damaged. Fetch it again "
                             "with `sca model pull`.",
                             gguf.string())};
  }
  std::uintmax_t needed = gguf_get_data_offset(file.get());
  for (std::int64_t tensor = 0; tensor < gguf_get_n_tensors(file.get()); ++tensor) {
    const std::uintmax_t end = gguf_get_data_offset(file.get()) +
                               gguf_get_tensor_offset(file.get(), tensor) +
                               gguf_get_tensor_size(file.get(), tensor);
    needed = std::max(needed, end);
  }
  if (size < needed) {
    return Error{ErrorCode::kDataLoss,
                 fmt::format("{} is truncated: it has {} bytes, but its tensors need {}. Fetch it "
                             "again with `sca model pull`.",
                             gguf.string(), size, needed)};
  }
  return {};
}

}  // namespace

// The llama.cpp side: weights, one context with a stream a slot, the current adapter.
class LlamaModel::Parts : public SequenceEngine {
 public:
  Parts(fs::path path, const LlamaOptions& options, ModelPointer model, ContextPointer context)
      : path_(std::move(path)),
        options_(options),
        model_(std::move(model)),
        context_(std::move(context)),
        vocab_(llama_model_get_vocab(model_.get())),
        batch_(llama_batch_init(kBatchTokens, 0, 1)) {
    batcher_ = std::make_unique<Batcher>(*this);
  }
  ~Parts() override {
    batcher_.reset();
    llama_batch_free(batch_);
  }

  int slots() const override { return options_.width; }
  int context_tokens() const override { return options_.context_tokens; }
  int batch_tokens_max() const override { return kBatchTokens; }

  Status Evaluate(std::span<const BatchToken> batch) override {
    batch_.n_tokens = static_cast<std::int32_t>(batch.size());
    for (std::size_t index = 0; index < batch.size(); ++index) {
      batch_.token[index] = batch[index].token;
      batch_.pos[index] = batch[index].position;
      batch_.n_seq_id[index] = 1;
      batch_.seq_id[index][0] = batch[index].slot;
      batch_.logits[index] = batch[index].wants_logits ? 1 : 0;
    }
    const int code = llama_decode(context_.get(), batch_);
    if (code == 0) return {};
    return Error{ErrorCode::kInternal,
                 fmt::format("llama.cpp could not evaluate a batch of {} tokens (code {}).",
                             batch.size(), code)};
  }

  std::span<const float> Logits(std::size_t index) const override {
    const float* logits = llama_get_logits_ith(context_.get(), static_cast<std::int32_t>(index));
    return {logits, static_cast<std::size_t>(llama_vocab_n_tokens(vocab_))};
  }

  void KeepPrefix(int from, int to, int tokens) override {
    llama_memory_t memory = llama_get_memory(context_.get());
    if (from != to && tokens > 0) llama_memory_seq_cp(memory, from, to, -1, -1);
    llama_memory_seq_rm(memory, to, tokens, -1);
  }

  bool EndsTurn(int token) const override { return llama_vocab_is_eog(vocab_, token); }

  std::string Text(int token) const override {
    std::string piece(32, '\0');
    int length = llama_token_to_piece(vocab_, token, piece.data(),
                                      static_cast<std::int32_t>(piece.size()), 0, false);
    if (length < 0) {
      piece.resize(static_cast<std::size_t>(-length));
      length = llama_token_to_piece(vocab_, token, piece.data(),
                                    static_cast<std::int32_t>(piece.size()), 0, false);
    }
    piece.resize(static_cast<std::size_t>(std::max(length, 0)));
    return piece;
  }

  Result<std::vector<int>> Tokenize(std::string_view text) const {
    std::vector<int> tokens(text.size() + 8);
    const int count =
        llama_tokenize(vocab_, text.data(), static_cast<std::int32_t>(text.size()), tokens.data(),
                       static_cast<std::int32_t>(tokens.size()), false, true);
    if (count < 0) return Error{ErrorCode::kInternal, "llama.cpp could not tokenise a text."};
    tokens.resize(static_cast<std::size_t>(count));
    return tokens;
  }

  Result<std::string> ApplyTemplate(const std::vector<Message>& messages) const {
    std::vector<llama_chat_message> chat;
    std::size_t length = 0;
    for (const Message& message : messages) {
      chat.push_back({RoleName(message.role).data(), message.content.c_str()});
      length += message.content.size() + 64;
    }
    std::string rendered(length + 256, '\0');
    const int count = llama_chat_apply_template(llama_model_chat_template(model_.get(), nullptr),
                                                chat.data(), chat.size(), true, rendered.data(),
                                                static_cast<std::int32_t>(rendered.size()));
    if (count < 0 || static_cast<std::size_t>(count) > rendered.size()) {
      return Error{
          ErrorCode::kInvalidArgument,
          fmt::format("The chat template of {} is not one that llama.cpp knows.", path_.string())};
    }
    rendered.resize(static_cast<std::size_t>(count));
    return rendered;
  }

  Result<std::vector<int>> PromptTokens(const std::vector<Message>& messages) const {
    std::vector<int> prompt = SCA_TRY(RenderPrompt(
        messages, {.apply_template = [this](const auto& list) { return ApplyTemplate(list); },
                   .tokenize = [this](std::string_view text) { return Tokenize(text); }}));
    // Llama's families want it, Qwen and SmolLM do not.
    const int first = llama_vocab_bos(vocab_);
    if (llama_vocab_get_add_bos(vocab_) && (prompt.empty() || prompt.front() != first)) {
      prompt.insert(prompt.begin(), first);
    }
    return prompt;
  }

  // On the batcher's thread.
  Status SetAdapter(const std::optional<fs::path>& gguf) {
    AdapterPointer adapter;
    if (gguf.has_value()) {
      SCA_TRY(CheckWhole(*gguf));
      adapter.reset(llama_adapter_lora_init(model_.get(), gguf->c_str()));
      if (adapter == nullptr) {
        return Error{ErrorCode::kInvalidArgument, fmt::format("{} is not a LoRA adapter for {}.",
                                                              gguf->string(), path_.string())};
      }
    }
    llama_adapter_lora* pointer = adapter.get();
    float scale = 1.0F;
    if (llama_set_adapters_lora(context_.get(), &pointer, pointer == nullptr ? 0 : 1, &scale) !=
        0) {
      return Error{ErrorCode::kInternal, "llama.cpp did not take the adapter."};
    }
    std::swap(adapter_, adapter);
    Clear();
    return {};
  }

  Status ScoreTokens(std::span<const int> tokens, std::vector<float>& logprobs) {
    if (tokens.size() > static_cast<std::size_t>(options_.context_tokens)) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{} tokens do not fit the context of {} tokens. Raise "
                               "model.context_tokens.",
                               tokens.size(), options_.context_tokens)};
    }
    for (const int token : tokens) {
      if (token >= 0 && token < llama_vocab_n_tokens(vocab_)) continue;
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{} is no token of {}.", token, path_.string())};
    }
    Clear();
    for (std::size_t first = 0; first + 1 < tokens.size(); first += kScoredTokens) {
      std::vector<BatchToken> batch;
      const std::size_t end = std::min(tokens.size() - 1, first + kScoredTokens);
      for (std::size_t index = first; index < end; ++index) {
        batch.push_back({.token = tokens[index],
                         .position = static_cast<int>(index),
                         .slot = 0,
                         .wants_logits = true});
      }
      SCA_TRY(Evaluate(batch));
      for (std::size_t index = first; index < end; ++index) {
        const std::span<const float> logits = Logits(index - first);
        const float logit_max = LargestLogit(logits);
        const double logit = logits[static_cast<std::size_t>(tokens[index + 1])];
        logprobs.push_back(static_cast<float>(logit - LogSumExp(logits, logit_max)));
      }
    }
    Clear();
    return {};
  }

  Status Bench(BenchFigure& figure) {
    constexpr int kPromptTokens = 256;
    constexpr int kSteps = 24;
    figure.width = options_.width;
    figure.context_tokens = std::min(figure.context_tokens, options_.context_tokens - kSteps);
    using Clock = std::chrono::steady_clock;
    const auto seconds = [](Clock::time_point from) {
      return std::chrono::duration<double>(Clock::now() - from).count();
    };
    Clear();
    auto start = Clock::now();
    for (int slot = 0; slot < options_.width; ++slot) {
      SCA_TRY(EvaluateFiller(slot, std::min(kPromptTokens, options_.context_tokens)));
    }
    figure.prompt_tokens_per_s = options_.width * kPromptTokens / seconds(start);

    Clear();
    SCA_TRY(EvaluateFiller(0, figure.context_tokens));
    for (int slot = 1; slot < options_.width; ++slot) KeepPrefix(0, slot, figure.context_tokens);
    start = Clock::now();
    std::vector<BatchToken> batch;
    for (int step = 0; step < kSteps; ++step) {
      batch.clear();
      for (int slot = 0; slot < options_.width; ++slot) {
        batch.push_back({.token = 200 + (slot * 13 + step) % 1000,
                         .position = figure.context_tokens + step,
                         .slot = slot,
                         .wants_logits = true});
      }
      SCA_TRY(Evaluate(batch));
    }
    figure.decode_tokens_per_s = options_.width * kSteps / seconds(start);
    Clear();
    return {};
  }

  Batcher& batcher() { return *batcher_; }
  const fs::path& path() const { return path_; }

 private:
  // The first `tokens` tokens of a slot: any will do where only time is of interest.
  Status EvaluateFiller(int slot, int tokens) {
    std::vector<BatchToken> batch;
    for (int position = 0; position < tokens; ++position) {
      batch.push_back({.token = 100 + (slot * 31 + position * 7) % 1000,
                       .position = position,
                       .slot = slot,
                       .wants_logits = position + 1 == tokens});
      if (static_cast<int>(batch.size()) < kBatchTokens && position + 1 < tokens) continue;
      SCA_TRY(Evaluate(batch));
      batch.clear();
    }
    return {};
  }

  void Clear() { llama_memory_clear(llama_get_memory(context_.get()), false); }

  fs::path path_;
  LlamaOptions options_;
  ModelPointer model_;
  AdapterPointer adapter_;
  ContextPointer context_;
  const llama_vocab* vocab_;
  llama_batch batch_;
  std::unique_ptr<Batcher> batcher_;  // Its thread uses all the above.
};

namespace {

class SeatSession : public Session {
 public:
  struct Tools {
    std::function<Result<std::vector<int>>(const std::vector<Message>&)> render;
    std::function<Result<std::vector<int>>(std::string_view)> tokenize;
  };
  SeatSession(Batcher& batcher, Tools tools, std::size_t seat)
      : batcher_(batcher), tools_(std::move(tools)), seat_(seat) {}
  ~SeatSession() override { batcher_.Leave(seat_); }

  Result<Completion> Complete(const CompletionRequest& request) override {
    std::vector<int> prompt = SCA_TRY(tools_.render(request.messages));
    std::vector<int> prefill;
    if (!request.prefill.empty()) prefill = SCA_TRY(tools_.tokenize(request.prefill));
    prompt.insert(prompt.end(), prefill.begin(), prefill.end());
    Completion completion = SCA_TRY(batcher_.Complete(seat_, std::move(prompt), request.sampling));
    completion.text.insert(0, request.prefill);
    completion.prefill_tokens = std::move(prefill);
    return completion;
  }

 private:
  Batcher& batcher_;
  Tools tools_;
  std::size_t seat_;
};

}  // namespace

LlamaModel::LlamaModel(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LlamaModel::~LlamaModel() = default;

Result<std::unique_ptr<LlamaModel>> LlamaModel::Load(const fs::path& gguf,
                                                     const LlamaOptions& options) {
  StartBackendOnce();
  if (options.width < 1 || options.width > kWidthMax || options.context_tokens < 2) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("model.width must be from 1 to {} and model.context_tokens at least "
                             "2; they are {} and {}.",
                             kWidthMax, options.width, options.context_tokens)};
  }
  SCA_TRY(CheckWhole(gguf));
  ModelPointer model(llama_model_load_from_file(gguf.c_str(), llama_model_default_params()));
  if (model == nullptr) {
    return Error{ErrorCode::kDataLoss,
                 fmt::format("llama.cpp cannot load {}; run.log says why.", gguf.string())};
  }
  const int threads = options.threads > 0
                          ? options.threads
                          : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  llama_context_params parameters = llama_context_default_params();
  parameters.n_ctx = static_cast<std::uint32_t>(options.width * options.context_tokens);
  parameters.n_seq_max = static_cast<std::uint32_t>(options.width);
  parameters.n_batch = kBatchTokens;
  parameters.n_ubatch = kMicroBatchTokens;
  parameters.n_threads = threads;
  parameters.n_threads_batch = threads;
  parameters.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
  parameters.kv_unified = false;  // A stream a slot: attention reads only a sequence's own cells.
  parameters.no_perf = true;
  ContextPointer context(llama_init_from_model(model.get(), parameters));
  if (context == nullptr) {
    return Error{ErrorCode::kInternal,
                 fmt::format("There is not enough memory for {} sequences of {} tokens. Lower "
                             "model.width or model.context_tokens.",
                             options.width, options.context_tokens)};
  }
  return std::unique_ptr<LlamaModel>(
      new LlamaModel(std::make_unique<Parts>(gguf, options, std::move(model), std::move(context))));
}

Result<std::vector<std::unique_ptr<Session>>> LlamaModel::OpenWave(std::size_t seats) {
  SCA_TRY(parts_->batcher().OpenWave(seats));
  std::vector<std::unique_ptr<Session>> sessions;
  for (std::size_t seat = 0; seat < seats; ++seat) {
    sessions.push_back(std::make_unique<SeatSession>(
        parts_->batcher(),
        SeatSession::Tools{
            .render = [this](const auto& messages) { return parts_->PromptTokens(messages); },
            .tokenize = [this](std::string_view text) { return parts_->Tokenize(text); }},
        seat));
  }
  return sessions;
}

Status LlamaModel::SetAdapter(const std::optional<fs::path>& gguf) {
  return parts_->batcher().Alone([&] { return parts_->SetAdapter(gguf); });
}

ModelStatistics LlamaModel::statistics() const { return parts_->batcher().statistics(); }

Result<std::vector<int>> LlamaModel::PromptTokens(const std::vector<Message>& messages) const {
  return parts_->PromptTokens(messages);
}

Result<std::vector<int>> LlamaModel::Tokenize(std::string_view text) const {
  return parts_->Tokenize(text);
}

Result<std::vector<float>> LlamaModel::ScoreTokens(std::span<const int> tokens) {
  std::vector<float> logprobs;
  SCA_TRY(parts_->batcher().Alone([&] { return parts_->ScoreTokens(tokens, logprobs); }));
  return logprobs;
}

Result<BenchFigure> LlamaModel::BatchedBench(int context_tokens) {
  BenchFigure figure{.context_tokens = std::max(1, context_tokens)};
  SCA_TRY(parts_->batcher().Alone([&] { return parts_->Bench(figure); }));
  return figure;
}

const fs::path& LlamaModel::path() const { return parts_->path(); }

Status ConvertToBf16(const fs::path& source, const fs::path& target) {
  StartBackendOnce();
  SCA_TRY(CheckWhole(source));
  llama_model_quantize_params parameters = llama_model_quantize_default_params();
  parameters.ftype = LLAMA_FTYPE_MOSTLY_BF16;
  parameters.allow_requantize = true;
  const fs::path partial = target.string() + ".partial";
  if (llama_model_quantize(source.c_str(), partial.c_str(), &parameters) != 0) {
    std::error_code ignored;
    fs::remove(partial, ignored);
    return Error{ErrorCode::kInternal,
                 fmt::format("Cannot convert {} to bfloat16. Is the disk full?", source.string())};
  }
  std::error_code code;
  fs::rename(partial, target, code);
  if (code) return Error{ErrorCode::kInternal, "Cannot rename " + partial.string() + "."};
  return {};
}

}  // namespace sca::llm
