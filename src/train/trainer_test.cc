#include "train/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "base/files.h"
#include "train/blas.h"
#include "train/tiny_gguf.h"

namespace sca::train {
namespace {

const std::vector<TrainingSequence> kTrainingSequences = {
    {{3, 14, 15, 9, 26}, {0, 0, 0, 1, 1}},
    {{3, 14, 15, 30, 31, 2}, {0, 0, 0, 1, 1, 1}},
    {{8, 8, 39, 0}, {0, 1, 1, 1}},
    {{3, 14, 7, 7}, {0, 0, 1, 1}}};

const LoraOptions kLora{.rank = 2, .alpha = 4};
const FineTuneOptions kTraining{.learning_rate = 0.01, .epochs = 20, .batch_size = 3, .seed = 4};

class LoraTrainer : public testing::Test {
 protected:
  LoraTrainer() { WriteTinyGguf(MakeTinyModel("qwen2", 5), model_); }
  ~LoraTrainer() override {
    std::filesystem::remove(model_);
    std::filesystem::remove(adapter_);
  }

  std::unique_ptr<Trainer> Make(int workers = 2, std::uint64_t seed = 1) const {
    return Trainer::Create(model_, kLora, seed, {.precision = Precision::kFp32, .workers = workers})
        .value();
  }

  std::string AdapterBytes(const Trainer& trainer) const {
    EXPECT_TRUE(trainer.SaveAdapter(adapter_).ok());
    return ReadFile(adapter_).value();
  }

