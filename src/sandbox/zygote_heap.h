// A heap for CPython on huge pages: the page tables of the state are what makes a fork slow.

#pragma once

namespace sca::sandbox {

// Before Python starts: its object arenas come from a region of huge pages.
void UseHugePages();

// After loading: what is left of the region goes back, so that a child's memory is what its limit
// allows and no more; and what is in use is put in order, so that children need not.
void SealHeap();

}  // namespace sca::sandbox
