#define PY_SSIZE_T_CLEAN
#include "sandbox/zygote_heap.h"

#include <Python.h>
#include <malloc.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "sandbox/zygote_nursery.h"

namespace sca::sandbox {
namespace {

constexpr std::size_t kHeapBytes = std::size_t{1} << 30;
constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;
char* heap = nullptr;
std::size_t heap_used = 0;

void* AllocateArena(void*, std::size_t bytes) {
  if (heap != nullptr && heap_used + bytes <= kHeapBytes) {
    void* arena = heap + heap_used;
    heap_used += bytes;
    return arena;
  }
  void* arena = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return arena == MAP_FAILED ? nullptr : arena;
}

void FreeArena(void*, void* arena, std::size_t bytes) {
  const char* start = static_cast<char*>(arena);
  if (heap != nullptr && start >= heap && start < heap + kHeapBytes) return;  // Stays reserved.
  munmap(arena, bytes);
}

}  // namespace

void UseHugePages() {
  void* region = mmap(nullptr, kHeapBytes + kHugePageBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (region == MAP_FAILED) return;
  const auto address = reinterpret_cast<std::uintptr_t>(region);
  heap =
      static_cast<char*>(region) + ((kHugePageBytes - address % kHugePageBytes) % kHugePageBytes);
  madvise(heap, kHeapBytes, MADV_HUGEPAGE);
  PyObjectArenaAllocator allocator{nullptr, AllocateArena, FreeArena};
  PyObject_SetArenaAllocator(&allocator);
}

void SealHeap() {
  // This also tidies what the C library keeps for small requests: here, once, and not in each
  // child, which would copy all those pages.
  mallopt(M_MXFAST, 0);
  if (heap == nullptr) return;
  const std::size_t used = (heap_used + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
  if (used < kHeapBytes) munmap(heap + used, kHeapBytes - used);
  heap_used = kHeapBytes;
  LeaveAlone(heap, used);
}

}  // namespace sca::sandbox
