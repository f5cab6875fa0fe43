#include "train/pack.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/random.h"

namespace sca::train {
namespace {

TrainingSequence Sequence(std::vector<int> tokens, std::vector<float> weights) {
  return {std::move(tokens), std::move(weights)};
}

std::vector<const TrainingSequence*> Pointers(const std::vector<TrainingSequence>& sequences) {
  std::vector<const TrainingSequence*> pointers;
  for (const TrainingSequence& sequence : sequences) pointers.push_back(&sequence);
  return pointers;
}

// The tokens from the root to `row`, as attention sees them.
std::vector<int> Context(const Pack& pack, int row) {
  std::vector<int> context;
  for (int index = 0; index < static_cast<int>(pack.segments.size()); ++index) {
    const Segment& own = pack.segments[static_cast<std::size_t>(index)];
    if (row < own.first || row >= own.first + own.length) continue;
    int last = row;
    for (int at = index; at >= 0;) {
      const Segment& segment = pack.segments[static_cast<std::size_t>(at)];
      for (int i = last; i >= segment.first; --i) {
        context.insert(context.begin(), pack.tokens[static_cast<std::size_t>(i)]);
      }
      at = segment.parent;
      if (at >= 0) {
        const Segment& parent = pack.segments[static_cast<std::size_t>(at)];
        last = parent.first + parent.length - 1;
      }
    }
  }
  return context;
}

// What is to be learnt, whatever the packing: context and next token -> summed weight.
using Lessons = std::map<std::pair<std::vector<int>, int>, double>;

Lessons LessonsOf(const std::vector<TrainingSequence>& sequences) {
  Lessons lessons;
  for (const TrainingSequence& sequence : sequences) {
    for (std::size_t i = 1; i < sequence.tokens.size(); ++i) {
      if (sequence.weights[i] == 0) continue;
      const auto end = sequence.tokens.begin() + static_cast<std::ptrdiff_t>(i);
      lessons[{{sequence.tokens.begin(), end}, sequence.tokens[i]}] +=
          static_cast<double>(sequence.weights[i]);
    }
  }
  return lessons;
}

Lessons LessonsOf(const std::vector<Pack>& packs) {
  Lessons lessons;
  for (const Pack& pack : packs) {
    for (const Target& target : pack.targets) {
      lessons[{Context(pack, target.row), target.token}] += static_cast<double>(target.weight);
    }
  }
  return lessons;
}

std::vector<TrainingSequence> RandomFamily(std::uint64_t seed, int count) {
  RandomStream random(seed);
  std::vector<TrainingSequence> sequences;
  for (int i = 0; i < count; ++i) {
    TrainingSequence sequence;
    const std::size_t length = 3 + random.Below(12);
    for (std::size_t t = 0; t < length; ++t) {
      sequence.tokens.push_back(static_cast<int>(random.Below(2)));  // Two tokens: many prefixes.
      sequence.weights.push_back(t == 0 ? 0.0F : static_cast<float>(random.Below(3)) - 0.5F);
    }
    sequences.push_back(std::move(sequence));
  }
  return sequences;
}

TEST(PackTree, ComputesASharedPrefixOnce) {
  const std::vector<TrainingSequence> sequences = {Sequence({5, 6, 7, 8}, {0, 0, 1, 1}),
                                                   Sequence({5, 6, 9}, {0, 0, 2})};

  const Pack pack = PackTree(Pointers(sequences));

  EXPECT_EQ(pack.tokens, (std::vector<int>{5, 6, 7, 8, 9}));
  EXPECT_EQ(pack.positions, (std::vector<int>{0, 1, 2, 3, 2}));
  ASSERT_EQ(pack.segments.size(), 3U);
  EXPECT_EQ(pack.segments[0].parent, -1);
  EXPECT_EQ(pack.segments[1].parent, 0);
  EXPECT_EQ(pack.segments[2].parent, 0);
  EXPECT_EQ(pack.segments[2].first, 4);
}

TEST(PackTree, PredictsTheFirstTokenOfABranchFromTheLastOfThePrefix) {
  const std::vector<TrainingSequence> sequences = {Sequence({5, 6, 7}, {0, 0, 1}),
                                                   Sequence({5, 6, 9}, {0, 0, -2})};

  const Pack pack = PackTree(Pointers(sequences));

  ASSERT_EQ(pack.targets.size(), 2U);
  EXPECT_EQ(pack.targets[0].row, 1);
  EXPECT_EQ(pack.targets[0].token, 7);
  EXPECT_EQ(pack.targets[1].row, 1);
  EXPECT_EQ(pack.targets[1].weight, -2);
}

TEST(PackTree, AddsTheWeightsOfEqualPredictions) {
  const std::vector<TrainingSequence> sequences = {
      Sequence({1, 2, 3}, {0, 0, 1}), Sequence({1, 2, 3}, {0, 0, 0.5F}), Sequence({1, 2}, {0, 4})};

  const Pack pack = PackTree(Pointers(sequences));

  EXPECT_EQ(pack.rows(), 3);
  ASSERT_EQ(pack.targets.size(), 2U);
  EXPECT_EQ(pack.targets[0].weight, 4);
  EXPECT_EQ(pack.targets[1].weight, 1.5F);
}

TEST(PackTree, KeepsEveryContextPositionAndWeightOfRandomFamilies) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<TrainingSequence> sequences = RandomFamily(seed, 12);

