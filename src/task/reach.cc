#include "task/reach.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "base/text.h"
#include "task/literals.h"

namespace sca::task {
namespace {

constexpr std::size_t kStartsMax = 12;  // Values tried for one parameter.

std::string TextOrJson(const Json& value) {
  return value.is_string() ? value.get<std::string>() : DumpJson(value);
}

std::string TypeOf(const ToolSpec& tool, const std::string& parameter) {
  const auto properties = tool.parameters.find("properties");
  if (properties == tool.parameters.end() || !properties->contains(parameter)) return {};
  return GetStringOr((*properties)[parameter], "type", "");
}

bool IsNumeric(const std::string& type) { return type == "number" || type == "integer"; }

// "customer" of "customer_id" and the other way round.
bool NamesTheSame(const std::string& key, const std::string& parameter) {
  if (key.empty() || parameter.empty()) return false;
  const auto begins = [](const std::string& text, const std::string& with) {
    return text == with || text.rfind(with + "_", 0) == 0;
  };
  return begins(key, parameter) || begins(parameter, key);
}

// What an instruction may name that nobody has seen yet: what stands in quotes, and runs of words
// with capitals ("Moby Dick"), also without their first, which may only begin a sentence.
std::vector<std::string> NamesIn(const std::string& instruction) {
  static const std::regex kName(
      "[\"'“]([^\"'“”]{2,40})[\"'”]|([A-Z][a-z]+(?: (?:[A-Z][a-z]+|of|the|de|von))* [A-Z][a-z]+)|"
      "([A-Z][a-z]+)");
  std::vector<std::string> names;
  for (std::sregex_iterator match(instruction.begin(), instruction.end(), kName), end;
       match != end && names.size() < kStartsMax; ++match) {
    const std::string run = (*match)[1].matched ? (*match)[1].str() : match->str();
    names.push_back(run);
    if ((*match)[2].matched) names.push_back(run.substr(run.find(' ') + 1));
  }
  return names;
}

}  // namespace

Reach::Reach(const env::Environment& environment, const Entities& entities, const Trace& solution,
             std::uint64_t seed)
    : environment_(&environment), entities_(&entities), seed_(seed) {
  for (const ToolSpec& tool : environment.tools()) {
    if (tool.writes) continue;
    Reader reader{.tool = tool.name, .parameters = {}, .types = {}};
    if (const auto required = tool.parameters.find("required");
        required != tool.parameters.end() && required->is_array()) {
      for (const Json& name : *required) reader.parameters.push_back(name.get<std::string>());
    }
    for (const std::string& name : reader.parameters) reader.types.push_back(TypeOf(tool, name));
    readers_.push_back(std::move(reader));
  }
  std::stable_sort(readers_.begin(), readers_.end(), [](const Reader& left, const Reader& right) {
    return left.parameters.size() < right.parameters.size();
  });
  for (const Trace::Call& call : solution.calls) {
    const auto arguments = ParseJson(call.arguments_json);
    if (!arguments.ok() || !arguments->is_object()) continue;
    for (const auto& [name, value] : arguments->items()) {
      if (IsTextOrNumber(value)) from_trace_[name].push_back(value);
    }
  }
}

bool Reach::Fits(const std::string& parameter, const Standing& standing) const {
  if (NamesTheSame(standing.key, parameter)) return true;
  if (!standing.value.is_string()) return false;
  const std::string form = FormOf(Lowercase(standing.value.get<std::string>()));
  const auto like = [&](const Json& known) {
    if (!known.is_string()) return false;
    if (IsSameValue(known, standing.value)) return true;
    return HasDigit(form) && FormOf(Lowercase(known.get<std::string>())) == form;
  };
  const std::vector<Json>& known = entities_->Known(parameter);
  if (std::any_of(known.begin(), known.end(), like)) return true;
  const auto traced = from_trace_.find(parameter);
  return traced != from_trace_.end() &&
         std::any_of(traced->second.begin(), traced->second.end(), like);
}

// Whether its values may be names as people write them, not ids.
bool Reach::LooksLikeWords(const std::string& parameter) const {
  std::vector<Json> seen = entities_->Known(parameter);
  const auto traced = from_trace_.find(parameter);
  if (traced != from_trace_.end())
    seen.insert(seen.end(), traced->second.begin(), traced->second.end());
  return seen.empty() || std::any_of(seen.begin(), seen.end(), [](const Json& value) {
           return value.is_string() && !HasDigit(value.get<std::string>());
         });
}

// Of a parameter: known values that the instruction says, and its words that look like one.
Reach::Starts Reach::StartsOf(const std::string& instruction) const {
  const std::string lower = Lowercase(instruction);
  const std::vector<std::string> words = WordsOf(instruction);
  Starts starts;
  for (const Reader& reader : readers_) {
    for (std::size_t index = 0; index < reader.parameters.size(); ++index) {
      std::vector<Start>& list = starts[reader.parameters[index]];
      const auto add = [&](const Json& value) {
        const bool there = std::any_of(list.begin(), list.end(), [&](const Start& one) {
          return IsSameValue(one.value, value);
        });
        if (!there && list.size() < kStartsMax) list.push_back({value, TextOrJson(value)});
      };
      if (IsNumeric(reader.types[index])) {
        for (const double number : NumbersIn(instruction)) {
          const bool whole = number == std::floor(number) && std::abs(number) < 1e15;
          add(whole ? Json(static_cast<std::int64_t>(number)) : Json(number));
        }
        continue;
      }
      const auto traced = from_trace_.find(reader.parameters[index]);
      for (const std::vector<Json>* known :
           {&entities_->Known(reader.parameters[index]),
            traced == from_trace_.end() ? nullptr : &traced->second}) {
        if (known == nullptr) continue;
        for (const Json& value : *known) {
          if (value.is_string() && Stands(lower, Lowercase(value.get<std::string>()))) add(value);
        }
      }
      if (LooksLikeWords(reader.parameters[index])) {
        for (const std::string& name : NamesIn(instruction)) add(Json(name));
      }
      for (const std::string& word : words) {
        if (HasDigit(word) && Fits(reader.parameters[index], {Json(word), "", nullptr})) {
          add(Json(word));
        }
      }
    }
  }
  return starts;
}

Result<Json> Reach::Call(const std::string& tool, const Json& arguments) {
  const std::string text = DumpJson(arguments);
  const std::string key = tool + text;
  if (const auto known = results_.find(key); known != results_.end()) return known->second;
  if (calls_left_ == 0) return Json();
  --calls_left_;
  if (episode_ == nullptr) episode_ = SCA_TRY(environment_->Start(seed_));
  const env::ToolCall call = SCA_TRY(episode_->CallTool(tool, text));
  const auto result = ParseJson(call.result_json);
  return results_[key] = call.failed || !result.ok() ? Json() : *result;
}

Status Reach::VisitWith(const Reader& reader, const std::vector<const Start*>& chosen,
                        std::vector<Reached>& reached) {
  Json arguments = Json::object();
  std::string path;
  int depth = 0;
  bool from_literals = !chosen.empty();
  for (std::size_t index = 0; index < chosen.size(); ++index) {
    arguments[reader.parameters[index]] = chosen[index]->value;
    path += (index == 0 ? "" : ", ") + chosen[index]->path;
    depth = std::max(depth, chosen[index]->depth);
    from_literals = from_literals && chosen[index]->from_literals;
  }
  path += (path.empty() ? "" : " → ") + reader.tool;
  const Json result = SCA_TRY(Call(reader.tool, arguments));
  for (Reached& one : StandingsIn(result)) {
    // A record that repeats its own id says nothing new of it.
    if (std::any_of(chosen.begin(), chosen.end(), [&](const Start* start) {
          return IsSameValue(start->value, one.standing.value);
        })) {
      continue;
    }
    one.path = path + " → " + TextOrJson(one.standing.value);
    one.depth = depth + 1;
    one.from_literals = from_literals;
    reached.push_back(std::move(one));
  }
  return {};
}

// All combinations of known arguments of which the deepest is `depth` calls away.
Status Reach::Visit(const Reader& reader, int depth, Starts& starts,
                    std::vector<Reached>& reached) {
  std::vector<const std::vector<Start>*> columns;
  for (const std::string& parameter : reader.parameters) columns.push_back(&starts[parameter]);
  if (std::any_of(columns.begin(), columns.end(), [](const auto* one) { return one->empty(); })) {
    return {};
  }
  std::vector<std::size_t> at(columns.size(), 0);
  while (calls_left_ > 0) {
    std::vector<const Start*> chosen;
    int deepest = 0;
    for (std::size_t index = 0; index < columns.size(); ++index) {
      chosen.push_back(&(*columns[index])[at[index]]);
      deepest = std::max(deepest, chosen.back()->depth);
    }
    if (deepest == depth) SCA_TRY(VisitWith(reader, chosen, reached));
    std::size_t place = 0;
    while (place < at.size() && ++at[place] == columns[place]->size()) at[place++] = 0;
    if (place == at.size()) break;
  }
  return {};
}

void Reach::AddStarts(const Reached& reached, Starts& starts) const {
  for (auto& [parameter, list] : starts) {
    if (list.size() >= kStartsMax || !Fits(parameter, reached.standing)) continue;
    const bool there = std::any_of(list.begin(), list.end(), [&](const Start& one) {
      return IsSameValue(one.value, reached.standing.value);
    });
    if (there) continue;
    list.push_back({reached.standing.value, reached.path, reached.depth, reached.from_literals});
  }
}

Result<std::vector<Reached>> Reach::Explore(const std::string& instruction) {
  calls_left_ = kCallsMax;
  Starts starts = StartsOf(instruction);
  std::vector<Reached> reached;
  for (int depth = 0; depth < kDepthMax; ++depth) {
    const std::size_t before = reached.size();
    for (const Reader& reader : readers_) SCA_TRY(Visit(reader, depth, starts, reached));
    for (std::size_t index = before; index < reached.size(); ++index) {
      AddStarts(reached[index], starts);
    }
  }
  calls_left_ = kCallsMax;  // For what is to be said about what was found.
  return reached;
}

Result<Json> Reach::About(const std::string& parameter, const Json& value) {
  Json about = Json::object();
  for (const Reader& reader : readers_) {
    if (reader.parameters.size() != 1) continue;
    if (!NamesTheSame(reader.parameters[0], parameter) &&
        !Fits(reader.parameters[0], {value, "", nullptr})) {
      continue;
    }
    const Json said = SCA_TRY(Call(reader.tool, Json{{reader.parameters[0], value}}));
    if (said.is_object()) {
      for (const auto& [key, one] : said.items()) about[key] = one;
    } else if (!said.is_null()) {
      about[reader.tool] = said;
    }
  }
  return about;
}

}  // namespace sca::task
