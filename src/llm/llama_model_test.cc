// These need the smallest model of the catalogue, which ./test.sh fetches.

#include "llm/llama_model.h"

#include <ggml.h>
#include <gguf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <thread>

#include "base/files.h"
#include "llm/catalog.h"

namespace sca::llm {
namespace {

namespace fs = std::filesystem;

fs::path SmallModel() { return FindModel("smollm2-135m-instruct").value(); }

// One thread: two would spin at barriers for minutes where other tests run beside.
std::unique_ptr<LlamaModel> LoadSmall() {
  return LlamaModel::Load(SmallModel(), {.width = 4, .context_tokens = 512, .threads = 1}).value();
}

fs::path ScratchFile(const std::string& name) { return fs::path(testing::TempDir()) / name; }

std::vector<Message> FirstMessages(std::size_t seat) {
  return {{.role = Role::kSystem,
           .content = "You are a cook in a kitchen with a pan, a pot, an oven, four plates, a "
                      "sharp knife and a fridge full of eggs, butter, milk, leeks, onions, rice "
                      "and cheese. You answer shortly, in one sentence, and you never lie."},
          {.role = Role::kUser, .content = "Name dish " + std::to_string(seat) + "."}};
}

// Six seats in four slots, two turns each: the replies of every seat, in order.
std::vector<std::vector<Completion>> PlayWave(LlamaModel& model) {
  auto wave = model.OpenWave(6).value();
  std::vector<std::vector<Completion>> replies(wave.size());
  std::vector<std::jthread> threads;
  for (std::size_t seat = 0; seat < wave.size(); ++seat) {
    threads.emplace_back([&replies, seat, session = std::move(wave[seat])] {
      std::vector<Message> chat = FirstMessages(seat);
      for (std::uint64_t turn = 0; turn < 2; ++turn) {
        const Completion reply =
            session
                ->Complete({.messages = chat, .sampling = {.tokens_max = 16, .seed = seat + turn}})
                .value();
        chat.push_back(
            {.role = Role::kAssistant, .content = reply.text, .token_ids = reply.tokens});
        chat.push_back({.role = Role::kUser, .content = "And another?"});
        replies[seat].push_back(reply);
      }
    });
  }
  threads.clear();
  return replies;
}

// A LoRA of rank 1 on one projection of the small model, all its numbers `value`.
void WriteAdapter(const fs::path& file, float value) {
  constexpr std::int64_t kHidden = 576;
  ggml_context* tensors =
      ggml_init({.mem_size = std::size_t{1} << 20, .mem_buffer = nullptr, .no_alloc = false});
  gguf_context* gguf = gguf_init_empty();
  gguf_set_val_str(gguf, "general.type", "adapter");
  gguf_set_val_str(gguf, "general.architecture", "llama");
  gguf_set_val_str(gguf, "adapter.type", "lora");
  gguf_set_val_f32(gguf, "adapter.lora.alpha", 1.0F);
  ggml_tensor* down = ggml_new_tensor_2d(tensors, GGML_TYPE_F32, kHidden, 1);
  ggml_tensor* up = ggml_new_tensor_2d(tensors, GGML_TYPE_F32, 1, kHidden);
  ggml_set_name(down, "blk.3.attn_q.weight.lora_a");
  ggml_set_name(up, "blk.3.attn_q.weight.lora_b");
  for (ggml_tensor* tensor : {down, up}) {
    std::fill_n(static_cast<float*>(tensor->data), kHidden, value);
    gguf_add_tensor(gguf, tensor);
  }
  gguf_write_to_file(gguf, file.c_str(), false);
  gguf_free(gguf);
  ggml_free(tensors);
}

TEST(LlamaModel, GivesTheSameWaveTwice) {
  const auto first = PlayWave(*LoadSmall());
  const auto model = LoadSmall();
  const auto second = PlayWave(*model);
  const auto third = PlayWave(*model);

  for (std::size_t seat = 0; seat < first.size(); ++seat) {
    for (std::size_t turn = 0; turn < first[seat].size(); ++turn) {
      EXPECT_EQ(first[seat][turn].tokens, second[seat][turn].tokens) << seat;
      EXPECT_EQ(first[seat][turn].logprobs, second[seat][turn].logprobs) << seat;
      EXPECT_EQ(first[seat][turn].logprobs, third[seat][turn].logprobs) << seat;
    }
  }
  EXPECT_GT(model->statistics().prompt_tokens_reused, model->statistics().prompt_tokens_evaluated);
}

TEST(LlamaModel, BeginsATurnWithThePromptAndReplyOfTheTurnBefore) {
  for (const std::vector<Completion>& turns : PlayWave(*LoadSmall())) {
    std::vector<int> before = turns[0].prompt_tokens;
    before.insert(before.end(), turns[0].tokens.begin(), turns[0].tokens.end());

    ASSERT_GT(turns[1].prompt_tokens.size(), before.size());
    EXPECT_TRUE(std::equal(before.begin(), before.end(), turns[1].prompt_tokens.begin()));
  }
}

// Copied prefixes and batches of others change nothing but the last digits.
TEST(LlamaModel, SamplesWithTheLogprobsThatScoringGives) {
  const auto model = LoadSmall();

  for (const std::vector<Completion>& turns : PlayWave(*model)) {
    const Completion& last = turns.back();
    std::vector<int> tokens = last.prompt_tokens;
    tokens.insert(tokens.end(), last.tokens.begin(), last.tokens.end());
    const std::vector<float> scores = model->ScoreTokens(tokens).value();

    ASSERT_EQ(scores.size(), tokens.size() - 1);
    for (std::size_t index = 0; index < last.tokens.size(); ++index) {
      EXPECT_NEAR(last.logprobs[index], scores[last.prompt_tokens.size() - 1 + index], 0.15);
    }
  }
}

TEST(LlamaModel, TakesAnAdapterOnAndOffAgain) {
  const auto model = LoadSmall();
  const std::vector<int> tokens = model->PromptTokens(FirstMessages(0)).value();
  const fs::path adapter = ScratchFile("adapter.gguf");
  WriteAdapter(adapter, 0.05F);

  const auto base = model->ScoreTokens(tokens).value();
  ASSERT_TRUE(model->SetAdapter(adapter).ok());
  const auto adapted = model->ScoreTokens(tokens).value();
  ASSERT_TRUE(model->SetAdapter(std::nullopt).ok());
  const auto again = model->ScoreTokens(tokens).value();

  EXPECT_NE(base, adapted);
  EXPECT_EQ(base, again);
}

TEST(LlamaModel, MakesAnErrorOfAnAdapterThatDiverged) {
  const auto model = LoadSmall();
  const fs::path adapter = ScratchFile("diverged.gguf");
  WriteAdapter(adapter, NAN);
  ASSERT_TRUE(model->SetAdapter(adapter).ok());

  const auto wave = model->OpenWave(1).value();
  const auto reply = wave[0]->Complete({.messages = FirstMessages(0)});

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, ErrorCode::kDataLoss);
}

TEST(LlamaModel, RefusesWhatIsNotAnAdapterAndKeepsWorking) {
  const auto model = LoadSmall();

  EXPECT_EQ(model->SetAdapter("/no/such/file.gguf").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(model->SetAdapter(SmallModel()).error().code, ErrorCode::kInvalidArgument);

  EXPECT_TRUE(model->ScoreTokens(model->Tokenize("One two three").value()).ok());
}

TEST(LlamaModel, RefusesTokensThatItDoesNotHaveOrThatDoNotFit) {
  const auto model = LoadSmall();

  EXPECT_EQ(model->ScoreTokens(std::vector<int>{1, 99'999'999}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(model->ScoreTokens(std::vector<int>(513, 5)).error().code, ErrorCode::kInvalidArgument);
}

TEST(LlamaModel, RefusesAPromptThatDoesNotFit) {
  const auto model = LoadSmall();
  const auto wave = model->OpenWave(1).value();
  std::string text;
  for (int word = 0; word < 600; ++word) text += " word";

  const auto reply = wave[0]->Complete({.messages = {{.content = text}}});

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, ErrorCode::kInvalidArgument);
}

TEST(LlamaModel, NamesAFileThatIsMissingForeignOrTruncated) {
  const fs::path foreign = ScratchFile("foreign.gguf");
  ASSERT_TRUE(WriteFileAtomically(foreign, "This is not a model.").ok());
  const fs::path truncated = ScratchFile("truncated.gguf");
  fs::copy_file(SmallModel(), truncated, fs::copy_options::overwrite_existing);
  fs::resize_file(truncated, fs::file_size(truncated) - 4096);

  const auto missing = LlamaModel::Load("/no/such/model.gguf", {});
  const auto strange = LlamaModel::Load(foreign, {});
  const auto cut = LlamaModel::Load(truncated, {});
  fs::remove(truncated);

  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(strange.error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(cut.error().code, ErrorCode::kDataLoss);
  EXPECT_NE(cut.error().message.find(truncated.string()), std::string::npos);
  EXPECT_NE(cut.error().message.find("sca model pull"), std::string::npos);
}

// llama.cpp itself ends the process for these.
TEST(LlamaModel, RefusesAFileWhoseHeaderHoldsImpossibleNumbers) {
  const fs::path damaged = ScratchFile("damaged.gguf");
  for (const std::string key : {"llama.block_count", "llama.attention.layer_norm_rms_epsilon"}) {
    fs::copy_file(SmallModel(), damaged, fs::copy_options::overwrite_existing);
    std::fstream file(damaged, std::ios::in | std::ios::out | std::ios::binary);
    std::string head(4096, '\0');
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    const std::size_t at = head.find(key);
    ASSERT_NE(at, std::string::npos);
    file.seekp(static_cast<std::streamoff>(at + key.size() + 4));  // Behind the value's type.
    file.write("\xff\xff\xff\xff", 4);
    file.close();

    const auto model = LlamaModel::Load(damaged, {.width = 1, .context_tokens = 64});

    ASSERT_FALSE(model.ok()) << key;
    EXPECT_EQ(model.error().code, ErrorCode::kDataLoss) << key;
  }
  fs::remove(damaged);
}

TEST(LlamaModel, RefusesAWidthThatNoContextCanHave) {
  for (const int width : {0, -1, 257}) {
    const auto model = LlamaModel::Load(SmallModel(), {.width = width});
    ASSERT_FALSE(model.ok()) << width;
    EXPECT_EQ(model.error().code, ErrorCode::kInvalidArgument) << width;
  }
}

}  // namespace
}  // namespace sca::llm
