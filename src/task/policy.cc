#include "task/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "domain/toml.h"
#include "task/literals.h"
#include "task/python_tokens.h"

namespace sca::task {
namespace {

// Reads one file; every error names it, the key and what would be right.
class Reader {
 public:
  Reader(const std::string& file, const std::vector<ToolSpec>& tools)
      : file_(file), tools_(tools) {}

  Result<Policy> Read(const Json& toml) const {
    Policy policy;
    policy.file = file_;
    for (const auto& [key, value] : toml.items()) {
      if (key == "forbidden_tools") {
        policy.forbidden_tools = SCA_TRY(Tools(value, key));
      } else if (key == "forbidden_words") {
        policy.forbidden_words = SCA_TRY(Strings(value, key));
      } else if (key == "forbidden_combinations") {
        if (!value.is_array()) return Wrong(key, "a list of lists of tools");
        for (const Json& combination : value) {
          policy.forbidden_combinations.push_back(SCA_TRY(Tools(combination, key)));
          if (policy.forbidden_combinations.back().size() < 2) {
            return Wrong(key, "lists of two tools or more; one alone is for forbidden_tools");
          }
        }
      } else if (key == "limit" || key == "confirm" || key == "predicate") {
        SCA_TRY(ReadTables(key, value, policy));
      } else {
        return Wrong(key,
                     "one of forbidden_tools, forbidden_combinations, forbidden_words, "
                     "limit, confirm, predicate");
      }
    }
    return policy;
  }

 private:
  Error Wrong(std::string_view key, std::string_view wanted) const {
    return {ErrorCode::kInvalidArgument, fmt::format("{}: \"{}\" must be {}.", file_, key, wanted)};
  }

  Result<std::vector<std::string>> Strings(const Json& value, std::string_view key) const {
    std::vector<std::string> strings;
    if (!value.is_array()) return Wrong(key, "a list of strings");
    for (const Json& one : value) {
      if (!one.is_string() || one.get<std::string>().empty()) {
        return Wrong(key, "a list of strings that are not empty");
      }
      strings.push_back(one.get<std::string>());
    }
    return strings;
  }

  Result<std::vector<std::string>> Tools(const Json& value, std::string_view key) const {
    std::vector<std::string> names = SCA_TRY(Strings(value, key));
    for (const std::string& name : names) SCA_TRY(Tool(name, key));
    return names;
  }

  Result<const ToolSpec*> Tool(const std::string& name, std::string_view key) const {
    std::vector<std::string> known;
    for (const ToolSpec& tool : tools_) {
      if (tool.name == name) return &tool;
      known.push_back(tool.name);
    }
    return Wrong(key, fmt::format("about tools of the environment, which has no \"{}\"; it has {}",
                                  name, Join(known, ", ")));
  }

  Status ReadTables(const std::string& key, const Json& value, Policy& policy) const {
    if (!value.is_array()) return Wrong(key, fmt::format("a list of tables: [[{}]]", key));
    for (const Json& table : value) {
      if (!table.is_object()) return Wrong(key, fmt::format("a list of tables: [[{}]]", key));
      if (key == "limit") SCA_TRY(ReadLimit(table, policy));
      if (key == "confirm") SCA_TRY(ReadConfirm(table, policy));
      if (key == "predicate") SCA_TRY(ReadPredicate(table, policy));
    }
    return {};
  }

  Status CheckKeys(std::string_view table, const Json& value,
                   const std::vector<std::string>& known) const {
    for (const auto& [key, one] : value.items()) {
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        return Wrong(fmt::format("{}.{}", table, key), "one of " + Join(known, ", "));
      }
    }
    return {};
  }

  Result<std::string> Text(std::string_view table, const Json& value, std::string_view key) const {
    std::string text = GetStringOr(value, key, "");
    if (text.empty()) return Wrong(fmt::format("{}.{}", table, key), "a string");
    return text;
  }

