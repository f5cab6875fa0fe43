// Draws progress on standard error: one bar that is redrawn, or plain lines where it is no
// terminal.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>

#include "base/progress.h"

namespace sca::cli {

// What a line of progress is made of.
struct BarState {
  std::string stage;
  std::string unit;  // A plural.
  std::string note;
  std::size_t done = 0;
  std::size_t total = 0;    // 0: not known.
  std::size_t resumed = 0;  // Of `done`: was there when the stage began, and counts for no rate.
  double seconds = 0;       // Since the stage began.
};

// "Pilot rollouts  [######------]  60/100 episodes  4.2/s  10 s left  loss 0.3", cut to `columns`.
std::string RenderBar(const BarState& state, std::size_t columns);

// The same without a bar, for logs: "Pilot rollouts: 60 of 100 episodes, 4.2/s, 10 s left".
std::string RenderLine(const BarState& state);

// How a stage ended: "Pilot rollouts: 100 episodes, loss 0.3 (24 s)".
std::string RenderEnd(const BarState& state);

class TerminalProgress : public Progress {
 public:
  // Bars if `stream` is a terminal. It must outlive this.
  explicit TerminalProgress(std::FILE* stream = stderr);
  ~TerminalProgress() override;

  void Begin(std::string_view stage, std::size_t total, std::string_view unit) override;
  void Advance(std::size_t units) override;
  void Note(std::string_view text) override;
  void End() override;

 private:
  void Draw();     // Where it is time to.
  void DrawNow();  // Needs mutex_, as all below.
  void Finish();
  void MeasureTime();
  void Print(const std::string& line, bool stays);

  std::FILE* const stream_;
  const bool on_terminal_;
  std::mutex mutex_;
  BarState state_;
  bool active_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace sca::cli
