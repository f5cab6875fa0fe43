#include "train/tensor_memory.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <malloc.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace sca::train {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kAlignment = 64;

// Sizes in steps of an eighth of a power of two, and whole huge pages, so that the next tensor of
// nearly this size fits.
std::size_t RoundUp(std::size_t bytes) {
  const std::size_t eighth = std::max(std::bit_ceil(bytes) / 16, kAlignment);
  const std::size_t unit = bytes >= 4 * kHugePage ? std::max(eighth, kHugePage) : eighth;
  return (bytes + unit - 1) / unit * unit;
}

void* NewBlock(std::size_t bytes) {
  const bool huge = bytes >= 4 * kHugePage;
  void* const block = std::aligned_alloc(huge ? kHugePage : kAlignment, bytes);
  if (block == nullptr) throw std::bad_alloc();
  if (huge) madvise(block, bytes, MADV_HUGEPAGE);  // Only a wish: a kernel without them is fine.
  return block;
}

// A block starts with its size; the tensor's elements follow, aligned.
void* ElementsOf(void* block) { return static_cast<std::byte*>(block) + kAlignment; }
void* BlockOf(void* elements) { return static_cast<std::byte*>(elements) - kAlignment; }

class KeepingAllocator final : public c10::Allocator {
 public:
  static KeepingAllocator& Instance() {
    static KeepingAllocator allocator;
    return allocator;
  }

  ~KeepingAllocator() override { Release(); }

  c10::DataPtr allocate(std::size_t bytes) const override {
    void* const elements = bytes == 0 ? nullptr : Take(RoundUp(bytes + kAlignment));
    return {elements, elements, &GiveBack, c10::Device(c10::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &GiveBack; }

  void Release() const {
    const std::lock_guard lock(mutex_);
    for (auto& [bytes, blocks] : kept_) {
      for (void* const block : blocks) std::free(block);
    }
    kept_.clear();
    malloc_trim(0);  // Else glibc keeps what lies below its mmap threshold.
  }

 private:
  void* Take(std::size_t bytes) const {
    {
      // The smallest that fits, unless much of it would lie idle; above all, a bfloat16 tensor that
      // is kept for the backward pass must not take the block of a float32 one.
      const std::lock_guard lock(mutex_);
      const auto fitting = kept_.lower_bound(bytes);
      if (fitting != kept_.end() && 5 * fitting->first <= 8 * bytes) {
        void* const block = fitting->second.back();
        fitting->second.pop_back();
        if (fitting->second.empty()) kept_.erase(fitting);
        return ElementsOf(block);
      }
    }
    void* const block = NewBlock(bytes);
    *static_cast<std::size_t*>(block) = bytes;
    return ElementsOf(block);
  }

  static void GiveBack(void* elements) {
    if (elements == nullptr) return;
    void* const block = BlockOf(elements);
    const std::lock_guard lock(Instance().mutex_);
    Instance().kept_[*static_cast<std::size_t*>(block)].push_back(block);
  }

  mutable std::mutex mutex_;
  mutable std::map<std::size_t, std::vector<void*>> kept_;  // Free blocks by size; no empty list.
};

}  // namespace

// Priority 1 is above torch's own allocator.
void KeepTensorMemory() { c10::SetCPUAllocator(&KeepingAllocator::Instance(), 1); }

void ReleaseTensorMemory() { KeepingAllocator::Instance().Release(); }

}  // namespace sca::train
