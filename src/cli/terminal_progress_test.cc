#include "cli/terminal_progress.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <functional>

namespace sca::cli {
namespace {

const BarState kHalfDone{.stage = "Pilot rollouts",
                         .unit = "episodes",
                         .note = "12 accepted",
                         .done = 60,
                         .total = 120,
                         .seconds = 30};

TEST(RenderBar, ShowsStageShareRateTimeLeftAndNote) {
  EXPECT_EQ(RenderBar(kHalfDone, 120),
            "Pilot rollouts  [############------------]  60/120 episodes  2.0/s  30 s left  "
            "12 accepted");
}

TEST(RenderBar, NeverExceedsTheColumns) {
  for (const std::size_t columns : {10, 40, 80}) {
    EXPECT_LE(RenderBar(kHalfDone, columns).size(), columns);
  }
}

TEST(RenderBar, StaysFullWhenMoreIsDoneThanWasToCome) {
  BarState state = kHalfDone;
  state.done = 130;

  const std::string bar = RenderBar(state, 120);

  EXPECT_NE(bar.find("[########################]"), std::string::npos);
  EXPECT_EQ(bar.find("left"), std::string::npos);
}

TEST(RenderBar, ShowsNoShareWhereTheTotalIsNotKnown) {
  EXPECT_EQ(RenderBar({.stage = "Loading the model", .unit = "", .seconds = 3}, 80),
            "Loading the model");
  EXPECT_EQ(RenderBar({.stage = "Fetching", .unit = "MB", .done = 90, .seconds = 3}, 80),
            "Fetching  90 MB  30/s");
}

// Work that an earlier process did must not make the rest look quick.
TEST(RenderLine, CountsOnlyWorkOfThisProcessForTheRate) {
  BarState state = kHalfDone;
  state.resumed = 57;

  EXPECT_EQ(RenderLine(state),
            "Pilot rollouts: 60 of 120 episodes, 0.1/s, 10 min 00 s left, 12 accepted");
}

TEST(RenderLine, GivesSlowRatesAMinute) {
  BarState state = kHalfDone;
  state.seconds = 7200;

  EXPECT_NE(RenderLine(state).find("0.5/min, 2 h 00 min left"), std::string::npos);
}

TEST(RenderEnd, SaysWhatWasDoneAndHowLongItTook) {
  BarState state = kHalfDone;
  EXPECT_EQ(RenderEnd(state), "Pilot rollouts: stopped at 60 of 120 episodes, 12 accepted (30 s)");

  state.done = 120;
  state.seconds = 3.21;
  EXPECT_EQ(RenderEnd(state), "Pilot rollouts: 120 episodes, 12 accepted (3.2 s)");
}

// What `work` writes to a file, which is not a terminal.
std::string Written(const std::function<void(TerminalProgress&)>& work) {
  std::FILE* file = std::tmpfile();
  {
    TerminalProgress progress(file);
    work(progress);
  }
  const auto size = static_cast<std::size_t>(std::ftell(file));
  std::rewind(file);
  std::string written(size, '\0');
  EXPECT_EQ(std::fread(written.data(), 1, size, file), size);
  std::fclose(file);
  return written;
}

TEST(TerminalProgress, WritesAPlainLineAtStartAndEndWhereThereIsNoTerminal) {
  const std::string written = Written([](TerminalProgress& progress) {
    progress.Begin("Checking", 3, "tasks");
    for (int task = 0; task < 3; ++task) progress.Advance(1);
    progress.End();
  });

  EXPECT_EQ(written, "Checking: 0 of 3 tasks\nChecking: 3 tasks (0.0 s)\n");
}

TEST(TerminalProgress, EndsAStageWhenTheNextOneBeginsOrItGoesOutOfScope) {
  const std::string written = Written([](TerminalProgress& progress) {
    progress.Begin("One", 0, "");
    progress.Begin("Two", 0, "");
  });

  EXPECT_EQ(written, "One: …\nOne (0.0 s)\nTwo: …\nTwo (0.0 s)\n");
}

}  // namespace
}  // namespace sca::cli
