// Packs token sequences into trees, so that a prefix that several sequences share is computed once.
//
// A tree is a list of segments in depth-first order. A segment's tokens see the tokens of their
// own segment before them and all tokens of its ancestors, and nothing else; positions continue
// from the parent. So every token has exactly the context it has in its own sequence.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "train/trainer.h"

namespace sca::train {

struct Segment {
  int parent = -1;  // Index of a segment before this one, or -1 for a root.
  int first = 0;    // Its rows are [first, first + length).
  int length = 0;
};

// `token` is to be predicted from the hidden state of `row`.
struct Target {
  int row = 0;
  int token = 0;
  float weight = 0;  // Summed over the sequences that share this prediction.
};

struct Pack {
  std::vector<int> tokens;     // By row.
  std::vector<int> positions;  // By row, from 0 at each root.
  std::vector<Segment> segments;
  std::vector<Target> targets;  // In order of `row`.

  int rows() const { return static_cast<int>(tokens.size()); }
};

// One tree (or several, where nothing is shared) of all `sequences`.
Pack PackTree(std::span<const TrainingSequence* const> sequences);

// Splits into the smallest multiple of `workers` packs of at most `tokens_max` rows, the largest as
// small as it can be (fewer packs where there are fewer sequences). A function of its arguments
// only; which of two equal sequences comes first changes nothing.
std::vector<Pack> PackTrees(std::span<const TrainingSequence* const> sequences, int workers,
                            int tokens_max);

}  // namespace sca::train