    const Pack pack = PackTree(Pointers(sequences));

    EXPECT_EQ(LessonsOf(std::vector<Pack>{pack}), LessonsOf(sequences)) << seed;
    std::set<std::vector<int>> prefixes;
    for (int row = 0; row < pack.rows(); ++row) {
      const std::vector<int> context = Context(pack, row);
      EXPECT_EQ(static_cast<int>(context.size()),
                pack.positions[static_cast<std::size_t>(row)] + 1);
      EXPECT_TRUE(prefixes.insert(context).second) << "A prefix is computed twice.";
    }
  }
}

TEST(PackTrees, SplitsForWorkersWithoutLosingALesson) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<TrainingSequence> sequences = RandomFamily(seed, 15);

    const std::vector<Pack> packs = PackTrees(Pointers(sequences), 2, 20);

    EXPECT_EQ(LessonsOf(packs), LessonsOf(sequences)) << seed;
    for (const Pack& pack : packs) EXPECT_LE(pack.rows(), 20);
  }
}

TEST(PackTrees, BalancesTwoWorkers) {
  std::vector<TrainingSequence> sequences;
  for (int i = 0; i < 8; ++i) {
    TrainingSequence sequence{std::vector<int>(50, 1), std::vector<float>(60, 0)};
    for (int k = 0; k < 10; ++k) sequence.tokens.push_back(i + 2);
    sequence.weights.back() = 1;
    sequences.push_back(sequence);
  }

  const std::vector<Pack> packs = PackTrees(Pointers(sequences), 2, 1000);

  ASSERT_EQ(packs.size(), 2U);
  EXPECT_EQ(packs[0].rows(), 90);
  EXPECT_EQ(packs[1].rows(), 90);
}

TEST(PackTrees, DoesNotDependOnTheOrderOfTheSequences) {
  std::vector<TrainingSequence> sequences = RandomFamily(3, 10);
  const std::vector<Pack> forward = PackTrees(Pointers(sequences), 2, 30);
  std::reverse(sequences.begin(), sequences.end());

  const std::vector<Pack> backward = PackTrees(Pointers(sequences), 2, 30);

  ASSERT_EQ(forward.size(), backward.size());
  for (std::size_t i = 0; i < forward.size(); ++i) EXPECT_EQ(forward[i].tokens, backward[i].tokens);
}

TEST(PackTrees, LetsALongSequenceGoAlone) {
  const std::vector<TrainingSequence> sequences = {
      {std::vector<int>(100, 1), std::vector<float>(100, 1)}, Sequence({2, 3}, {0, 1})};

  const std::vector<Pack> packs = PackTrees(Pointers(sequences), 1, 50);

  ASSERT_EQ(packs.size(), 2U);
  EXPECT_EQ(packs[0].rows(), 100);
}

}  // namespace
}  // namespace sca::train
