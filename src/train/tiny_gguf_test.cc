#include "train/tiny_gguf.h"

#include <fmt/format.h>
#include <ggml.h>
#include <gguf.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/random.h"

namespace sca::train {
namespace {

void AddTensor(TinyModel& model, const std::string& name, int elements, double middle,
               RandomStream& random) {
  std::vector<float>& tensor = model.tensors[name];
  for (int i = 0; i < elements; ++i) {
    tensor.push_back(static_cast<float>(middle + 0.6 * (random.Uniform() - 0.5)));
  }
}

}  // namespace

TinyModel MakeTinyModel(const std::string& architecture, std::uint64_t seed) {
  RandomStream random(seed);
  TinyModel model;
  model.shape = {.architecture = architecture,
                 .layers = 2,
                 .width = 16,
                 .feed_forward = 24,
                 .heads = 4,
                 .key_value_heads = 2,
                 .head_width = 4,
                 .vocabulary = 40,
                 .context_max = 64,
                 .norm_epsilon = 1e-5F,
                 .rope_base = 100,
                 .rope_by_halves = architecture == "qwen2"};
  const ModelShape& shape = model.shape;
  AddTensor(model, "token_embd.weight", shape.vocabulary * shape.width, 0, random);
  AddTensor(model, "output_norm.weight", shape.width, 1, random);
  if (architecture == "llama") {
    AddTensor(model, "output.weight", shape.vocabulary * shape.width, 0, random);
  }
  for (int layer = 0; layer < shape.layers; ++layer) {
    const std::string prefix = fmt::format("blk.{}.", layer);
    AddTensor(model, prefix + "attn_norm.weight", shape.width, 1, random);
    AddTensor(model, prefix + "ffn_norm.weight", shape.width, 1, random);
    for (const Projection& projection : ProjectionsOf(shape)) {
      AddTensor(model, prefix + projection.tensor + ".weight",
                projection.inputs * projection.outputs, 0, random);
      const std::string& module = projection.module;
      if (architecture == "qwen2" &&
          (module == "q_proj" || module == "k_proj" || module == "v_proj")) {
        AddTensor(model, prefix + projection.tensor + ".bias", projection.outputs, 0, random);
      }
    }
  }
  return model;
}

void WriteTinyGguf(const TinyModel& model, const std::filesystem::path& path) {
  const ModelShape& shape = model.shape;
  gguf_context* file = gguf_init_empty();
  gguf_set_val_str(file, "general.architecture", shape.architecture.c_str());
  const std::string prefix = shape.architecture + ".";
  const auto set = [&](const char* key, int value) {
    gguf_set_val_u32(file, (prefix + key).c_str(), static_cast<std::uint32_t>(value));
  };
  set("block_count", shape.layers);
  set("embedding_length", shape.width);
  set("feed_forward_length", shape.feed_forward);
  set("attention.head_count", shape.heads);
  set("attention.head_count_kv", shape.key_value_heads);
  set("context_length", shape.context_max);
  gguf_set_val_f32(file, (prefix + "attention.layer_norm_rms_epsilon").c_str(), shape.norm_epsilon);
  gguf_set_val_f32(file, (prefix + "rope.freq_base").c_str(), shape.rope_base);

  ggml_context* tensors = ggml_init({std::size_t{1} << 20, nullptr, false});
  for (const auto& [name, elements] : model.tensors) {
    const auto count = static_cast<std::int64_t>(elements.size());
    std::int64_t columns = name.ends_with("_norm.weight") || name.ends_with(".bias") ? count
                           : name.find("ffn_down") != std::string::npos ? shape.feed_forward
                                                                        : shape.width;
    ggml_tensor* tensor =
        count == columns ? ggml_new_tensor_1d(tensors, GGML_TYPE_F32, columns)
                         : ggml_new_tensor_2d(tensors, GGML_TYPE_F32, columns, count / columns);
    ggml_set_name(tensor, name.c_str());
    std::copy(elements.begin(), elements.end(), static_cast<float*>(tensor->data));
    gguf_add_tensor(file, tensor);
  }
  gguf_write_to_file(file, path.c_str(), false);
  ggml_free(tensors);
  gguf_free(file);
}

std::filesystem::path ScratchFile(const std::string& name) {
  return std::filesystem::temp_directory_path() / fmt::format("sca_train_{}_{}", getpid(), name);
}

namespace {

TEST(ModelFile, ReadsShapeAndWeightsOfAGguf) {
  const std::filesystem::path path = ScratchFile("whole.gguf");
  const TinyModel model = MakeTinyModel("qwen2", 1);
  WriteTinyGguf(model, path);

  const auto file = ModelFile::Open(path);

  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ((*file)->shape().vocabulary, 40);
  EXPECT_EQ((*file)->shape().key_value_heads, 2);
  EXPECT_TRUE((*file)->shape().rope_by_halves);
  EXPECT_FALSE((*file)->HasTensor("output.weight"));
  std::vector<float> bias(16);
  ASSERT_TRUE((*file)->ReadFloats("blk.1.attn_q.bias", bias.data()).ok());
  EXPECT_EQ(bias, model.tensors.at("blk.1.attn_q.bias"));
  std::filesystem::remove(path);
}

TEST(ModelFile, NamesTheArchitectureItDoesNotKnow) {
  const std::filesystem::path path = ScratchFile("foreign.gguf");
  WriteTinyGguf(MakeTinyModel("gptneox", 1), path);

  const auto file = ModelFile::Open(path);

  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(file.error().message.find("gptneox"), std::string::npos);
  std::filesystem::remove(path);
}

TEST(ModelFile, RefusesATensorThatItWouldIgnore) {
  const std::filesystem::path path = ScratchFile("extra.gguf");
  TinyModel model = MakeTinyModel("llama", 1);
  model.tensors["blk.0.attn_q_norm.weight"] = {1, 1, 1, 1};
  WriteTinyGguf(model, path);

  const auto file = ModelFile::Open(path);

  ASSERT_FALSE(file.ok());
  EXPECT_NE(file.error().message.find("attn_q_norm"), std::string::npos);
  std::filesystem::remove(path);
}

TEST(ModelFile, RefusesAMissingAndAMisshapenTensor) {
  const std::filesystem::path path = ScratchFile("shape.gguf");
  TinyModel missing = MakeTinyModel("llama", 1);
  missing.tensors.erase("blk.1.ffn_up.weight");
  WriteTinyGguf(missing, path);
  EXPECT_EQ(ModelFile::Open(path).error().code, ErrorCode::kInvalidArgument);

  TinyModel misshapen = MakeTinyModel("llama", 1);
  misshapen.tensors["blk.1.ffn_up.weight"].resize(16 * 23);
  WriteTinyGguf(misshapen, path);
  EXPECT_EQ(ModelFile::Open(path).error().code, ErrorCode::kInvalidArgument);
  std::filesystem::remove(path);
}

TEST(ModelFile, SaysThatAFileIsCutOffWhereverItIsCut) {
  const std::filesystem::path path = ScratchFile("cut.gguf");
  WriteTinyGguf(MakeTinyModel("llama", 1), path);
  const std::uintmax_t whole = std::filesystem::file_size(path);

  for (std::uintmax_t keep = whole - 40; keep > 0; keep = keep * 7 / 8) {
    std::filesystem::resize_file(path, keep);
    const auto file = ModelFile::Open(path);
    ASSERT_FALSE(file.ok()) << keep;
    EXPECT_EQ(file.error().code, ErrorCode::kDataLoss) << keep;
  }
  std::filesystem::remove(path);
}

TEST(ModelFile, TellsAMissingFileFromABadOne) {
  EXPECT_EQ(ModelFile::Open("/no/such.gguf").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace sca::train
