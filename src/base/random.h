// Random streams that are a function of what they are for: (seed, kind, index).
//
// Two units of a run never share a stream, so the order in which they run changes nothing, and a
// unit that is done again after a kill draws the same numbers.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace sca {

// A well-mixed 64-bit number from `seed`, a word and an index; for seeds of seeds.
std::uint64_t DeriveSeed(std::uint64_t seed, std::string_view kind, std::uint64_t index);

// SplitMix64 (Steele, Lea, Flood 2014). Not for cryptography.
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed) : state_(seed) {}

  std::uint64_t Next();
  double Uniform();                      // In [0, 1), 53 bits.
  std::size_t Below(std::size_t bound);  // In [0, bound); bound > 0.

  template <typename T>
  void Shuffle(std::vector<T>& values) {
    for (std::size_t last = values.size(); last > 1; --last) {
      std::swap(values[last - 1], values[Below(last)]);
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace sca
