#include "train/pack.h"

#include <algorithm>
#include <cstddef>

#include "base/check.h"

namespace sca::train {
namespace {

using Sequences = std::span<const TrainingSequence* const>;

std::vector<const TrainingSequence*> SortedByTokens(Sequences sequences) {
  std::vector<const TrainingSequence*> sorted(sequences.begin(), sequences.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const TrainingSequence* left, const TrainingSequence* right) {
                     return left->tokens != right->tokens ? left->tokens < right->tokens
                                                          : left->weights < right->weights;
                   });
  return sorted;
}

int SharedPrefix(const TrainingSequence& left, const TrainingSequence& right) {
  const auto [end, unused] = std::mismatch(left.tokens.begin(), left.tokens.end(),
                                           right.tokens.begin(), right.tokens.end());
  return static_cast<int>(end - left.tokens.begin());
}

// Builds one pack from sorted sequences: first the segments, then where each sequence runs in them.
class TreeBuilder {
 public:
  explicit TreeBuilder(Sequences sorted) : sorted_(sorted) {}

  Pack Build() {
    Grow(0, sorted_.size(), 0, -1);
    AddTargets();
    return std::move(pack_);
  }

 private:
  // Recursion is as deep as the tree branches, at most the number of sequences.
  void Grow(std::size_t from, std::size_t to, int depth, int parent) {
    for (std::size_t group = from; group < to;) {
      const TrainingSequence& leader = *sorted_[group];
      if (static_cast<int>(leader.tokens.size()) == depth) {  // It ends where its parent ends.
        ++group;
        continue;
      }
      std::size_t group_end = group + 1;
      int shared = static_cast<int>(leader.tokens.size());
      while (group_end < to) {
        const int prefix = SharedPrefix(leader, *sorted_[group_end]);
        if (prefix <= depth) break;
        shared = std::min(shared, prefix);
        ++group_end;
      }
      const int segment = AddSegment(leader, depth, shared, parent);
      if (group_end - group > 1) Grow(group, group_end, shared, segment);
      group = group_end;
    }
  }

  int AddSegment(const TrainingSequence& sequence, int depth, int end, int parent) {
    pack_.segments.push_back({.parent = parent, .first = pack_.rows(), .length = end - depth});
    for (int position = depth; position < end; ++position) {
      pack_.tokens.push_back(sequence.tokens[static_cast<std::size_t>(position)]);
      pack_.positions.push_back(position);
    }
    return static_cast<int>(pack_.segments.size()) - 1;
  }

  // The rows of a sequence, from its last segment's ancestors.
  void AddTargets() {
    std::vector<int> rows;
    std::size_t next_leaf = 0;
    for (const TrainingSequence* sequence : sorted_) {
      next_leaf = FindRows(*sequence, next_leaf, rows);
      for (std::size_t index = 1; index < sequence->tokens.size(); ++index) {
        if (sequence->weights[index] == 0) continue;
        pack_.targets.push_back(
            {rows[index - 1], sequence->tokens[index], sequence->weights[index]});
      }
    }
    std::stable_sort(
        pack_.targets.begin(), pack_.targets.end(), [](const Target& left, const Target& right) {
          return left.row != right.row ? left.row < right.row : left.token < right.token;
        });
    std::vector<Target> merged;
    for (const Target& target : pack_.targets) {
      if (!merged.empty() && merged.back().row == target.row &&
          merged.back().token == target.token) {
        merged.back().weight += target.weight;
      } else {
        merged.push_back(target);
      }
    }
    pack_.targets = std::move(merged);
  }

  // Walks down from the roots. Segments come in the order of the sorted sequences, so the search
  // for the next one goes on from the last; `first_root` is where this sequence's root can be.
  std::size_t FindRows(const TrainingSequence& sequence, std::size_t first_root,
                       std::vector<int>& rows) const {
    rows.clear();
    int parent = -1;
    std::size_t root = first_root;
    for (std::size_t index = first_root; rows.size() < sequence.tokens.size(); ++index) {
      SCA_CHECK(index < pack_.segments.size());
      const Segment& segment = pack_.segments[index];
      if (segment.parent != parent) continue;
      if (pack_.tokens[static_cast<std::size_t>(segment.first)] != sequence.tokens[rows.size()]) {
        continue;
      }
      if (parent < 0) root = index;
      for (int row = 0; row < segment.length; ++row) rows.push_back(segment.first + row);
      parent = static_cast<int>(index);
    }
    return root;
  }

  Sequences sorted_;
  Pack pack_;
};

// Rows of one tree of sorted[from, to).
int TreeRows(Sequences sorted, std::size_t from, std::size_t to) {
  int rows = 0;
  for (std::size_t index = from; index < to; ++index) {
    rows += static_cast<int>(sorted[index]->tokens.size());
    if (index > from) rows -= SharedPrefix(*sorted[index - 1], *sorted[index]);
  }
  return rows;
}

// Ends of the runs that result when each takes as many sequences as fit in `rows_max`.
std::vector<std::size_t> FillGreedily(Sequences sorted, int rows_max) {
  std::vector<std::size_t> ends;
  int rows = 0;
  for (std::size_t index = 0; index < sorted.size(); ++index) {
    const int whole = static_cast<int>(sorted[index]->tokens.size());
    const int added = index == 0 ? whole : whole - SharedPrefix(*sorted[index - 1], *sorted[index]);
    if (index > 0 && rows + added > rows_max) {
      ends.push_back(index);
      rows = whole;
    } else {
      rows += added;
    }
  }
  ends.push_back(sorted.size());
  return ends;
}

// At most `count` runs with the smallest largest tree.
std::vector<std::size_t> SplitEvenly(Sequences sorted, std::size_t count) {
  int low = 1;
  int high = TreeRows(sorted, 0, sorted.size());
  for (const TrainingSequence* sequence : sorted) {
    low = std::max(low, static_cast<int>(sequence->tokens.size()));
  }
  high = std::max(high, low);
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (FillGreedily(sorted, middle).size() <= count) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return FillGreedily(sorted, low);
}

}  // namespace

Pack PackTree(Sequences sequences) { return TreeBuilder(SortedByTokens(sequences)).Build(); }

std::vector<Pack> PackTrees(Sequences sequences, int workers, int tokens_max) {
  SCA_CHECK(workers > 0);
  if (sequences.empty()) return {};
  const std::vector<const TrainingSequence*> sorted = SortedByTokens(sequences);
  std::vector<std::size_t> ends;
  for (std::size_t count = static_cast<std::size_t>(workers);;
       count += static_cast<std::size_t>(workers)) {
    ends = SplitEvenly(sorted, count);
    int largest = 0;
    std::size_t from = 0;
    for (const std::size_t end : ends) {
      largest = std::max(largest, TreeRows(sorted, from, end));
      from = end;
    }
    if (largest <= tokens_max || count >= sorted.size()) break;
  }
  std::vector<Pack> packs;
  std::size_t from = 0;
  for (const std::size_t end : ends) {
    packs.push_back(PackTree(Sequences(sorted).subspan(from, end - from)));
    from = end;
  }
  return packs;
}

}  // namespace sca::train
