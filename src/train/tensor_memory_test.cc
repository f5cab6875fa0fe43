#include "train/tensor_memory.h"

#include <c10/core/CPUAllocator.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

namespace sca::train {
namespace {

// What is handed out is aligned, writable to its last byte and never shared.
TEST(TensorMemory, GivesBlocksOfTheirOwnToManyThreads) {
  KeepTensorMemory();
  const auto work = [](int mark) {
    for (int round = 0; round < 50; ++round) {
      std::vector<c10::DataPtr> blocks;
      const std::vector<std::size_t> sizes = {1, 64, 1000, 100'000, 9'000'000};
      for (const std::size_t bytes : sizes) {
        blocks.push_back(c10::GetCPUAllocator()->allocate(bytes));
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(blocks.back().get()) % 64, 0U);
        std::memset(blocks.back().get(), mark, bytes);
      }
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        const auto* bytes = static_cast<const unsigned char*>(blocks[i].get());
        EXPECT_EQ(bytes[0], mark);
        EXPECT_EQ(bytes[sizes[i] - 1], mark);
      }
    }
  };
  {
    std::jthread first(work, 1);
    std::jthread second(work, 2);
  }
  ReleaseTensorMemory();
}

TEST(TensorMemory, GivesTheSameMemoryAgain) {
  KeepTensorMemory();
  const void* before = c10::GetCPUAllocator()->allocate(20'000'000).get();

  EXPECT_EQ(c10::GetCPUAllocator()->allocate(19'000'000).get(), before);
}

TEST(TensorMemory, AllowsATensorOfNothing) {
  KeepTensorMemory();

  EXPECT_EQ(c10::GetCPUAllocator()->allocate(0).get(), nullptr);
}

}  // namespace
}  // namespace sca::train
