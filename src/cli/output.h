// What commands print: results on standard output, errors and progress on standard error.

#pragma once

#include <memory>

#include "base/json.h"
#include "base/progress.h"
#include "cli/commands.h"

namespace sca::cli {

// "sca: <sentence>" on standard error. Gives `exit` back.
Exit PrintError(const Error& error, Exit exit);

// Indented JSON on standard output.
void PrintJson(const Json& json);

// Bars, or nothing where `quiet`.
std::unique_ptr<Progress> MakeProgress(bool quiet);

}  // namespace sca::cli
