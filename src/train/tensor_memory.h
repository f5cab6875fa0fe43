// Keeps the memory of freed tensors for the next ones: fresh pages cost more than what is written
// to them, and a training step makes and drops the same few sizes again and again.

#pragma once

namespace sca::train {

// From now on torch's CPU tensors in this process are made from kept memory, large ones on huge
// pages. The first call counts; any thread. The one global state of this module: torch has one
// allocator per process.
void KeepTensorMemory();

// Gives back to the system what no tensor uses.
void ReleaseTensorMemory();

}  // namespace sca::train
