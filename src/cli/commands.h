// The commands of `sca`, one function each that declares its flags and says what it does.

#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "base/result.h"

namespace sca::cli {

// How a command ended; conventions.md has the exit codes.
enum class Exit : int { kDone = 0, kError = 1, kUsage = 2, kGateNotMet = 100 };

// A command leaves here what is to be done once all flags are read.
using Action = std::function<Result<Exit>()>;

void AddRun(CLI::App& app, Action& action);       // run, resume, challenge
void AddCheck(CLI::App& app, Action& action);     // check
void AddEpisodes(CLI::App& app, Action& action);  // rollout, eval
void AddReport(CLI::App& app, Action& action);    // report, audit
void AddEnv(CLI::App& app, Action& action);       // env list|show|test
void AddModel(CLI::App& app, Action& action);     // model list|show|pull|bench|parity
void AddDoctor(CLI::App& app, Action& action);    // doctor

// Reads the arguments, runs the command, prints an error as a sentence. The exit code.
int Main(int count, const char* const* arguments);

}  // namespace sca::cli
