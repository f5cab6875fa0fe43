// Draws progress on standard error: a bar with rate and time left, or plain lines in a log.

#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "base/progress.h"

namespace sca::cli {

// What a bar shows.
struct BarState {
  std::string stage;
  std::string unit;
  std::string note;
  std::size_t done = 0;
  std::size_t total = 0;  // 0: not known.
  double seconds = 0;
};

// One line of at most about 100 columns, for example
// "Pilot rollouts  [######----]  60/100 episodes  4.2/s  10 s left  loss 0.3".
std::string RenderBar(const BarState& state);

class TerminalProgress : public Progress {
 public:
  TerminalProgress();
  ~TerminalProgress() override;

  void Begin(std::string_view stage, std::size_t total, std::string_view unit) override;
  void Advance(std::size_t units) override;
  void Note(std::string_view text) override;
  void End() override;

 private:
  void Draw(bool force);
  void Finish();

  const bool on_terminal_;
  std::mutex mutex_;
  BarState state_;
  bool active_ = false;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace sca::cli
