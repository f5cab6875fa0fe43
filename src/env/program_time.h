// How long whole programs take: what starting a Python for each attempt would cost.

#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace sca::env {

// Where `name` is found in PATH; empty if nowhere.
std::string ProgramInPath(const std::string& name);

// Runs `words` (a program's path and its arguments) without input and output, `count` times:
// microseconds from start to reaped. kUnavailable if it does not start or does not end with 0.
Result<std::vector<double>> TimeProgram(const std::vector<std::string>& words, std::size_t count);

}  // namespace sca::env
