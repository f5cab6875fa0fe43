// A recipe: everything that decides a run, read from TOML, with dotted overrides.
//
// Each field stands once, in RecipeFields (recipe.cc): key, default, bounds and meaning. Parsing,
// printing, overrides and the help text are made from that list.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"

namespace sca {

struct ModelSettings {
  std::string path = "qwen2.5-coder-0.5b-instruct";  // A name of the catalogue or a GGUF file.
  int width = 32;                                    // Sequences decoded together.
  int context_tokens = 3072;                         // A sequence.
};

struct ChallengeSettings {
  int candidates = 240;  // An iteration.
  double temperature = 1.0;
  double top_p = 0.95;
  int tokens_max = 320;           // A message.
  int revisions_max = 1;          // How often a failed task may be handed in again.
  int tools_max = 3;              // Tools asked for, at most.
  int examples_shown = 4;         // Worked examples in the prompt.
  int example_sets = 3;           // Fixed sets they rotate in; each set's prefix is evaluated once.
  bool complete_failures = true;  // Failure cases that test nothing give way to mutants.
  bool trained = true;            // From the second iteration on, write with the trained adapter.
};

// Other right ways that the gate equivalents_accepted knows, for GateSettings::equivalents.
inline constexpr std::array<std::string_view, 5> kEquivalentKinds = {
    "numbers", "numbers_for_text", "texts_for_numbers", "list_order", "call_order"};

struct GateSettings {
  bool IsOff(std::string_view gate) const;
  bool Tries(std::string_view equivalent) const;

  std::vector<std::string> off;  // Gates switched off, for ablations.
  double similarity_max = 0.85;  // Of instructions, before one counts as known.
  int alike_max = 1;             // Tasks kept that differ in names and numbers only.
  bool like_examples = false;    // Those may differ so from an example as well.
  int tool_quota = 0;            // Tasks kept that call one tool; 0: no quota.
  // Of kEquivalentKinds. A text for a number is tried only where a recipe asks for it: decision 7.
  std::vector<std::string> equivalents = {"numbers", "numbers_for_text", "list_order",
                                          "call_order"};
  double mutants_rejected_min = 0.7;  // Share of the non-equivalent mutants.
  bool mutants_each = true;  // A single one that is plainly wrong and accepted is enough to fail.
  int mutants_max = 40;
  int shape_quota = 0;  // Tasks kept a masked trace shape; 0: no quota.
  int pilot_rollouts = 4;
  int pilot_examples = 0;       // Worked examples that the pilot's attempts see; 0: as the paper.
  int pilot_successes_min = 1;  // Fewer: set aside as not solvable yet.
  double pilot_rate_max = 1.0;  // More: trivial. 1.0 keeps what always succeeds.
  std::string policy_file;      // Rules of a company, TOML; empty: none.
  bool approval = false;        // The gate `approved`: a person says so before a task is used.
};

struct RolloutSettings {
  int group_size = 8;  // Rollouts a task; the pilot's count if they saw no examples.
  double temperature = 1.0;
  double top_p = 1.0;
  int max_turns = 0;  // 0: as the environment says.
  int tokens_max = 80;
};

struct LoraSettings {
  int rank = 16;
  double alpha = 32;
  double dropout = 0;
  std::vector<std::string> target_modules = {"q_proj",    "k_proj",  "v_proj",   "o_proj",
                                             "gate_proj", "up_proj", "down_proj"};
};

struct TrainSettings {
  std::string algorithm = "rft";  // Rejection fine-tuning: the paper's REINFORCE (equation 2).
  double learning_rate = 3e-4;
  int epochs = 4;
  int batch_size = 16;
  double weight_decay = 0;
  double warmup_ratio = 0.1;
  int rows_per_task_max = 3;       // Successful rollouts of one task that enter training.
  bool demonstrations = true;      // Verified solutions as rows beside the rollouts.
  std::string precision = "bf16";  // Of matrix products: bf16 or fp32.
  int workers = 0;                 // 0: one a core.
  LoraSettings lora;
};

struct EvaluationSettings {
  int trials = 4;  // A task; pass@1 is their mean (the paper's definition).
  double temperature = 0.7;
  double top_p = 1.0;
  bool each_iteration = true;  // Also between the first and the last.
  int tasks_max = 0;           // 0: all held-out tasks.
};

struct Recipe {
  std::string title;
  std::uint64_t seed = 1;
  int iterations = 2;
  int wave = 64;            // Units that are committed together.
  std::string env_path;     // `env.path`: a name under environments/ or any folder.
  int sandbox_minimum = 2;  // `sandbox.minimum`: least isolation level accepted.
  ModelSettings model;
  ChallengeSettings challenge;
  GateSettings gates;
  RolloutSettings rollout;
  TrainSettings train;
  EvaluationSettings evaluation;

  // The TOML that gives this recipe back.
  std::string ToToml() const;
  Json ToJson() const;  // Flat: dotted key to value.
};

// One setting: its dotted key, where it is, its meaning and, for numbers, its bounds.
struct RecipeField {
  std::string key;
  std::variant<int*, double*, bool*, std::string*, std::uint64_t*, std::vector<std::string>*>
      target;
  std::string meaning;
  double minimum = 0;
  double maximum = 1e9;
};

// The fields of `recipe`; the pointers live as long as it does.
std::vector<RecipeField> RecipeFields(Recipe& recipe);

// `overrides` are key=value, value as in TOML (a bare word is a string). An unknown key, a wrong
// type or a number out of bounds is kInvalidArgument and names the key and what would be right.
Result<Recipe> ParseRecipe(std::string_view toml, std::string_view file,
                           const std::vector<std::string>& overrides);

}  // namespace sca
