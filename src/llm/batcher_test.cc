#include "llm/batcher.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <thread>

namespace sca::llm {
namespace {

using namespace std::chrono_literals;

constexpr int kVocabulary = 24;
constexpr int kEndOfTurn = 0;

// Each slot holds exactly its tokens, and the logits are a function of them: a wrong position, a
// stale slot or a wrong copy shows as another reply.
class FakeEngine : public SequenceEngine {
 public:
  explicit FakeEngine(int slots, int context_tokens = 400)
      : context_tokens_(context_tokens), held_(static_cast<std::size_t>(slots)) {}

  int slots() const override { return static_cast<int>(held_.size()); }
  int context_tokens() const override { return context_tokens_; }
  int batch_tokens_max() const override { return batch_tokens; }

  Status Evaluate(std::span<const BatchToken> batch) override {
    if (fails) return Error{ErrorCode::kInternal, "The engine is out of order."};
    logits_.clear();
    std::string step;
    for (const BatchToken& entry : batch) {
      std::vector<int>& tokens = held_[static_cast<std::size_t>(entry.slot)];
      if (entry.position != static_cast<int>(tokens.size())) ++wrong_positions;
      tokens.push_back(entry.token);
      logits_.push_back(LogitsAfter(tokens));
      step += std::to_string(entry.slot) + ":" + std::to_string(entry.token) + " ";
    }
    steps.push_back(step);
    return {};
  }

  std::span<const float> Logits(std::size_t index) const override { return logits_[index]; }

  void KeepPrefix(int from, int to, int tokens) override {
    const std::vector<int> source = held_[static_cast<std::size_t>(from)];
    if (tokens > static_cast<int>(source.size())) ++wrong_positions;
    held_[static_cast<std::size_t>(to)].assign(source.begin(), source.begin() + tokens);
  }

  bool EndsTurn(int token) const override { return token == kEndOfTurn; }
  std::string Text(int token) const override { return "<" + std::to_string(token) + ">"; }

  int batch_tokens = 64;  // Less than a prompt, so that prompts come in pieces.
  int wrong_positions = 0;
  bool fails = false;
  bool gives_nan = false;
  bool never_ends = false;
  std::vector<std::string> steps;  // What each Evaluate got.

 private:
  std::vector<float> LogitsAfter(const std::vector<int>& tokens) const {
    std::uint64_t state = 7;
    for (const int token : tokens)
      state = state * 6364136223846793005ULL +
              1442695040888963407ULL * static_cast<std::uint64_t>(token + 1);
    RandomStream random(state);
    std::vector<float> logits;
    for (int token = 0; token < kVocabulary; ++token) {
      logits.push_back(static_cast<float>(random.Uniform() * 4));
    }
    if (never_ends) logits[kEndOfTurn] = -100;
    if (gives_nan) logits.assign(kVocabulary, std::numeric_limits<float>::quiet_NaN());
    return logits;
  }