  const std::filesystem::path model_ = ScratchFile("trainer_model.gguf");
  const std::filesystem::path adapter_ = ScratchFile("trainer_adapter.gguf");
};

TEST_F(LoraTrainer, RaisesTheProbabilityOfWhatItIsShown) {
  const auto trainer = Make();
  const std::vector<float> before = trainer->LogProbabilities(kTrainingSequences[1].tokens).value();
  std::vector<StepReport> steps;

  const auto report = trainer->FineTune(kTrainingSequences, kTraining,
                                        [&](const StepReport& step) { steps.push_back(step); });

  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->steps, 40);  // 4 sequences, batches of 3: two steps an epoch.
  EXPECT_EQ(steps.size(), 40U);
  EXPECT_EQ(report->tokens, 20 * 19);
  EXPECT_LT(report->tokens_computed, report->tokens);
  EXPECT_LT(report->loss_last, 0.7 * report->loss_first);
  const std::vector<float> after = trainer->LogProbabilities(kTrainingSequences[1].tokens).value();
  for (std::size_t i = 2; i < after.size(); ++i) EXPECT_GT(after[i], before[i]);
}

TEST_F(LoraTrainer, LowersTheProbabilityUnderANegativeAdvantage) {
  const auto trainer = Make();
  std::vector<TrainingSequence> sequences = {kTrainingSequences[2]};
  for (float& weight : sequences[0].weights) weight = -weight;
  const float before = trainer->LogProbabilities(sequences[0].tokens).value()[2];

  ASSERT_TRUE(trainer->FineTune(sequences, {.epochs = 3, .seed = 1}, nullptr).ok());

  EXPECT_LT(trainer->LogProbabilities(sequences[0].tokens).value()[2], before);
}

TEST_F(LoraTrainer, ReportsTheMeanOverWeightedTokensOfTheBatch) {
  const auto trainer = Make();
  double expected = 0;
  int count = 0;
  for (const TrainingSequence& sequence : kTrainingSequences) {
    const std::vector<float> log_p = trainer->LogProbabilities(sequence.tokens).value();
    for (std::size_t i = 0; i < log_p.size(); ++i) {
      if (sequence.weights[i + 1] == 0) continue;
      expected -= static_cast<double>(log_p[i]);
      ++count;
    }
  }

  const auto report =
      trainer->FineTune(kTrainingSequences, {.epochs = 1, .batch_size = 4, .seed = 1}, nullptr);

  EXPECT_NEAR(report->loss_first, expected / count, 1e-5);
}

TEST_F(LoraTrainer, GivesTheSameBytesForTheSameInputs) {
  std::vector<std::string> adapters;
  for (int run = 0; run < 2; ++run) {
    const auto trainer = Make();
    ASSERT_TRUE(trainer->FineTune(kTrainingSequences, kTraining, nullptr).ok());
    adapters.push_back(AdapterBytes(*trainer));
  }
  EXPECT_EQ(adapters[0], adapters[1]);

  const auto other = Make(2, 2);
  ASSERT_TRUE(other->FineTune(kTrainingSequences, kTraining, nullptr).ok());
  EXPECT_NE(AdapterBytes(*other), adapters[0]);
}

TEST_F(LoraTrainer, GivesNearlyTheSameWithAnotherNumberOfWorkers) {
  std::vector<double> losses;
  for (const int workers : {1, 2, 3}) {
    losses.push_back(Make(workers)->FineTune(kTrainingSequences, kTraining, nullptr)->loss_last);
  }
  EXPECT_NEAR(losses[1], losses[0], 1e-3);
  EXPECT_NEAR(losses[2], losses[0], 1e-3);
}

TEST_F(LoraTrainer, GoesOnFromASavedAdapter) {
  const auto first = Make();
  ASSERT_TRUE(first->FineTune(kTrainingSequences, kTraining, nullptr).ok());
  const std::string saved = AdapterBytes(*first);
  const auto second = Make(2, 99);

  ASSERT_TRUE(second->LoadAdapter(adapter_).ok());

  EXPECT_EQ(second->LogProbabilities(kTrainingSequences[0].tokens).value(),
            first->LogProbabilities(kTrainingSequences[0].tokens).value());
  EXPECT_EQ(AdapterBytes(*second), saved);
}

TEST_F(LoraTrainer, RefusesSequencesItCannotLearnFromAndKeepsTheAdapter) {
  const auto trainer = Make();
  const std::string before = AdapterBytes(*trainer);

  const std::vector<TrainingSequence> bad = {{{1, 2, 3}, {0, 0, 0}},
                                             {{1, 40, 3}, {0, 0, 1}},
                                             {{1, -1, 3}, {0, 0, 1}},
                                             {{1, 2, 3}, {0, 1}},
                                             {{1, 2, 3}, {1, 0, 1}},
                                             {{1, 2, 3}, {0, 0, NAN}},
                                             {std::vector<int>(65, 1), std::vector<float>(65, 1)}};
  for (const TrainingSequence& sequence : bad) {
    const std::vector<TrainingSequence> both = {kTrainingSequences[0], sequence};
    const auto report = trainer->FineTune(both, kTraining, nullptr);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(report.error().message.find("sequence 1"), std::string::npos);
  }
  EXPECT_FALSE(trainer->FineTune({}, kTraining, nullptr).ok());
  EXPECT_EQ(AdapterBytes(*trainer), before);
}

TEST_F(LoraTrainer, StopsAndRestoresTheAdapterWhenTheLossIsNoNumber) {
  const auto trainer = Make();
  const std::string before = AdapterBytes(*trainer);

  const auto report = trainer->FineTune(kTrainingSequences,
                                        {.learning_rate = 1e30, .epochs = 4, .seed = 1}, nullptr);

  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(AdapterBytes(*trainer), before);
}

// On the real thing: bfloat16, the shapes and the vocabulary of a model that people use.
TEST(Trainer, LowersTheLossOfSmolLm2) {
  const char* folder = std::getenv("SCA_MODELS_DIR");
  const std::filesystem::path model =
      (folder != nullptr ? std::filesystem::path(folder) : ProjectFolder() / "models") /
      "smollm2-135m-instruct.bf16.gguf";
  ASSERT_TRUE(std::filesystem::exists(model))
      << "Fetch it: `sca model pull smollm2-135m-instruct`.";
  const auto trainer = Trainer::Create(model, {}, 1, {.workers = 2}).value();
  std::vector<TrainingSequence> sequences;
  for (int i = 0; i < 4; ++i) {
    TrainingSequence& sequence = sequences.emplace_back();
    for (int t = 0; t < 24; ++t) {
      sequence.tokens.push_back(t < 16 ? 1000 + t : 2000 + 10 * i + t);
      sequence.weights.push_back(t < 16 ? 0.0F : 1.0F);
    }
  }

  const auto report =
      trainer->FineTune(sequences, {.learning_rate = 1e-3, .epochs = 4, .seed = 1}, nullptr);

  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->precision == Precision::kBf16, HasFastBf16());
  EXPECT_LT(report->loss_last, 0.8 * report->loss_first);
}

TEST(BlasDescription, NamesBothLibraries) {
  EXPECT_NE(BlasDescription().find("OpenBLAS"), std::string::npos) << BlasDescription();
  EXPECT_NE(BlasDescription().find("oneDNN"), std::string::npos);
}

}  // namespace
}  // namespace sca::train
