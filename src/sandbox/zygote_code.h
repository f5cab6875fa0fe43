// The program's own code and constants on huge pages.

#pragma once

namespace sca::sandbox {

// Moves them there, before the first fork, so that children need not fault them in page by page.
// Where the kernel gives no huge pages, nothing changes.
void PutCodeOnHugePages();

}  // namespace sca::sandbox
