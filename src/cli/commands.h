// The commands of `sca`: each file command_*.cc declares the flags of a few and says what they do.

#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "base/result.h"

namespace sca::cli {

// How a command ended.
enum class Exit : int { kDone = 0, kError = 1, kUsage = 2, kGateNotMet = 100 };

// A command leaves here what is to be done once all flags are read. An Error is printed as a
// sentence and gives Exit::kError.
using Action = std::function<Result<Exit>()>;

void AddRun(CLI::App& app, Action& action);       // run, resume, challenge
void AddCheck(CLI::App& app, Action& action);     // check
void AddApprove(CLI::App& app, Action& action);   // approve
void AddRollout(CLI::App& app, Action& action);   // rollout
void AddTrain(CLI::App& app, Action& action);     // train
void AddEval(CLI::App& app, Action& action);      // eval
void AddReport(CLI::App& app, Action& action);    // report
void AddReverify(CLI::App& app, Action& action);  // reverify
void AddAudit(CLI::App& app, Action& action);     // audit verify
void AddEnv(CLI::App& app, Action& action);       // env list|show|test|new
void AddModel(CLI::App& app, Action& action);     // model list|show|pull|bench|parity
void AddBench(CLI::App& app, Action& action);     // bench worlds|endurance
void AddDoctor(CLI::App& app, Action& action);    // doctor

// Reads the arguments, runs the command, prints an error as a sentence. The exit code.
int Main(int count, const char* const* arguments);

}  // namespace sca::cli
