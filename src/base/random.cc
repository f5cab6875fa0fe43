#include "base/random.h"

#include "base/check.h"

namespace sca {
namespace {

std::uint64_t Mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

constexpr std::uint64_t kGoldenGamma = 0x9E3779B97F4A7C15ULL;

}  // namespace

std::uint64_t DeriveSeed(std::uint64_t seed, std::string_view kind, std::uint64_t index) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;  // FNV-1a over the word.
  for (const char character : kind) {
    hash = (hash ^ static_cast<unsigned char>(character)) * 0x100000001B3ULL;
  }
  return Mix(Mix(Mix(seed + kGoldenGamma) + hash) + kGoldenGamma * (index + 1));
}

std::uint64_t RandomStream::Next() {
  state_ += kGoldenGamma;
  return Mix(state_);
}

double RandomStream::Uniform() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

std::size_t RandomStream::Below(std::size_t bound) {
  SCA_CHECK(bound > 0);
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::size_t>((static_cast<Wide>(Next()) * bound) >> 64);
}

}  // namespace sca
