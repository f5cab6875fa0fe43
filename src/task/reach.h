// What read tools give from the literals of an instruction: the values that an agent can find out
// without guessing.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "env/environment.h"
#include "task/entities.h"
#include "task/known_tasks.h"
#include "task/standings.h"

namespace sca::task {

// One thread. Needs its environment and entities for as long as it lives.
class Reach {
 public:
  static constexpr std::size_t kCallsMax = 64;  // Of Explore, and again of About.
  static constexpr int kDepthMax = 2;

  // Kinds of values are told by parameter names, and by what `entities` and the calls of `solution`
  // have for them. The first call starts a world.
  Reach(const env::Environment& environment, const Entities& entities, const Trace& solution,
        std::uint64_t seed);

  // Makes the calls of read tools that `instruction` has the arguments for, then those that their
  // results have, and gives what they gave. A bounded breadth-first search.
  Result<std::vector<Reached>> Explore(const std::string& instruction);

  // What read tools of one parameter, of which `value` is a value, say of it: key to value. Empty
  // if none does.
  Result<Json> About(const std::string& parameter, const Json& value);

 private:
  struct Start {
    Json value;
    std::string path;
    int depth = 0;
    bool from_literals = true;
  };
  struct Reader {  // A read tool, and the parameters that must be given.
    std::string tool;
    std::vector<std::string> parameters;
    std::vector<std::string> types;
  };
  using Starts = std::map<std::string, std::vector<Start>>;  // By parameter name.

  bool Fits(const std::string& parameter, const Standing& standing) const;
  bool LooksLikeWords(const std::string& parameter) const;
  Starts StartsOf(const std::string& instruction) const;
  Status Visit(const Reader& reader, int depth, Starts& starts, std::vector<Reached>& reached);
  Status VisitWith(const Reader& reader, const std::vector<const Start*>& chosen,
                   std::vector<Reached>& reached);
  void AddStarts(const Reached& reached, Starts& starts) const;
  // The result of a call, or null where it fails; each call is made once.
  Result<Json> Call(const std::string& tool, const Json& arguments);

  const env::Environment* environment_;
  const Entities* entities_;
  std::uint64_t seed_;
  std::unique_ptr<env::Episode> episode_;
  std::vector<Reader> readers_;                          // Those of few parameters first.
  std::map<std::string, std::vector<Json>> from_trace_;  // By parameter name.
  std::map<std::string, Json> results_;
  std::size_t calls_left_ = kCallsMax;
};

}  // namespace sca::task
