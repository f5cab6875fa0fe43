#include "train/adapter_file.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "train/tiny_gguf.h"

namespace sca::train {
namespace {

class AdapterFile : public testing::Test {
 protected:
  ~AdapterFile() override { std::filesystem::remove(path_); }

  LoraLayout Layout(const LoraOptions& options) const {
    return LoraLayout::Create(shape_, options).value();
  }

  const ModelShape shape_ = MakeTinyModel("qwen2", 1).shape;
  const std::filesystem::path path_ = ScratchFile("adapter.gguf");
  const LoraLayout layout_ = Layout({.rank = 3, .alpha = 6});
};

TEST_F(AdapterFile, GivesBackWhatWasWritten) {
  std::vector<float> parameters(layout_.parameters());
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i] = 0.5F * static_cast<float>(i);

  ASSERT_TRUE(WriteAdapter(path_, shape_, layout_, parameters).ok());
  const auto read = ReadAdapter(path_, shape_, layout_);

  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, parameters);
}

TEST_F(AdapterFile, TellsTheOptionsItWasWrittenWith) {
  const LoraLayout layout =
      Layout({.rank = 5, .alpha = 7.5, .dropout = 0, .target_modules = {"q_proj", "down_proj"}});
  ASSERT_TRUE(WriteAdapter(path_, shape_, layout, layout.InitialParameters(1)).ok());

  const auto options = ReadAdapterOptions(path_);

  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->rank, 5);
  EXPECT_EQ(options->alpha, 7.5);
  EXPECT_EQ(options->target_modules, (std::vector<std::string>{"q_proj", "down_proj"}));
}

TEST_F(AdapterFile, HasNoOptionsWhereItIsNoAdapter) {
  WriteTinyGguf(MakeTinyModel("qwen2", 1), path_);

  EXPECT_EQ(ReadAdapterOptions(path_).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ReadAdapterOptions("/nonexistent.gguf").error().code, ErrorCode::kNotFound);
}

TEST_F(AdapterFile, RefusesAnAdapterOfOtherOptions) {
  ASSERT_TRUE(WriteAdapter(path_, shape_, layout_, layout_.InitialParameters(1)).ok());
  ModelShape other = shape_;
  other.architecture = "llama";

  for (const LoraOptions& options :
       {LoraOptions{.rank = 4, .alpha = 6}, LoraOptions{.rank = 3, .alpha = 7},
        LoraOptions{.rank = 3, .alpha = 6, .dropout = 0, .target_modules = {"q_proj"}}}) {
    const auto read = ReadAdapter(path_, shape_, Layout(options));
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(ReadAdapter(path_, other, layout_).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(AdapterFile, SaysThatAFileIsCutOffOrNoAdapter) {
  ASSERT_TRUE(WriteAdapter(path_, shape_, layout_, layout_.InitialParameters(1)).ok());
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 64);
  EXPECT_EQ(ReadAdapter(path_, shape_, layout_).error().code, ErrorCode::kDataLoss);

  WriteTinyGguf(MakeTinyModel("qwen2", 1), path_);
  EXPECT_EQ(ReadAdapter(path_, shape_, layout_).error().code, ErrorCode::kInvalidArgument);
}

TEST(LoraLayout, PlacesEveryMatrixOnceWithoutGaps) {
  const ModelShape shape = MakeTinyModel("llama", 1).shape;
  const LoraLayout layout =
      LoraLayout::Create(shape, {.rank = 2, .target_modules = {"q_proj", "down_proj"}}).value();

  std::size_t next = 0;
  for (const LoraModule& module : layout.modules()) {
    EXPECT_EQ(module.a, next);
    EXPECT_EQ(module.b, module.a + 2 * static_cast<std::size_t>(module.inputs));
    next = module.b + 2 * static_cast<std::size_t>(module.outputs);
  }
  EXPECT_EQ(layout.modules().size(), 4U);
  EXPECT_EQ(layout.parameters(), next);
  EXPECT_EQ(layout.Find(1, 1), nullptr);
  EXPECT_EQ(layout.Find(1, 6)->tensor, "blk.1.ffn_down.weight");
}

TEST(LoraLayout, NamesTheModuleItDoesNotKnow) {
  const ModelShape shape = MakeTinyModel("llama", 1).shape;

  const auto layout = LoraLayout::Create(shape, {.target_modules = {"lm_head"}});

  ASSERT_FALSE(layout.ok());
  EXPECT_NE(layout.error().message.find("lm_head"), std::string::npos);
  EXPECT_FALSE(LoraLayout::Create(shape, {.rank = 0}).ok());
  EXPECT_FALSE(LoraLayout::Create(shape, {.dropout = 1.0}).ok());
}

}  // namespace
}  // namespace sca::train