  Status ReadLimit(const Json& table, Policy& policy) const {
    SCA_TRY(CheckKeys("limit", table, {"tool", "argument", "minimum", "maximum"}));
    Policy::Limit limit;
    limit.tool = SCA_TRY(Text("limit", table, "tool"));
    limit.argument = SCA_TRY(Text("limit", table, "argument"));
    const ToolSpec* tool = SCA_TRY(Tool(limit.tool, "limit.tool"));
    const std::vector<std::string> names = ParameterNames(*tool);
    if (std::find(names.begin(), names.end(), limit.argument) == names.end()) {
      return Wrong("limit.argument", fmt::format("a parameter of {}, which has {}", limit.tool,
                                                 names.empty() ? "none" : Join(names, ", ")));
    }
    for (const auto& [key, end] :
         {std::pair{"minimum", &limit.minimum}, std::pair{"maximum", &limit.maximum}}) {
      if (!table.contains(key)) continue;
      if (!table[key].is_number()) return Wrong(fmt::format("limit.{}", key), "a number");
      *end = table[key].get<double>();
    }
    if (!limit.minimum.has_value() && !limit.maximum.has_value()) {
      return Wrong("limit", "given with a minimum, a maximum or both");
    }
    policy.limits.push_back(std::move(limit));
    return {};
  }

  Status ReadConfirm(const Json& table, Policy& policy) const {
    SCA_TRY(CheckKeys("confirm", table, {"tool", "after"}));
    Policy::Confirm confirm;
    confirm.tool = SCA_TRY(Text("confirm", table, "tool"));
    confirm.after = SCA_TRY(Text("confirm", table, "after"));
    if (!SCA_TRY(Tool(confirm.tool, "confirm.tool"))->writes) {
      return Wrong("confirm.tool", fmt::format("a tool that writes; {} only reads", confirm.tool));
    }
    if (SCA_TRY(Tool(confirm.after, "confirm.after"))->writes) {
      return Wrong("confirm.after", fmt::format("a tool that reads; {} writes", confirm.after));
    }
    policy.confirms.push_back(std::move(confirm));
    return {};
  }

  Status ReadPredicate(const Json& table, Policy& policy) const {
    SCA_TRY(CheckKeys("predicate", table, {"name", "code"}));
    Policy::Predicate predicate;
    predicate.name = SCA_TRY(Text("predicate", table, "name"));
    predicate.code = SCA_TRY(Text("predicate", table, "code"));
    if (predicate.code.find("def holds(") == std::string::npos) {
      return Wrong("predicate.code", "Python that defines holds(instruction, calls)");
    }
    policy.predicates.push_back(std::move(predicate));
    return {};
  }

  const std::string& file_;
  const std::vector<ToolSpec>& tools_;
};

std::string CallText(const Trace::Call& call) {
  return call.tool + Shorten(call.arguments_json, 120);
}

// As whole words: "void" does not stand in "avoid".
bool HasPhrase(const std::vector<std::string>& words, const std::string& phrase) {
  const std::vector<std::string> wanted = WordsOf(phrase);
  return !wanted.empty() &&
         std::search(words.begin(), words.end(), wanted.begin(), wanted.end()) != words.end();
}

Json ArgumentsOf(const Trace::Call& call) {
  const auto arguments = ParseJson(call.arguments_json);
  return arguments.ok() && arguments->is_object() ? *arguments : Json::object();
}

std::string BrokenLimit(const Policy::Limit& limit, const Trace& trace) {
  for (const Trace::Call& call : trace.calls) {
    const Json arguments = ArgumentsOf(call);
    if (call.tool != limit.tool || !arguments.contains(limit.argument)) continue;
    const Json& value = arguments[limit.argument];
    if (!value.is_number()) continue;
    const double number = value.get<double>();
    if (limit.minimum.has_value() && number < *limit.minimum) {
      return fmt::format("limit: {} of {} is at least {:g}, but the call is {}.", limit.argument,
                         limit.tool, *limit.minimum, CallText(call));
    }
    if (limit.maximum.has_value() && number > *limit.maximum) {
      return fmt::format("limit: {} of {} is at most {:g}, but the call is {}.", limit.argument,
                         limit.tool, *limit.maximum, CallText(call));
    }
  }
  return {};
}

bool IsAboutTheSame(const Trace::Call& before, const Trace::Call& call) {
  const Json left = ArgumentsOf(before);
  const Json right = ArgumentsOf(call);
  for (const auto& [name, value] : left.items()) {
    if (right.contains(name) && right[name] != value) return false;
  }
  return true;
}

std::string BrokenConfirm(const Policy::Confirm& confirm, const Trace& trace) {
  for (std::size_t index = 0; index < trace.calls.size(); ++index) {
    const Trace::Call& call = trace.calls[index];
    if (call.tool != confirm.tool) continue;
    const auto end = trace.calls.begin() + static_cast<std::ptrdiff_t>(index);
    const bool confirmed = std::any_of(trace.calls.begin(), end, [&](const Trace::Call& before) {
      return before.tool == confirm.after && IsAboutTheSame(before, call);
    });
    if (!confirmed) {
      return fmt::format("confirm: {} comes only after {}, but nothing of it is before {}.",
                         confirm.tool, confirm.after, CallText(call));
    }
  }
  return {};
}

}  // namespace

