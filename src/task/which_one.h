// Tells whether it is clear which one of several things of a kind an instruction means.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "task/gate.h"
#include "task/reach.h"
#include "task/referent.h"
#include "task/standings.h"

namespace sca::task {

// Of one candidate. Looks around in a world of its own, which it starts when it needs it. Each
// question is answered with a sentence where it is not clear.
class WhichOne {
 public:
  // All must outlive it.
  WhichOne(Candidate& candidate, const Trace& solution, const Referent& referent);

  // What an agent can find out from what the instruction says.
  Result<std::vector<Reached>> Explore();

  // What read tools say of a value, and what stands beside it.
  Result<Json> About(const std::string& parameter, const Standing& standing);

  // Could another value of the same list be meant? One that the solution treats alike is meant too;
  // one that the tool refuses cannot be meant.
  Result<std::optional<std::string>> OtherMeant(const std::string& parameter,
                                                const Trace::Call& call, const Reached& reached);

  // What a write call takes out of a list that an earlier call gave: why this one?
  Result<std::optional<std::string>> OtherChosen();

  // What the solution takes by its place in a list, of which the instruction says nothing.
  Result<std::optional<std::string>> OtherPlace();

  // The same of the numbers of things, "stages[1]": other lists of numbers have an order of their
  // own.
  Result<std::optional<std::string>> OtherNumber();

 private:
  Status LookAround();
  // And what is said of the things that it names: of a loan the title of what is lent.
  Result<Json> WithWhatIsFar(const Json& about);
  // Whether the call works in a fresh world with `value` in place of what it has.
  Result<bool> WorksWith(const Trace::Call& call, const std::string& parameter,
                         const Json& value) const;
  // Whether the instruction names another one than the code has written down, and does not leave
  // it out.
  bool IsMeantInstead(const Json& taken, const Json& named) const;
  bool IsTreatedAlike(const std::string& tool, const std::string& parameter,
                      const Json& value) const;
  // Where the first call that gave the value as one of a list did so.
  std::vector<Reached> ChosenFrom(const Json& value) const;
  // Whether the code ranks and takes none by its place: then the other end of a list that is the
  // other way round is a tie.
  bool RanksByValue() const;

  Candidate& candidate_;
  const Trace& trace_;
  const std::string& instruction_;
  std::string lower_;
  const Referent& referent_;
  std::optional<Reach> reach_;
};

}  // namespace sca::task
