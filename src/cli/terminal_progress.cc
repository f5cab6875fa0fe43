#include "cli/terminal_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace sca::cli {
namespace {

constexpr std::size_t kBarWidth = 24;
constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::chrono::seconds kLogInterval{15};

std::string Duration(double seconds) {
  const auto whole = static_cast<long>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  return fmt::format("{} min {:02d} s", whole / 60, whole % 60);
}

}  // namespace

std::string RenderBar(const BarState& state) {
  std::string line = state.stage;
  if (state.total > 0) {
    const double share =
        std::min(1.0, static_cast<double>(state.done) / static_cast<double>(state.total));
    const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBarWidth));
    line += fmt::format("  [{}{}]  {}/{} {}", std::string(filled, '#'),
                        std::string(kBarWidth - filled, '-'), state.done, state.total, state.unit);
    if (state.done > 0 && state.seconds > 0) {
      const double rate = static_cast<double>(state.done) / state.seconds;
      line += fmt::format("  {:.2g}/s", rate);
      if (state.done < state.total) {
        line += fmt::format("  {} left",
                            Duration(static_cast<double>(state.total - state.done) / rate));
      }
    }
  }
  if (!state.note.empty()) line += "  " + state.note;
  return line;
}

TerminalProgress::TerminalProgress() : on_terminal_(::isatty(STDERR_FILENO) == 1) {}

TerminalProgress::~TerminalProgress() { End(); }

void TerminalProgress::Begin(std::string_view stage, std::size_t total, std::string_view unit) {
  std::scoped_lock lock(mutex_);
  Finish();
  state_ = BarState{.stage = std::string(stage), .unit = std::string(unit), .total = total};
  start_ = drawn_ = std::chrono::steady_clock::now();
  active_ = true;
  Draw(true);
}

void TerminalProgress::Advance(std::size_t units) {
  std::scoped_lock lock(mutex_);
  state_.done += units;
  Draw(false);
}

void TerminalProgress::Note(std::string_view text) {
  std::scoped_lock lock(mutex_);
  state_.note = text;
  Draw(false);
}

void TerminalProgress::End() {
  std::scoped_lock lock(mutex_);
  Finish();
}

void TerminalProgress::Draw(bool force) {
  if (!active_) return;
  const auto now = std::chrono::steady_clock::now();
  const auto interval = on_terminal_ ? std::chrono::steady_clock::duration(kRedraw)
                                     : std::chrono::steady_clock::duration(kLogInterval);
  if (!force && now - drawn_ < interval) return;
  drawn_ = now;
  state_.seconds = std::chrono::duration<double>(now - start_).count();
  fmt::print(stderr, "{}{}{}", on_terminal_ ? "\r\x1b[K" : "", RenderBar(state_),
             on_terminal_ ? "" : "\n");
  std::fflush(stderr);
}

void TerminalProgress::Finish() {
  if (!active_) return;
  active_ = false;
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  std::string line = state_.stage;
  if (state_.done > 0) line += fmt::format(": {} {}", state_.done, state_.unit);
  if (!state_.note.empty()) line += ", " + state_.note;
  fmt::print(stderr, "{}{} ({})\n", on_terminal_ ? "\r\x1b[K" : "", line, Duration(seconds));
  std::fflush(stderr);
}

}  // namespace sca::cli
