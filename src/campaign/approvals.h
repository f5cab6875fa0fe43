// People approve tasks before a run trains on them: which tasks wait for a word, and giving one.
//
// A run whose recipe asks for it (gates.approval) ends each round's pilot by waiting. It goes on,
// by `sca resume`, once there is a word on every task that waits; the last word on a task counts.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/code_as_task.h"
#include "domain/gate_verdict.h"
#include "domain/recipe.h"
#include "domain/review.h"
#include "store/store.h"

namespace sca::campaign {

struct WaitingTask {
  store::Candidate candidate;
  std::string hash;                             // Of its task.
  std::optional<Review> review = std::nullopt;  // The last word on it, not taken up yet.
};

// In the order in which they were written. A copy of a held-out task is none of them.
Result<std::vector<WaitingTask>> WaitingTasks(const store::Store& store);

// Those of them on which there is no word yet.
Result<std::vector<WaitingTask>> OpenTasks(const store::Store& store);

// Whether a person's word is wanted before a task is trained on.
bool AsksPeople(const GateSettings& gates);

// What a person may not approve: `today`, the held-out tasks of the environment, and those that the
// run stored when it began, of which only id and instruction are known.
Result<std::vector<CodeAsTask>> HeldOutTasks(const store::Store& store,
                                             std::span<const CodeAsTask> today);

// What is wrong with the form of a task's name, which is its id ("t1-3"), or id, "@" and the first
// eight or more digits of the hash of what was shown. Empty if nothing is.
std::string WrongName(std::string_view name);

// The waiting task of this name. kInvalidArgument: WrongName; kNotFound: there is no such task;
// kFailedPrecondition: it does not wait, is held out, or has another hash.
Result<WaitingTask> FindWaiting(const store::Store& store, std::string_view name);

// Stores a word on that task; `review` has all but the task's id and hash. Errors as above.
Status GiveWord(store::Store& store, std::string_view name, Review review);

// What becomes of a candidate that passed all gates before `approved`.
store::CandidateFate FateAfter(const std::optional<GateVerdict>& approved);

}  // namespace sca::campaign
