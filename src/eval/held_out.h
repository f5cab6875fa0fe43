// The evaluation of an executor on an environment's held-out tasks.
//
// A unit is one trial of one task; units are played in waves, so that a killed evaluation goes on
// where it was. pass@1 is the mean over tasks and trials (the paper's definition: four trials).

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "domain/code_as_task.h"
#include "domain/evaluation.h"
#include "domain/recipe.h"
#include "domain/trajectory.h"
#include "env/environment.h"
#include "llm/model.h"
#include "rollout/executor.h"

namespace sca::eval {

struct EvaluationPlan {
  std::string stage;   // "before", "iteration_1", "after".
  std::string policy;  // "base", or the adapter's name.
  std::uint64_t seed = 0;
  EvaluationSettings settings;
};

class HeldOut {
 public:
  // `environment` and `prompts` must outlive the evaluation.
  static Result<HeldOut> Create(const env::Environment& environment,
                                const rollout::PromptLibrary& prompts, EvaluationPlan plan);

  // Tasks times trials. Unit u is trial u % trials of task u / trials.
  std::size_t units() const;

  // Plays units [first, first + count), in order.
  Result<std::vector<Trajectory>> Play(llm::Model& model, std::size_t first, std::size_t count,
                                       Progress& progress) const;

  // The figures of all units' trajectories, in the order of units.
  Evaluation Score(std::span<const Trajectory> trajectories) const;

 private:
  HeldOut(const env::Environment& environment, EvaluationPlan plan, rollout::Executor executor);

  const env::Environment* environment_;
  EvaluationPlan plan_;
  rollout::Executor executor_;
  std::vector<CodeAsTask> tasks_;
};

}  // namespace sca::eval
