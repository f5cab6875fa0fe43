// The gate that measures the verification function: does it reject wrong variants of the solution?

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "task/gate.h"
#include "task/mutant_trial.h"
#include "task/mutants.h"

namespace sca::task {
namespace {

constexpr std::size_t kNamedMax = 3;  // Mutants and groups that evidence names.

struct Group {
  std::string name;
  Mutant::Weight weight = Mutant::Weight::kAlone;
  bool is_value = false;
  bool alone = false;  // One that counts alone is accepted.
  int rejected = 0;
  int accepted = 0;
  std::vector<std::string> survivors;
};

struct Count {
  std::vector<Group> groups;  // In the order of the mutants.
  int rejected = 0;
  int accepted = 0;
  std::vector<std::string> survivors;  // Those that count alone first.
};

Count CountOf(const std::vector<Mutant>& mutants, const std::vector<Ending>& endings) {
  Count count;
  for (std::size_t index = 0; index < mutants.size(); ++index) {
    const Mutant& mutant = mutants[index];
    auto group = std::find_if(count.groups.begin(), count.groups.end(),
                              [&](const Group& one) { return one.name == mutant.group; });
    if (group == count.groups.end()) {
      group = count.groups.insert(
          group, Group{.name = mutant.group, .weight = mutant.weight, .is_value = mutant.is_value});
    }
    if (endings[index].fate == Fate::kRejected) {
      ++group->rejected;
      ++count.rejected;
    } else if (endings[index].fate == Fate::kAccepted) {
      ++group->accepted;
      ++count.accepted;
      group->survivors.push_back(endings[index].description);
      group->alone = group->alone || mutant.weight == Mutant::Weight::kAlone;
    }
  }
  for (const bool alone : {true, false}) {
    for (const Group& group : count.groups) {
      if (group.alone != alone) continue;
      count.survivors.insert(count.survivors.end(), group.survivors.begin(), group.survivors.end());
    }
  }
  return count;
}

std::string Named(std::vector<std::string> names) {
  const std::size_t left_out = names.size() > kNamedMax ? names.size() - kNamedMax : 0;
  if (left_out > 0) names.resize(kNamedMax);
  return Join(names, "; ") + (left_out > 0 ? fmt::format("; and {} more", left_out) : "");
}

std::string Evidence(const Count& count) {
  std::string evidence = fmt::format("evaluate rejects {} of {} wrong variants", count.rejected,
                                     count.rejected + count.accepted);
  if (!count.survivors.empty()) evidence += "; it is True with " + Named(count.survivors);
  std::vector<std::string> untried;
  for (const Group& group : count.groups) {
    if (group.is_value && group.rejected + group.accepted == 0) untried.push_back(group.name);
  }
  evidence += ".";
  if (!untried.empty()) {
    evidence +=
        fmt::format(" Nothing that works and ends otherwise was found for {}.", Named(untried));
  }
  return evidence;
}

}  // namespace

Result<Finding> JudgeMutantsRejected(Candidate& candidate) {
  const Execution* solution = SCA_TRY(candidate.Solution());
  if (!solution->verdict.has_value() || !solution->verdict->passed.value_or(false)) {
    return Finding{.passed = false, .evidence = "The solution itself does not pass."};
  }
  const Entities* entities = SCA_TRY(candidate.KnownEntities());
  const GateSettings& settings = candidate.settings();
  const std::vector<Mutant> mutants = MutantsOf(
      candidate.task(), solution->trace, candidate.environment(), *entities,
      static_cast<std::size_t>(std::max(0, settings.mutants_max)), solution->verdict->calls);
  const Count count = CountOf(mutants, SCA_TRY(MutantTrial(candidate, *solution).Try(mutants)));
  const int counted = count.rejected + count.accepted;
  if (counted == 0) {
    return Finding{.passed = true, .evidence = "No wrong variant of the solution can be made."};
  }
  candidate.mutant_score = static_cast<double>(count.rejected) / counted;
  // What is most telling comes first: a single call left out before an argument of any value.
  for (const Group& group : count.groups) {
    const bool any = group.rejected == 0 && group.accepted >= 2;
    if (any && group.weight != Mutant::Weight::kShare) {
      return Finding{
          .passed = false,
          .evidence = fmt::format("evaluate is True whatever {} is, for example with {}.",
                                  group.name, group.survivors.front())};
    }
    if (group.alone && settings.mutants_each) {
      return Finding{.passed = false, .evidence = Evidence(count)};
    }
  }
  return Finding{.passed = *candidate.mutant_score >= settings.mutants_rejected_min,
                 .evidence = Evidence(count)};
}

}  // namespace sca::task
