// CPython inside sca-zygote, and the module _sca: what Python cannot do by itself.

#pragma once

#include "sandbox/zygote_confine.h"

namespace sca::sandbox {

// Runs sca.zygote.main() of `python_folder` until the control socket (descriptor 3) closes. Must
// be called once, with one thread. The exit code for the process.
int RunZygote(const char* python_folder, int level_max, Measures& measures);

}  // namespace sca::sandbox
