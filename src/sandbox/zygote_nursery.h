// Where children of the zygote put what they allocate: close together, in pages of their own.
//
// CPython's allocator fills gaps, one in another page for each size of object, and a gap's page is
// the zygote's: the child pays for a copy of it (2 to 3 us here), and most children live for a
// millisecond. So their first objects go to fresh memory, packed; what does not fit there, or is
// large, goes to CPython's allocator as ever. A block of the zygote's that a child frees is left
// alone, because giving it back would copy one page more.

#pragma once

#include <cstddef>

namespace sca::sandbox {

// Once Python runs. Nothing changes yet.
void ReserveNursery();

// What children must not give back.
void LeaveAlone(const char* heap, std::size_t bytes);

// In a new child, which allocates there. A child of a child begins at a new page, too.
void BeginNursery();

}  // namespace sca::sandbox