  int context_tokens_;
  std::vector<std::vector<int>> held_;
  std::vector<std::vector<float>> logits_;
};

// `shared` tokens that all seats have in common, then five of the seat's own.
std::vector<int> PromptOf(std::size_t seat, int shared) {
  std::vector<int> prompt;
  for (int token = 0; token < shared; ++token) prompt.push_back(1 + token % 20);
  for (int token = 0; token < 5; ++token) {
    prompt.push_back(1 + (static_cast<int>(seat) * 7 + token) % 20);
  }
  return prompt;
}

struct Wave {
  std::size_t seats = 6;
  int shared = 100;
  int turns = 2;
  std::function<void(std::size_t seat, int turn)> think = [](std::size_t, int) {};
};

// Plays the wave, a thread a seat, and gives the tokens of every seat's turns.
std::vector<std::vector<int>> Play(Batcher& batcher, const Wave& wave) {
  std::vector<std::vector<int>> replies(wave.seats);
  EXPECT_TRUE(batcher.OpenWave(wave.seats).ok());
  std::vector<std::jthread> threads;
  for (std::size_t seat = 0; seat < wave.seats; ++seat) {
    threads.emplace_back([&, seat] {
      std::vector<int> prompt = PromptOf(seat, wave.shared);
      for (int turn = 0; turn < wave.turns; ++turn) {
        wave.think(seat, turn);
        const auto reply = batcher.Complete(
            seat, prompt,
            {.tokens_max = 12, .seed = seat * 100 + static_cast<std::uint64_t>(turn)});
        if (!reply.ok()) {
          ADD_FAILURE() << reply.error().message;
          break;
        }
        replies[seat].insert(replies[seat].end(), reply->tokens.begin(), reply->tokens.end());
        replies[seat].push_back(-1);
        prompt.insert(prompt.end(), reply->tokens.begin(), reply->tokens.end());
        prompt.push_back(21);
      }
      batcher.Leave(seat);
    });
  }
  threads.clear();
  return replies;
}

Result<Completion> PlayOne(FakeEngine& engine, const SamplingOptions& sampling) {
  Batcher batcher(engine);
  EXPECT_TRUE(batcher.OpenWave(1).ok());
  auto reply = batcher.Complete(0, PromptOf(0, 10), sampling);
  batcher.Leave(0);
  return reply;
}

TEST(Batcher, GivesTheSameRepliesInAnyNumberOfSlots) {
  std::vector<std::vector<std::vector<int>>> replies;

  for (const int slots : {1, 2, 5, 16}) {
    FakeEngine engine(slots);
    Batcher batcher(engine);
    replies.push_back(Play(batcher, {.seats = 9, .turns = 3}));
    EXPECT_EQ(engine.wrong_positions, 0) << slots;
  }

  for (const auto& other : replies) EXPECT_EQ(other, replies[0]);
}

TEST(Batcher, TakesTheSameStepsHoweverLongSeatsThink) {
  std::vector<std::vector<std::string>> steps;

  for (const std::uint64_t seed : {1, 2, 3}) {
    FakeEngine engine(4);
    Batcher batcher(engine);
    Play(batcher, {.seats = 7, .turns = 3, .think = [seed](std::size_t seat, int turn) {
                     RandomStream random(seed * 1000 + seat * 10 + static_cast<unsigned>(turn));
                     std::this_thread::sleep_for(random.Below(4000) * 1us);
                   }});
    steps.push_back(engine.steps);
  }

  EXPECT_GT(steps[0].size(), 10U);
  EXPECT_EQ(steps[0], steps[1]);
  EXPECT_EQ(steps[0], steps[2]);
}

TEST(Batcher, TakesNoStepWhileASeatThinks) {
  FakeEngine engine(2);
  Batcher batcher(engine);
  ASSERT_TRUE(batcher.OpenWave(2).ok());

  std::jthread first([&] {
    EXPECT_TRUE(batcher.Complete(0, PromptOf(0, 10), {.tokens_max = 3}).ok());
    batcher.Leave(0);
  });
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(batcher.statistics().prompt_tokens_evaluated, 0);
  batcher.Leave(1);
  first.join();

  EXPECT_EQ(batcher.statistics().prompt_tokens_evaluated, 15);
}

TEST(Batcher, EvaluatesASharedPrefixOnce) {
  FakeEngine engine(8);
  engine.batch_tokens = 512;
  Batcher batcher(engine);

  Play(batcher, {.seats = 8, .shared = 100, .turns = 1});

  const ModelStatistics work = batcher.statistics();
  EXPECT_EQ(work.prompt_tokens_evaluated, 100 + 8 * 5);
  EXPECT_EQ(work.prompt_tokens_evaluated + work.prompt_tokens_reused, 8 * 105);
}

TEST(Batcher, EvaluatesOnlyWhatATurnAdds) {
  FakeEngine engine(1);
  engine.never_ends = true;
  Batcher batcher(engine);

  Play(batcher, {.seats = 1, .shared = 100, .turns = 2});

  // The second turn adds the reply's last token, which nothing came after, and the one below it.
  EXPECT_EQ(batcher.statistics().prompt_tokens_evaluated, 105 + 2);
}

TEST(Batcher, EndsTextWithTheStopString) {
  FakeEngine engine(1);
  engine.never_ends = true;
  const Completion whole = PlayOne(engine, {.tokens_max = 30, .seed = 5}).value();
  ASSERT_GE(whole.tokens.size(), 4U);
  // Begins in the third token's text and ends within the fourth's.
  const std::string third = engine.Text(whole.tokens[2]);
  const std::string stop = third.substr(1) + "<";

  FakeEngine again(1);
  again.never_ends = true;
  const Completion cut = PlayOne(again, {.tokens_max = 30, .stop = {stop}, .seed = 5}).value();

  EXPECT_EQ(cut.finish, FinishReason::kStopString);
  EXPECT_TRUE(cut.text.ends_with(stop)) << cut.text;
  EXPECT_LE(cut.tokens.size(), 4U);
  EXPECT_EQ(cut.tokens.size(), cut.logprobs.size());
}

TEST(Batcher, CountsStopStrings) {
  FakeEngine engine(1);
  engine.never_ends = true;
  const Completion free = PlayOne(engine, {.temperature = 0, .tokens_max = 60}).value();
  const std::string stop = engine.Text(free.tokens.front());
  std::size_t third = 0;
  for (int count = 0; count < 3; ++count) third = free.text.find(stop, third) + stop.size();
  ASSERT_LT(third, free.text.size());

  const Completion stopped =
      PlayOne(engine, {.temperature = 0, .tokens_max = 60, .stop = {stop}, .stop_count = 3})
          .value();

  EXPECT_EQ(stopped.text, free.text.substr(0, third));
  EXPECT_EQ(stopped.finish, FinishReason::kStopString);
}

TEST(Batcher, EndsAtTheTokenLimitOrWhenTheContextIsFull) {
  FakeEngine engine(1);
  engine.never_ends = true;
  FakeEngine narrow(1, 20);
  narrow.never_ends = true;

  const Completion limited = PlayOne(engine, {.tokens_max = 7}).value();
  const Completion full = PlayOne(narrow, {.tokens_max = 100}).value();

  EXPECT_EQ(limited.tokens.size(), 7U);
  EXPECT_EQ(limited.finish, FinishReason::kLength);
  EXPECT_EQ(full.finish, FinishReason::kLength);
  EXPECT_LE(full.prompt_tokens.size() + full.tokens.size(), 20U);
}

TEST(Batcher, RefusesAPromptThatDoesNotFit) {
  FakeEngine engine(1, 15);

  const auto reply = PlayOne(engine, {});

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, ErrorCode::kInvalidArgument);
}

TEST(Batcher, TellsWaitingSeatsOfAFailureAndServesTheNextWave) {
  FakeEngine engine(2);
  Batcher batcher(engine);
  engine.fails = true;
  ASSERT_TRUE(batcher.OpenWave(2).ok());
  batcher.Leave(1);
  const auto reply = batcher.Complete(0, PromptOf(0, 10), {});
  batcher.Leave(0);
  engine.fails = false;

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().message, "The engine is out of order.");
  Play(batcher, {.seats = 3});
  EXPECT_EQ(engine.wrong_positions, 0);
}

TEST(Batcher, MakesAnErrorOfLogitsThatAreNotNumbers) {
  FakeEngine engine(1);
  engine.gives_nan = true;

  const auto reply = PlayOne(engine, {});

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, ErrorCode::kDataLoss);
}

TEST(Batcher, AllowsNeitherAWaveNorOtherWorkBesideAnOpenWave) {
  FakeEngine engine(1);
  Batcher batcher(engine);
  ASSERT_TRUE(batcher.OpenWave(1).ok());

  EXPECT_EQ(batcher.OpenWave(1).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(batcher.Alone([] { return Status(); }).error().code, ErrorCode::kFailedPrecondition);
  batcher.Leave(0);

  EXPECT_TRUE(batcher.Alone([] { return Status(); }).ok());
  EXPECT_TRUE(batcher.OpenWave(1).ok());
}

}  // namespace
}  // namespace sca::llm
