#include "domain/recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "domain/toml.h"

namespace sca {
namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

// Turns nested tables into dotted keys.
void Flatten(const Json& table, const std::string& prefix, Json& flat) {
  for (const auto& [key, value] : table.items()) {
    const std::string dotted = prefix.empty() ? key : prefix + "." + key;
    if (value.is_object()) {
      Flatten(value, dotted, flat);
    } else {
      flat[dotted] = value;
    }
  }
}

std::size_t EditDistance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t column = 0; column <= right.size(); ++column) row[column] = column;
  for (std::size_t line = 1; line <= left.size(); ++line) {
    std::size_t diagonal = row[0];
    row[0] = line;
    for (std::size_t column = 1; column <= right.size(); ++column) {
      const std::size_t change = diagonal + (left[line - 1] == right[column - 1] ? 0 : 1);
      diagonal = row[column];
      row[column] = std::min({row[column] + 1, row[column - 1] + 1, change});
    }
  }
  return row[right.size()];
}

Error UnknownKey(const std::vector<RecipeField>& fields, std::string_view key) {
  std::string nearest;
  std::size_t distance_min = std::numeric_limits<std::size_t>::max();
  for (const RecipeField& field : fields) {
    const std::size_t distance = EditDistance(field.key, key);
    if (distance < distance_min) {
      distance_min = distance;
      nearest = field.key;
    }
  }
  return {ErrorCode::kInvalidArgument,
          fmt::format("The recipe has no key \"{}\". Did you mean \"{}\"? `sca run --keys` lists "
                      "them all.",
                      key, nearest)};
}

Error WrongType(const RecipeField& field, std::string_view wanted, const Json& value) {
  return {ErrorCode::kInvalidArgument, fmt::format("{} must be {}, but is {} ({}).", field.key,
                                                   wanted, DumpJson(value), field.meaning)};
}

Status CheckBounds(const RecipeField& field, double value) {
  if (value >= field.minimum && value <= field.maximum) return {};
  return Error{ErrorCode::kInvalidArgument,
               fmt::format("{} must be from {} to {}, but is {}.", field.key, field.minimum,
                           field.maximum, value)};
}

Status SetStrings(const RecipeField& field, const Json& value, std::vector<std::string>& target) {
  if (!value.is_array()) return WrongType(field, "a list of words", value);
  std::vector<std::string> words;
  for (const Json& element : value) {
    if (!element.is_string()) return WrongType(field, "a list of words", value);
    words.push_back(element.get<std::string>());
  }
  target = std::move(words);
  return {};
}

Status SetField(const RecipeField& field, const Json& value) {
  return std::visit(Overloaded{[&](int* target) -> Status {
                                 if (!value.is_number_integer())
                                   return WrongType(field, "a whole number", value);
                                 SCA_TRY(CheckBounds(field, value.get<double>()));
                                 *target = value.get<int>();
                                 return {};
                               },
                               [&](std::uint64_t* target) -> Status {
                                 if (!value.is_number_integer() || value.get<std::int64_t>() < 0) {
                                   return WrongType(field, "a whole number from 0", value);
                                 }
                                 *target = value.get<std::uint64_t>();
                                 return {};
                               },
                               [&](double* target) -> Status {
                                 if (!value.is_number()) return WrongType(field, "a number", value);
                                 SCA_TRY(CheckBounds(field, value.get<double>()));
                                 *target = value.get<double>();
                                 return {};
                               },
                               [&](bool* target) -> Status {
                                 if (!value.is_boolean())
                                   return WrongType(field, "true or false", value);
                                 *target = value.get<bool>();
                                 return {};
                               },
                               [&](std::string* target) -> Status {
                                 if (!value.is_string()) return WrongType(field, "a string", value);
                                 *target = value.get<std::string>();
                                 return {};
                               },
                               [&](std::vector<std::string>* target) {
                                 return SetStrings(field, value, *target);
                               }},
                    field.target);
}

Json FieldValue(const RecipeField& field) {
  return std::visit([](auto* target) { return Json(*target); }, field.target);
}

Result<Json> OverrideValue(std::string_view text) {
  auto parsed = ParseToml(fmt::format("value = {}", text), "override");
  if (parsed.ok() && parsed->contains("value")) return (*parsed)["value"];
  return Json(std::string(text));  // A bare word, for example a path.
}

