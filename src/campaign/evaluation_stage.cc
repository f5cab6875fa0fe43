#include <fmt/format.h>

#include "base/random.h"
#include "campaign/stages.h"
#include "eval/held_out.h"

namespace sca::campaign {

Status Evaluate(RunContext& run, const std::string& stage_name, int iteration) {
  const std::string kind = "evaluation:" + stage_name;
  if (SCA_TRY(run.store.WavesDone(kind + " scored", iteration)) > 0) return {};
  const eval::HeldOut held_out =
      SCA_TRY(eval::HeldOut::Create(run.environment, run.prompts,
                                    {.stage = stage_name,
                                     .policy = PolicyName(iteration),
                                     .seed = DeriveSeed(run.recipe.seed, "evaluation", 0),
                                     .settings = run.recipe.evaluation}));
  SCA_TRY(UsePolicy(run, iteration));
  const Stage stage{.kind = kind,
                    .iteration = iteration,
                    .title = fmt::format("Held-out tasks, {}", stage_name),
                    .unit = "episodes",
                    .units = held_out.units()};
  SCA_TRY(RunWaves(
      run, stage, [&](std::size_t first, std::size_t count) -> Result<std::function<Status()>> {
        auto wave = std::make_shared<std::vector<Trajectory>>(
            SCA_TRY(held_out.Play(run.model, first, count, run.progress)));
        return std::function<Status()>([&run, wave, first, kind, iteration]() -> Status {
          for (std::size_t index = 0; index < wave->size(); ++index) {
            store::StoredTrajectory stored;
            stored.iteration = iteration;
            stored.purpose = kind;
            stored.index = static_cast<int>(first + index);
            stored.trajectory = std::move((*wave)[index]);
            SCA_TRY(run.store.AddTrajectory(stored));
          }
          return {};
        });
      }));

  std::vector<Trajectory> trajectories;
  for (store::StoredTrajectory& stored :
       SCA_TRY(run.store.Trajectories({.iteration = iteration, .purpose = kind}))) {
    trajectories.push_back(std::move(stored.trajectory));
  }
  const Evaluation evaluation = held_out.Score(trajectories);
  store::Transaction transaction = SCA_TRY(run.store.Begin());
  SCA_TRY(run.store.AddEvaluation(evaluation));
  SCA_TRY(run.store.AddMetric({"pass_at_1", iteration, evaluation.pass_at_1}));
  SCA_TRY(run.store.AddMetric({"pass_at_4", iteration, evaluation.pass_at_4}));
  SCA_TRY(run.store.MarkWave(kind + " scored", iteration, 0));
  return transaction.Commit();
}

}  // namespace sca::campaign
