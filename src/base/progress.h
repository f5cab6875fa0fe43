// Progress of long work, told to whoever shows it. Libraries report; only `cli` draws bars.

#pragma once

#include <cstddef>
#include <string_view>

namespace sca {

// Thread-safe. One stage at a time: Begin ends the stage before it.
class Progress {
 public:
  virtual ~Progress() = default;

  // `total` units are to come; 0 where the number is not known. `unit` is a plural: "episodes".
  virtual void Begin(std::string_view stage, std::size_t total, std::string_view unit) = 0;
  virtual void Advance(std::size_t units) = 0;
  virtual void Note(std::string_view text) = 0;  // A short figure beside the bar: "12 accepted".
  virtual void End() = 0;
};

// Shows nothing; for tests and for --json.
class SilentProgress : public Progress {
 public:
  void Begin(std::string_view, std::size_t, std::string_view) override {}
  void Advance(std::size_t) override {}
  void Note(std::string_view) override {}
  void End() override {}
};

}  // namespace sca
