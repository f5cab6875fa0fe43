#include "sandbox/zygote_code.h"

#include <link.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace sca::sandbox {
namespace {

constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;

bool HasHugePages() {
  char modes[64] = "";
  FILE* file = std::fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");
  if (file == nullptr) return false;
  const bool read = std::fgets(modes, sizeof(modes), file) != nullptr;
  std::fclose(file);
  return read && std::strstr(modes, "[never]") == nullptr;
}

std::size_t WholePages(std::size_t bytes) {
  return (bytes + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
}

// A copy on huge pages takes the place of [start, start + bytes).
void MoveToHugePages(char* start, std::size_t bytes, int protection) {
  const std::size_t whole = WholePages(bytes);
  void* region = mmap(nullptr, whole + kHugePageBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (region == MAP_FAILED) return;
  const auto address = reinterpret_cast<std::uintptr_t>(region);
  char* copy =
      static_cast<char*>(region) + (kHugePageBytes - address % kHugePageBytes) % kHugePageBytes;
  madvise(copy, whole, MADV_HUGEPAGE);
  std::memcpy(copy, start, bytes);
  if (mprotect(copy, whole, protection) == 0) {
    // At once for this thread, the only one: the next instruction is the copy's.
    mremap(copy, whole, whole, MREMAP_MAYMOVE | MREMAP_FIXED, start);
  }
}

// Whether a segment is never written, begins at a huge page's address, as the linker is told to lay
// it out, and has the rest of its last huge page for itself.
bool CanMove(const dl_phdr_info& program, const ElfW(Phdr) & segment) {
  if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) return false;
  if ((program.dlpi_addr + segment.p_vaddr) % kHugePageBytes != 0) return false;
  for (int i = 0; i < program.dlpi_phnum; ++i) {
    const ElfW(Phdr)& other = program.dlpi_phdr[i];
    if (other.p_type == PT_LOAD && other.p_vaddr > segment.p_vaddr &&
        other.p_vaddr < segment.p_vaddr + WholePages(segment.p_memsz)) {
      return false;
    }
  }
  return true;
}

int MoveSegments(dl_phdr_info* program, std::size_t, void*) {
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = program->dlpi_phdr[i];
    if (!CanMove(*program, segment)) continue;
    const int protection = (segment.p_flags & PF_X) != 0 ? PROT_READ | PROT_EXEC : PROT_READ;
    MoveToHugePages(reinterpret_cast<char*>(program->dlpi_addr + segment.p_vaddr), segment.p_memsz,
                    protection);
  }
  return 1;  // The first is the program; libraries stay.
}

}  // namespace

void PutCodeOnHugePages() {
  if (HasHugePages()) dl_iterate_phdr(MoveSegments, nullptr);
}

}  // namespace sca::sandbox