Status CheckWhole(const Recipe& recipe) {
  if (recipe.env_path.empty()) {
    return Error{
        ErrorCode::kInvalidArgument,
        "The recipe names no environment. Set env.path to a name of `sca env list` or to a "
        "folder."};
  }
  if (recipe.train.algorithm != "rft") {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("train.algorithm \"{}\" is unknown; known: rft.", recipe.train.algorithm)};
  }
  if (recipe.train.precision != "bf16" && recipe.train.precision != "fp32") {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("train.precision must be \"bf16\" or \"fp32\", but is \"{}\".",
                             recipe.train.precision)};
  }
  for (const std::string& kind : recipe.gates.equivalents) {
    if (std::find(kEquivalentKinds.begin(), kEquivalentKinds.end(), kind) ==
        kEquivalentKinds.end()) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("gates.equivalents names \"{}\", which is unknown; known: {}.", kind,
                               fmt::join(kEquivalentKinds, ", "))};
    }
  }
  if (recipe.gates.pilot_examples == 0 && recipe.rollout.group_size < recipe.gates.pilot_rollouts) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("rollout.group_size ({}) counts the pilot's rollouts, so it cannot be "
                             "less than gates.pilot_rollouts ({}).",
                             recipe.rollout.group_size, recipe.gates.pilot_rollouts)};
  }
  return {};
}

void AddRunFields(Recipe& r, std::vector<RecipeField>& fields) {
  fields.insert(
      fields.end(),
      {{"title", &r.title, "what the report is headed with"},
       {"seed", &r.seed, "all randomness of the run comes from it"},
       {"iterations", &r.iterations, "rounds of challenge, rollout and training", 1, 100},
       {"wave", &r.wave, "units committed together; after a kill a wave starts again", 1, 4096},
       {"env.path", &r.env_path, "environment: a name of `sca env list` or a folder"},
       {"sandbox.minimum", &r.sandbox_minimum, "least isolation level accepted (`sca doctor`)", 1,
        3},
       {"model.path", &r.model.path, "a name of `sca model list` or a GGUF file"},
       {"model.width", &r.model.width, "sequences decoded together", 1, 256},
       {"model.context_tokens", &r.model.context_tokens, "longest sequence, in tokens", 256,
        131072}});
}

void AddChallengeFields(Recipe& r, std::vector<RecipeField>& fields) {
  ChallengeSettings& c = r.challenge;
  fields.insert(
      fields.end(),
      {{"challenge.candidates", &c.candidates, "tasks proposed an iteration", 1, 1e6},
       {"challenge.temperature", &c.temperature, "sampling temperature of the challenger", 0, 5},
       {"challenge.top_p", &c.top_p, "nucleus sampling of the challenger", 0.01, 1},
       {"challenge.tokens_max", &c.tokens_max, "tokens a message", 16, 8192},
       {"challenge.revisions_max", &c.revisions_max, "times a failed task may be revised", 0, 10},
       {"challenge.tools_max", &c.tools_max, "tools asked for, at most", 1, 10},
       {"challenge.examples_shown", &c.examples_shown, "worked examples in the prompt", 1, 12},
       {"challenge.example_sets", &c.example_sets, "fixed sets the examples rotate in", 1, 32},
       {"challenge.complete_failures", &c.complete_failures,
        "failure cases that do not run or do what the solution does give way to altered copies"},
       {"challenge.trained", &c.trained, "later iterations write with the trained adapter"}});
}

void AddGateFields(Recipe& r, std::vector<RecipeField>& fields) {
  GateSettings& g = r.gates;
  fields.insert(
      fields.end(),
      {{"gates.off", &g.off, "gates switched off, by name"},
       {"gates.similarity_max", &g.similarity_max, "instruction similarity that is still new", 0,
        1},
       {"gates.alike_max", &g.alike_max, "tasks kept that differ in names and numbers only", 0,
        1e6},
       {"gates.like_examples", &g.like_examples,
        "a task may differ from an example in names and numbers only"},
       {"gates.equivalents", &g.equivalents,
        "other right ways tried: numbers, numbers_for_text, texts_for_numbers, list_order, "
        "call_order"},
       {"gates.mutants_rejected_min", &g.mutants_rejected_min, "share of mutants rejected", 0, 1},
       {"gates.mutants_each", &g.mutants_each,
        "one accepted mutant that is plainly wrong fails a task, whatever the share"},
       {"gates.mutants_max", &g.mutants_max, "mutants tried a task", 0, 1000},
       {"gates.shape_quota", &g.shape_quota, "tasks kept a trace shape; 0: no quota", 0, 1e6},
       {"gates.tool_quota", &g.tool_quota, "tasks kept that call one tool; 0: no quota", 0, 1e6},
       {"gates.pilot_rollouts", &g.pilot_rollouts, "rollouts that decide solvable", 0, 64},
       {"gates.pilot_examples", &g.pilot_examples,
        "worked examples that the pilot sees; its attempts are then no training rows", 0, 32},
       {"gates.pilot_successes_min", &g.pilot_successes_min, "successes that make it solvable", 0,
        64},
       {"gates.pilot_rate_max", &g.pilot_rate_max, "success rate above which it is trivial", 0, 1},
       {"gates.policy_file", &g.policy_file, "company rules in TOML; empty: none"},
       {"gates.approval", &g.approval,
        "a person approves each task before it is trained on (`sca approve`)"}});
}