Result<Policy> Policy::Read(const std::string& file, const std::vector<ToolSpec>& tools) {
  if (file.empty()) return Policy{};
  std::filesystem::path path = file;
  if (path.is_relative() && !std::filesystem::exists(path)) path = ProjectFolder() / path;
  return Parse(SCA_TRY(ReadFile(path)), file, tools);
}

Result<Policy> Policy::Parse(std::string_view toml, const std::string& file,
                             const std::vector<ToolSpec>& tools) {
  return Reader(file, tools).Read(SCA_TRY(ParseToml(toml, file)));
}

int Policy::rules() const {
  return static_cast<int>(forbidden_tools.size() + forbidden_combinations.size() +
                          forbidden_words.size() + limits.size() + confirms.size() +
                          predicates.size());
}

std::string Policy::Broken(const std::string& instruction, const Trace& trace) const {
  const std::vector<std::string> words = WordsOf(instruction);
  for (const std::string& word : forbidden_words) {
    if (HasPhrase(words, word)) {
      return fmt::format("forbidden_words: the instruction says \"{}\".", word);
    }
  }
  const auto find = [&](const std::string& tool) {
    return std::find_if(trace.calls.begin(), trace.calls.end(),
                        [&](const Trace::Call& call) { return call.tool == tool; });
  };
  for (const std::string& tool : forbidden_tools) {
    if (const auto call = find(tool); call != trace.calls.end()) {
      return fmt::format("forbidden_tools: the solution calls {}.", CallText(*call));
    }
  }
  for (const std::vector<std::string>& combination : forbidden_combinations) {
    if (std::all_of(combination.begin(), combination.end(),
                    [&](const std::string& tool) { return find(tool) != trace.calls.end(); })) {
      return fmt::format(
          "forbidden_combinations: the solution calls {} in one task, for example "
          "{}.",
          Join(combination, " and "), CallText(*find(combination.back())));
    }
  }
  for (const Limit& limit : limits) {
    if (std::string broken = BrokenLimit(limit, trace); !broken.empty()) return broken;
  }
  for (const Confirm& confirm : confirms) {
    if (std::string broken = BrokenConfirm(confirm, trace); !broken.empty()) return broken;
  }
  return {};
}

std::string PredicateProgram(const Policy::Predicate& predicate, const std::string& instruction,
                             const Trace& trace) {
  Json calls = Json::array();
  for (const Trace::Call& call : trace.calls) {
    const auto result = ParseJson(call.result_json);
    calls.push_back({{"tool", call.tool},
                     {"arguments", ArgumentsOf(call)},
                     {"result", result.ok() ? *result : Json()}});
  }
  // Twice dumped: JSON text as a string literal, which Python reads as JSON wrote it.
  const Json given = {{"instruction", instruction}, {"calls", calls}};
  return fmt::format(
      "{}\nimport json\n_given = json.loads({})\n"
      "answer = holds(_given[\"instruction\"], _given[\"calls\"])\n",
      predicate.code, DumpJson(Json(DumpJson(given))));
}

}  // namespace sca::task
