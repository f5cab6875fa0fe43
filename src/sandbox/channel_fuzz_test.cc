// Runs the fuzz target of the channel on the inputs that are kept, in a build without libFuzzer.

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count);

namespace sca::sandbox {
namespace {

namespace fs = std::filesystem;

std::size_t OpenDescriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

TEST(ChannelFuzz, EndsOnEveryKeptInputAndLeavesNoDescriptorOpen) {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator(fs::path(SCA_SOURCE_DIR) / "tests" / "fuzz" / "channel")) {
    files.push_back(entry.path());
  }
  const std::size_t before = OpenDescriptors();

  for (const fs::path& file : files) {
    const std::string input = ReadFile(file).value();
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    EXPECT_EQ(OpenDescriptors(), before) << file;
  }

  EXPECT_GE(files.size(), 10U);
}

}  // namespace
}  // namespace sca::sandbox
