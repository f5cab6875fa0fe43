// Puts the mutants of one solution to the proof: what does the verification function say of them?

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "task/gate.h"
#include "task/mutants.h"
#include "task/spellings.h"

namespace sca::task {

enum class Fate {
  kRejected,
  kAccepted,
  kEquivalent,  // The same end state and answer, or nearly: nothing to reject.
  kInvalid,     // It does not run: nobody would hand it in.
};

struct Ending {
  Fate fate = Fate::kInvalid;
  std::string description;  // Of the mutant, or of the choice that it came to.
};

// Code and verifications that can leave nothing behind in their process share one; all others have
// one each. One thread. The candidate and its solution, which passes, must outlive it.
class MutantTrial {
 public:
  MutantTrial(Candidate& candidate, const Execution& solution);

  // An ending for each mutant.
  Result<std::vector<Ending>> Try(const std::vector<Mutant>& mutants);

 private:
  // Whether its code runs where others do.
  bool Shares(const Mutant& mutant) const;
  // What the code of mutants that share a process comes to, at their indices.
  Result<std::vector<std::optional<env::CodeResult>>> RunTogether(
      const std::vector<Mutant>& mutants);
  // The fate of code, or none and its answer where that is all there is to verify. `ran`: what it
  // came to, if that is known.
  Result<std::optional<Fate>> RunCode(const Mutant& mutant, std::optional<env::CodeResult> ran,
                                      std::string& answer);
  Result<Ending> TryCalls(const Mutant& mutant) const;
  // Whether another thing's answer passes by a tolerance: then so does what lies between.
  Result<bool> TakesWhatIsBetween(const std::string& answer_json);
  // Which answers are accepted after the solution's calls.
  Result<std::vector<bool>> VerifyAnswers(const std::vector<std::string>& answers);
  Result<Fate> FateOf(env::Episode& episode, const std::string& answer_json,
                      bool near_answer) const;
  bool IsNear(const std::string& answer_json) const;
  // Whether a verifier may take it after this mutant.
  bool IsTolerable(const Mutant& mutant, const std::string& answer_json) const;
  // Whether it is as right: another spelling, or only a rounding away.
  bool IsAlike(const std::string& answer_json) const;
  Result<std::unique_ptr<env::Episode>> Start() const;

  Candidate& candidate_;
  const Execution& solution_;
  std::vector<Trace::Call> writes_;
  std::vector<Spelling> spellings_;
  bool solution_is_plain_;  // It neither writes nor tampers with Python.
};

}  // namespace sca::task
