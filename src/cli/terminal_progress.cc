#include "cli/terminal_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace sca::cli {
namespace {

constexpr std::size_t kBarWidth = 24;
constexpr std::size_t kColumns = 100;  // Where the terminal does not say.
constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::chrono::seconds kLogInterval{10};
// What is reported done this early was done by an earlier process.
constexpr double kResumedSeconds = 0.02;

std::string Duration(double seconds) {
  if (seconds < 10) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<long>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02d} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02d} min", whole / 3600, whole % 3600 / 60);
}

std::string Rate(double per_second) {
  if (per_second >= 10) return fmt::format("{:.0f}/s", per_second);
  if (per_second >= 0.1) return fmt::format("{:.1f}/s", per_second);
  return fmt::format("{:.1f}/min", 60 * per_second);
}

// Rate, time left and note, as far as they are known.
std::vector<std::string> Figures(const BarState& state) {
  std::vector<std::string> figures;
  const std::size_t counted = state.done - std::min(state.done, state.resumed);
  if (counted > 0 && state.seconds > 0) {
    const double rate = static_cast<double>(counted) / state.seconds;
    figures.push_back(Rate(rate));
    if (state.done < state.total) {
      figures.push_back(Duration(static_cast<double>(state.total - state.done) / rate) + " left");
    }
  }
  if (!state.note.empty()) figures.push_back(state.note);
  return figures;
}

std::size_t TerminalColumns(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kColumns;
  return size.ws_col;
}

}  // namespace

std::string RenderBar(const BarState& state, std::size_t columns) {
  std::string line = state.stage;
  if (state.total > 0) {
    const std::size_t done = std::min(state.done, state.total);
    const std::size_t filled = kBarWidth * done / state.total;
    line += fmt::format("  [{}{}]  {}/{} {}", std::string(filled, '#'),
                        std::string(kBarWidth - filled, '-'), state.done, state.total, state.unit);
  } else if (state.done > 0) {
    line += fmt::format("  {} {}", state.done, state.unit);
  }
  for (const std::string& figure : Figures(state)) line += "  " + figure;
  return line.size() <= columns ? line : Shorten(line, std::max<std::size_t>(columns, 4) - 3);
}

std::string RenderLine(const BarState& state) {
  std::string line = state.stage + ":";
  if (state.total > 0) {
    line += fmt::format(" {} of {} {}", state.done, state.total, state.unit);
  } else if (state.done > 0) {
    line += fmt::format(" {} {}", state.done, state.unit);
  } else {
    line += " …";
  }
  for (const std::string& figure : Figures(state)) line += ", " + figure;
  return line;
}

std::string RenderEnd(const BarState& state) {
  std::vector<std::string> facts;
  if (state.total > 0 && state.done < state.total) {
    facts.push_back(fmt::format("stopped at {} of {} {}", state.done, state.total, state.unit));
  } else if (state.done > 0) {
    facts.push_back(fmt::format("{} {}", state.done, state.unit));
  }
  if (!state.note.empty()) facts.push_back(state.note);
  return fmt::format("{}{}{} ({})", state.stage, facts.empty() ? "" : ": ", Join(facts, ", "),
                     Duration(state.seconds));
}

TerminalProgress::TerminalProgress(std::FILE* stream)
    : stream_(stream), on_terminal_(::isatty(::fileno(stream)) == 1) {}

TerminalProgress::~TerminalProgress() { End(); }

void TerminalProgress::Begin(std::string_view stage, std::size_t total, std::string_view unit) {
  std::scoped_lock lock(mutex_);
  Finish();
  state_ = BarState{.stage = std::string(stage), .unit = std::string(unit), .total = total};
  start_ = std::chrono::steady_clock::now();
  active_ = true;
  DrawNow();
}

void TerminalProgress::Advance(std::size_t units) {
  std::scoped_lock lock(mutex_);
  if (!active_) return;
  MeasureTime();
  if (state_.done == 0 && state_.seconds < kResumedSeconds && units > 1) state_.resumed = units;
  state_.done += units;
  Draw();
}

void TerminalProgress::Note(std::string_view text) {
  std::scoped_lock lock(mutex_);
  state_.note = text;
  Draw();
}

void TerminalProgress::End() {
  std::scoped_lock lock(mutex_);
  Finish();
}

void TerminalProgress::MeasureTime() {
  state_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void TerminalProgress::Draw() {
  if (!active_) return;
  const auto interval = on_terminal_ ? std::chrono::steady_clock::duration(kRedraw)
                                     : std::chrono::steady_clock::duration(kLogInterval);
  if (std::chrono::steady_clock::now() - drawn_ >= interval) DrawNow();
}

void TerminalProgress::DrawNow() {
  MeasureTime();
  drawn_ = std::chrono::steady_clock::now();
  Print(
      on_terminal_ ? RenderBar(state_, TerminalColumns(::fileno(stream_)) - 1) : RenderLine(state_),
      !on_terminal_);
}

void TerminalProgress::Finish() {
  if (!active_) return;
  active_ = false;
  MeasureTime();
  Print(RenderEnd(state_), true);
}

void TerminalProgress::Print(const std::string& line, bool stays) {
  fmt::print(stream_, "{}{}{}", on_terminal_ ? "\r\x1b[K" : "", line, stays ? "\n" : "");
  std::fflush(stream_);
}

}  // namespace sca::cli