void AddRolloutFields(Recipe& r, std::vector<RecipeField>& fields) {
  fields.insert(
      fields.end(),
      {{"rollout.group_size", &r.rollout.group_size,
        "rollouts a task, pilot included if it sees no examples", 1, 1024},
       {"rollout.temperature", &r.rollout.temperature, "sampling temperature of rollouts", 0, 5},
       {"rollout.top_p", &r.rollout.top_p, "nucleus sampling of rollouts", 0.01, 1},
       {"rollout.max_turns", &r.rollout.max_turns, "turns an episode; 0: as the environment says",
        0, 100},
       {"rollout.tokens_max", &r.rollout.tokens_max, "tokens a message", 16, 8192},
       {"evaluation.trials", &r.evaluation.trials, "attempts at each held-out task", 1, 64},
       {"evaluation.temperature", &r.evaluation.temperature, "sampling temperature", 0, 5},
       {"evaluation.top_p", &r.evaluation.top_p, "nucleus sampling", 0.01, 1},
       {"evaluation.each_iteration", &r.evaluation.each_iteration, "also between first and last"},
       {"evaluation.tasks_max", &r.evaluation.tasks_max, "held-out tasks used; 0: all", 0, 1e6}});
}

void AddTrainFields(Recipe& r, std::vector<RecipeField>& fields) {
  TrainSettings& t = r.train;
  fields.insert(
      fields.end(),
      {{"train.algorithm", &t.algorithm, "rft: rejection fine-tuning"},
       {"train.learning_rate", &t.learning_rate, "AdamW's peak rate", 0, 1},
       {"train.epochs", &t.epochs, "passes over the rows", 1, 1000},
       {"train.batch_size", &t.batch_size, "rows an optimizer step", 1, 4096},
       {"train.weight_decay", &t.weight_decay, "AdamW's decay", 0, 1},
       {"train.warmup_ratio", &t.warmup_ratio, "share of the steps that warm up", 0, 1},
       {"train.rows_per_task_max", &t.rows_per_task_max, "successful rollouts used a task", 1,
        1024},
       {"train.demonstrations", &t.demonstrations, "verified solutions as rows too"},
       {"train.precision", &t.precision, "of matrix products: bf16 or fp32"},
       {"train.workers", &t.workers, "training threads; 0: one a core", 0, 256},
       {"train.lora.rank", &t.lora.rank, "rank of the adapter", 1, 512},
       {"train.lora.alpha", &t.lora.alpha, "scale of the adapter: alpha / rank", 0, 4096},
       {"train.lora.dropout", &t.lora.dropout, "dropout before the adapter", 0, 0.9},
       {"train.lora.target_modules", &t.lora.target_modules, "projections that get an adapter"}});
}

}  // namespace

bool GateSettings::IsOff(std::string_view gate) const {
  return std::find(off.begin(), off.end(), gate) != off.end();
}

bool GateSettings::Tries(std::string_view equivalent) const {
  return std::find(equivalents.begin(), equivalents.end(), equivalent) != equivalents.end();
}

std::vector<RecipeField> RecipeFields(Recipe& recipe) {
  std::vector<RecipeField> fields;
  AddRunFields(recipe, fields);
  AddChallengeFields(recipe, fields);
  AddGateFields(recipe, fields);
  AddRolloutFields(recipe, fields);
  AddTrainFields(recipe, fields);
  return fields;
}

Json Recipe::ToJson() const {
  Recipe copy = *this;
  Json json = Json::object();
  for (const RecipeField& field : RecipeFields(copy)) json[field.key] = FieldValue(field);
  return json;
}

std::string Recipe::ToToml() const {
  Recipe copy = *this;
  std::string toml;
  for (const RecipeField& field : RecipeFields(copy)) {
    toml += fmt::format("{} = {}  # {}\n", field.key, DumpJson(FieldValue(field)), field.meaning);
  }
  return toml;
}

Result<Recipe> ParseRecipe(std::string_view toml, std::string_view file,
                           const std::vector<std::string>& overrides) {
  Json flat = Json::object();
  Flatten(SCA_TRY(ParseToml(toml, file)), "", flat);
  for (const std::string& override_text : overrides) {
    const std::size_t equals = override_text.find('=');
    if (equals == std::string::npos) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("The override \"{}\" must have the form key=value.", override_text)};
    }
    flat[std::string(Trim(override_text.substr(0, equals)))] =
        SCA_TRY(OverrideValue(Trim(override_text.substr(equals + 1))));
  }

  Recipe recipe;
  const std::vector<RecipeField> fields = RecipeFields(recipe);
  for (const auto& [key, value] : flat.items()) {
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const RecipeField& one) { return one.key == key; });
    const Status status =
        field == fields.end() ? Status(UnknownKey(fields, key)) : SetField(*field, value);
    if (!status.ok()) return WithContext(status.error(), file);
  }
  const Status whole = CheckWhole(recipe);
  if (!whole.ok()) return WithContext(whole.error(), file);
  return recipe;
}

}  // namespace sca
