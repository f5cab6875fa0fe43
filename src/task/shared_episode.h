// One episode for much code of one candidate. Each piece of code would have a world and a cell of
// its own, which cost more than what it does; but plain code that calls no write tool leaves
// nothing behind for the next.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "env/environment.h"

namespace sca::task {

class SharedEpisode {
 public:
  SharedEpisode(const env::Environment& environment, std::uint64_t seed)
      : environment_(environment), seed_(seed) {}

  // Whose world is as it was at first. Valid until the next call.
  Result<env::Episode*> Fresh();

  // Runs code for which IsPlainCode() holds, in variables of its own.
  Result<env::CodeResult> Run(std::string_view plain_code);

  // What each of such codes comes to, in few forks of the world, where nothing that is printed
  // counts; none of what calls a write tool or is ended by its process, and none of any if they
  // take too long together.
  Result<std::vector<std::optional<env::CodeResult>>> RunEach(std::vector<std::string> plain_codes);

  // Whether the last code called a write tool, whether that worked or not.
  bool has_written() const { return has_written_; }

 private:
  const env::Environment& environment_;
  std::uint64_t seed_;
  std::unique_ptr<env::Episode> episode_;
  bool has_written_ = false;
  bool has_ended_ = false;  // Otherwise than by its last line: nobody knows what is left.
};

}  // namespace sca::task
