#include "report/summary.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "domain/statistics.h"
#include "report/examples.h"
#include "report/trace_tools.h"

namespace sca::report {
namespace {

constexpr std::string_view kInfrastructureGate = "infrastructure";
constexpr std::string_view kApprovedGate = "approved";

bool BrokeInInfrastructure(const store::Candidate& candidate) {
  const GateVerdict* failure = candidate.verdict.first_failure();
  return failure != nullptr && failure->gate == kInfrastructureGate;
}

// The figures of a gate. One not seen yet goes to `place`, which is then behind it.
GateFigures& FiguresOf(std::string_view gate, std::vector<GateFigures>& funnel,
                       std::size_t& place) {
  auto found = std::find_if(funnel.begin(), funnel.end(),
                            [&](const GateFigures& figures) { return figures.gate == gate; });
  if (found == funnel.end()) {
    GateFigures figures;
    figures.gate = gate;
    found = funnel.insert(funnel.begin() + static_cast<std::ptrdiff_t>(place), figures);
  }
  place = static_cast<std::size_t>(found - funnel.begin()) + 1;
  return *found;
}

// Lists end at the first failure, so the order of all gates is put together from many: a gate not
// seen yet goes behind the one that it follows.
std::vector<GateFigures> Funnel(const std::vector<store::Candidate>& candidates) {
  std::vector<GateFigures> funnel;
  for (const store::Candidate& candidate : candidates) {
    std::size_t place = 0;
    for (const GateVerdict& gate : candidate.verdict.gates) {
      if (gate.gate == kInfrastructureGate) continue;
      GateFigures& figures = FiguresOf(gate.gate, funnel, place);
      figures.milliseconds += gate.milliseconds;
      if (gate.verdict != Verdict::kSkipped) ++figures.entered;
      if (gate.verdict == Verdict::kPassed) ++figures.passed;
    }
    if (candidate.fate == store::CandidateFate::kWaiting) {
      ++FiguresOf(kApprovedGate, funnel, place).waiting;
    }
  }
  return funnel;
}

void Count(const store::Candidate& candidate, CandidateFigures& figures) {
  if (BrokeInInfrastructure(candidate)) {
    ++figures.infrastructure_failures;
    return;
  }
  ++figures.candidates;
  const bool sent_back = !candidate.first_failure_before_revision.empty();
  if (sent_back) ++figures.sent_back;
  switch (candidate.fate) {
    case store::CandidateFate::kAccepted:
      ++figures.accepted;
      break;
    case store::CandidateFate::kSetAside:
      ++figures.set_aside;
      break;
    case store::CandidateFate::kWaiting:
      ++figures.waiting;
      break;
    case store::CandidateFate::kRejected:
      ++figures.rejected;
      return;
  }
  if (sent_back) ++figures.rescued;
}

void CountCandidates(const std::vector<store::Candidate>& candidates, Summary& summary) {
  for (const store::Candidate& candidate : candidates) {
    auto& iterations = summary.iterations;
    if (iterations.empty() || iterations.back().iteration != candidate.iteration) {
      CandidateFigures figures;
      figures.iteration = candidate.iteration;
      iterations.push_back(figures);
    }
    Count(candidate, iterations.back());
    Count(candidate, summary.candidates);
  }
}

std::vector<RolloutFigures> Rollouts(const std::vector<store::StoredTrajectory>& trajectories) {
  std::vector<RolloutFigures> rollouts;
  for (const store::StoredTrajectory& stored : trajectories) {
    if (stored.purpose != "pilot" && stored.purpose != "rollout") continue;
    if (rollouts.empty() || rollouts.back().iteration != stored.iteration ||
        rollouts.back().purpose != stored.purpose) {
      RolloutFigures figures;
      figures.iteration = stored.iteration;
      figures.purpose = stored.purpose;
      rollouts.push_back(figures);
    }
    RolloutFigures& figures = rollouts.back();
    if (!stored.trajectory.reward.has_value()) {
      ++figures.infrastructure_failures;
      continue;
    }
    ++figures.episodes;
    if (stored.trajectory.succeeded()) ++figures.successes;
  }
  return rollouts;
}

// The last evaluation that is not "before", and the "before" of its environment.
void Compare(Summary& summary) {
  const auto& evaluations = summary.evaluations;
  const auto last =
      std::find_if(evaluations.rbegin(), evaluations.rend(),
                   [](const Evaluation& evaluation) { return evaluation.stage != "before"; });
  const auto first =
      std::find_if(evaluations.begin(), evaluations.end(), [&](const Evaluation& evaluation) {
        return evaluation.stage == "before" &&
               (last == evaluations.rend() || evaluation.environment == last->environment);
      });
  if (first != evaluations.end()) summary.before = *first;
  if (last != evaluations.rend()) summary.after = *last;
  if (!summary.before.has_value() || !summary.after.has_value()) return;
  summary.comparison = PairedBootstrap(summary.before->tasks, summary.after->tasks);
}

std::vector<CallsFigures> ByCalls(const Summary& summary) {
  std::map<int, CallsFigures> by_calls;
  if (summary.before.has_value()) {
    for (const TaskScore& score : summary.before->tasks) {
      CallsFigures& figures = by_calls[score.calls];
      ++figures.tasks;
      figures.before_trials += score.trials;
      figures.before_successes += score.successes;
    }
  }
  if (summary.after.has_value()) {
    for (const TaskScore& score : summary.after->tasks) {
      CallsFigures& figures = by_calls[score.calls];
      if (!summary.before.has_value()) ++figures.tasks;
      figures.after_trials += score.trials;
      figures.after_successes += score.successes;
    }
  }
  std::vector<CallsFigures> list;
  for (auto& [calls, figures] : by_calls) {
    figures.calls = calls;
    list.push_back(figures);
  }
  return list;
}

double Entropy(const std::vector<Counted>& counts) {
  double sum = 0;
  for (const Counted& counted : counts) sum += counted.count;
  double bits = 0;
  for (const Counted& counted : counts) {
    const double share = counted.count / sum;
    if (share > 0) bits -= share * std::log2(share);
  }
  return bits;
}

std::vector<Counted> MostFrequentFirst(const std::map<std::string, int>& counts) {
  std::vector<Counted> list;
  for (const auto& [name, count] : counts) list.push_back({.name = name, .count = count});
  std::stable_sort(list.begin(), list.end(),
                   [](const Counted& a, const Counted& b) { return a.count > b.count; });
  return list;
}

Diversity DiversityOf(const std::vector<store::Candidate>& candidates) {
  std::map<std::string, int> tools, shapes, entities;
  std::map<int, int> calls;
  for (const store::Candidate& candidate : candidates) {
    if (candidate.fate != store::CandidateFate::kAccepted) continue;
    const std::vector<std::string> names = ToolsOf(candidate.trace);
    for (const std::string& name : names) ++tools[name];
    for (const std::string& name : EntitiesOf(candidate.trace)) ++entities[name];
    ++shapes[ShapeOf(candidate.trace)];
    ++calls[static_cast<int>(names.size())];
  }
  Diversity diversity;
  diversity.tools = MostFrequentFirst(tools);
  diversity.shapes = MostFrequentFirst(shapes);
  diversity.entities = MostFrequentFirst(entities);
  for (const auto& [number, count] : calls) {
    diversity.calls.push_back({.name = std::to_string(number), .count = count});
  }
  diversity.tools_entropy = Entropy(diversity.tools);
  diversity.shapes_entropy = Entropy(diversity.shapes);
  diversity.entities_entropy = Entropy(diversity.entities);
  return diversity;
}

Result<Json> MetaOr(const store::Store& store, std::string_view key, const Json& fallback) {
  const std::optional<Json> value = SCA_TRY(store.Meta(key));
  return value.has_value() && value->type() == fallback.type() ? *value : fallback;
}

Status ReadFacts(const store::Store& store, Summary& summary) {
  summary.recipe = SCA_TRY(MetaOr(store, "recipe", Json::object()));
  summary.title = GetStringOr(summary.recipe, "title", "");
  summary.model = GetStringOr(summary.recipe, "model.path", "");
  summary.seed = static_cast<std::uint64_t>(GetIntegerOr(summary.recipe, "seed", 0));
  const Json environment = SCA_TRY(MetaOr(store, "environment", Json("")));
  summary.environment = environment.get<std::string>();
  const std::optional<Json> level = SCA_TRY(store.Meta("isolation_level"));
  if (level.has_value() && level->is_number_integer()) summary.isolation_level = level->get<int>();
  const std::optional<Json> finished = SCA_TRY(store.Meta("finished"));
  summary.finished = finished.has_value() && *finished == true;
  summary.speed = SCA_TRY(MetaOr(store, "speed", Json::object()));
  summary.stage_seconds = SCA_TRY(MetaOr(store, "stage_seconds", Json::object()));
  return {};
}

}  // namespace

Result<Summary> Summarize(const store::Store& store) {
  Summary summary;
  SCA_TRY(ReadFacts(store, summary));
  const std::vector<store::Candidate> candidates = SCA_TRY(store.Candidates(std::nullopt));
  store::TrajectoryFilter without_tokens;
  without_tokens.with_tokens = false;
  const std::vector<store::StoredTrajectory> trajectories =
      SCA_TRY(store.Trajectories(without_tokens));
  const Json instructions = SCA_TRY(MetaOr(store, "held_out_instructions", Json::object()));
  summary.evaluations = SCA_TRY(store.Evaluations());
  summary.trainings = SCA_TRY(store.Trainings());
  summary.metrics = SCA_TRY(store.Metrics());
  summary.reviews = SCA_TRY(store.Reviews());
  summary.audit = SCA_TRY(store.VerifyAudit());

  summary.funnel = Funnel(candidates);
  CountCandidates(candidates, summary);
  summary.rollouts = Rollouts(trajectories);
  Compare(summary);
  summary.by_calls = ByCalls(summary);
  summary.diversity = DiversityOf(candidates);
  summary.accepted_examples = AcceptedExamples(candidates);
  summary.rejected_examples = RejectedExamples(candidates, summary.funnel);
  summary.trajectory_examples = TrajectoryExamples(trajectories, summary, instructions);
  return summary;
}

double Diversity::Evenness(double entropy, const std::vector<Counted>& counts) {
  return counts.size() < 2 ? 0 : entropy / std::log2(static_cast<double>(counts.size()));
}

double Diversity::Overall() const {
  return (Evenness(tools_entropy, tools) + Evenness(shapes_entropy, shapes) +
          Evenness(entities_entropy, entities)) /
         3;
}

double PassHat4(const Evaluation& evaluation) {
  double sum = 0;
  for (const TaskScore& score : evaluation.tasks) {
    if (score.trials > 0) sum += PassHatK(score.trials, score.successes, std::min(4, score.trials));
  }
  return evaluation.tasks.empty() ? 0 : sum / static_cast<double>(evaluation.tasks.size());
}

}  // namespace sca::report
