#define PY_SSIZE_T_CLEAN
#include "sandbox/zygote_nursery.h"

#include <Python.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <new>
#include <utility>

namespace sca::sandbox {
namespace {

constexpr std::size_t kNurseryBytes = std::size_t{2} << 20;
constexpr std::size_t kPageBytes = 4096;
// A cell holds small blocks of one size, or is a part of one larger block.
constexpr std::size_t kCellBytes = 512;
constexpr std::size_t kStepBytes = 16;  // Sizes of small blocks; CPython's alignment.
constexpr std::size_t kSmallBytesMax = 256;
constexpr std::size_t kSmallClasses = kSmallBytesMax / kStepBytes;
constexpr std::size_t kCellsMax = 32;
constexpr std::size_t kClasses = kSmallClasses + kCellsMax;

struct FreeBlock {
  FreeBlock* next;
};

// What a child writes with each allocation stands at the nursery's beginning, not among the pages
// of the program.
struct Nursery {
  bool active;
  std::size_t used_bytes;  // Whole cells, this struct's among them.
  std::array<FreeBlock*, kClasses> free_blocks;
  // What is left of the cell that small blocks are cut from.
  std::array<char*, kSmallClasses> cut_from;
  std::array<std::size_t, kSmallClasses> left_to_cut;
  std::array<std::uint8_t, kNurseryBytes / kCellBytes> class_of_cell;  // Written from its start.
};

PyMemAllocatorEx original;
Nursery* nursery = nullptr;
const char* shared_heap = nullptr;
std::size_t shared_heap_bytes = 0;

char* Start() { return reinterpret_cast<char*>(nursery); }

std::size_t ClassOf(std::size_t bytes) {
  if (bytes <= kSmallBytesMax) return bytes == 0 ? 0 : (bytes - 1) / kStepBytes;
  return kSmallClasses + (bytes - 1) / kCellBytes;
}

std::size_t BytesOf(std::size_t size_class) {
  return size_class < kSmallClasses ? (size_class + 1) * kStepBytes
                                    : (size_class - kSmallClasses + 1) * kCellBytes;
}

bool IsWithin(const void* block, const char* start, std::size_t bytes) {
  const auto offset = reinterpret_cast<std::uintptr_t>(block) -
                      reinterpret_cast<std::uintptr_t>(start);  // Wraps below the start.
  return start != nullptr && offset < bytes;
}

bool IsInNursery(const void* block) { return IsWithin(block, Start(), kNurseryBytes); }

std::size_t ClassOfBlock(const void* block) {
  const auto offset = static_cast<std::size_t>(static_cast<const char*>(block) - Start());
  return nursery->class_of_cell[offset / kCellBytes];
}

// Whole cells; null if they are used up.
char* TakeCells(std::size_t bytes, std::size_t size_class) {
  if (nursery->used_bytes + bytes > kNurseryBytes) return nullptr;
  char* cells = Start() + nursery->used_bytes;
  nursery->class_of_cell[nursery->used_bytes / kCellBytes] = static_cast<std::uint8_t>(size_class);
  nursery->used_bytes += bytes;
  return cells;
}

void* Cut(std::size_t size_class) {
  const std::size_t bytes = BytesOf(size_class);
  if (size_class >= kSmallClasses) return TakeCells(bytes, size_class);
  char*& from = nursery->cut_from[size_class];
  std::size_t& left = nursery->left_to_cut[size_class];
  if (left < bytes) {
    from = TakeCells(kCellBytes, size_class);
    if (from == nullptr) return nullptr;
    left = kCellBytes;
  }
  left -= bytes;
  return std::exchange(from, from + bytes);
}

// Null if it is too large, or the nursery is full.
void* Take(std::size_t bytes) {
  if (bytes > kCellsMax * kCellBytes) return nullptr;
  const std::size_t size_class = ClassOf(bytes);
  FreeBlock*& free_block = nursery->free_blocks[size_class];
  if (free_block == nullptr) return Cut(size_class);
  return std::exchange(free_block, free_block->next);
}

void* Allocate(void*, std::size_t bytes) {
  void* block = nursery->active ? Take(bytes) : nullptr;
  return block != nullptr ? block : original.malloc(original.ctx, bytes);
}

void* AllocateZeroed(void*, std::size_t count, std::size_t bytes) {
  const bool small = bytes == 0 || count <= kCellsMax * kCellBytes / bytes;
  void* block = nursery->active && small ? Take(count * bytes) : nullptr;
  if (block == nullptr) return original.calloc(original.ctx, count, bytes);
  return std::memset(block, 0, count * bytes);
}

void Free(void*, void* block) {
  if (IsInNursery(block)) {
    FreeBlock*& first = nursery->free_blocks[ClassOfBlock(block)];
    first = new (block) FreeBlock{first};
  } else if (!nursery->active || !IsWithin(block, shared_heap, shared_heap_bytes)) {
    original.free(original.ctx, block);
  }
}

void* Reallocate(void* context, void* block, std::size_t bytes) {
  if (block == nullptr) return Allocate(context, bytes);
  if (!IsInNursery(block)) return original.realloc(original.ctx, block, bytes);
  const std::size_t had = BytesOf(ClassOfBlock(block));
  if (bytes <= had && bytes > had / 2) return block;
  void* moved = Allocate(context, bytes);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, block, std::min(bytes, had));
  Free(context, block);
  return moved;
}

}  // namespace

void ReserveNursery() {
  void* region = mmap(nullptr, kNurseryBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (region == MAP_FAILED) return;
  nursery = static_cast<Nursery*>(region);
  PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &original);
  PyMemAllocatorEx packed{nullptr, Allocate, AllocateZeroed, Reallocate, Free};
  PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &packed);
  PyMem_SetAllocator(PYMEM_DOMAIN_MEM, &packed);
}

void LeaveAlone(const char* heap, std::size_t bytes) {
  shared_heap = heap;
  shared_heap_bytes = bytes;
}

void BeginNursery() {
  if (nursery == nullptr) return;
  nursery->active = true;
  const std::size_t used = std::max(nursery->used_bytes, sizeof(Nursery));
  nursery->used_bytes = (used + kPageBytes - 1) / kPageBytes * kPageBytes;
  nursery->free_blocks.fill(nullptr);
  nursery->left_to_cut.fill(0);
}

}  // namespace sca::sandbox
