#include "task/known_tasks.h"

#include <algorithm>
#include <cctype>
#include <regex>

#include "base/text.h"

namespace sca::task {
namespace {

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char character : text) {
    if (std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '#') {
      word += character;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  for (std::string& one : words) {
    if (std::any_of(one.begin(), one.end(),
                    [](unsigned char character) { return std::isdigit(character) != 0; })) {
      one = "#";
    }
  }
  return words;
}

}  // namespace

std::set<std::string> Trace::Call::NamesAsked() const {
  const auto arguments = ParseJson(arguments_json);
  if (!arguments.ok()) return {};
  const std::vector<std::string> names = StringsIn(*arguments, Keys::kLeftOut);
  return {names.begin(), names.end()};
}

std::vector<std::string> Trace::Call::StringsGiven() const {
  const auto result = ParseJson(result_json);
  return result.ok() ? StringsIn(*result, Keys::kTaken) : std::vector<std::string>();
}

Trace Trace::Of(const std::vector<env::ToolCall>& calls, std::string answer_json) {
  Trace trace;
  for (const env::ToolCall& call : calls) {
    trace.calls.push_back({call.tool, call.arguments_json, call.result_json});
  }
  trace.answer_json = std::move(answer_json);
  return trace;
}

std::string Trace::Shape() const {
  std::vector<std::string> tools;
  for (const Call& call : calls) tools.push_back(call.tool);
  return Join(tools, ", ");
}

std::set<std::string> Trace::Tools() const {
  std::set<std::string> tools;
  for (const Call& call : calls) tools.insert(call.tool);
  return tools;
}

std::string Trace::Key() const {
  std::vector<std::string> parts;
  for (const Call& call : calls) parts.push_back(call.tool + call.arguments_json);
  return Lowercase(Join(parts, ";"));
}

Json Trace::ToJson() const {
  Json list = Json::array();
  for (const Call& call : calls) {
    list.push_back(
        {{"tool", call.tool}, {"arguments", call.arguments_json}, {"result", call.result_json}});
  }
  return {{"calls", list}, {"answer", answer_json}};
}

Result<Trace> Trace::FromJson(const Json& json) {
  Trace trace;
  trace.answer_json = SCA_TRY(GetString(json, "answer"));
  if (!json.contains("calls") || !json["calls"].is_array()) {
    return Error{ErrorCode::kDataLoss, "A stored trace has no list of calls."};
  }
  for (const Json& call : json["calls"]) {
    trace.calls.push_back({SCA_TRY(GetString(call, "tool")), SCA_TRY(GetString(call, "arguments")),
                           SCA_TRY(GetString(call, "result"))});
  }
  return trace;
}

std::vector<Trace::Call> WriteCalls(const Trace& trace, const std::vector<ToolSpec>& tools) {
  std::vector<Trace::Call> writes;
  for (const Trace::Call& call : trace.calls) {
    if (IsWriteTool(tools, call.tool)) writes.push_back(call);
  }
  return writes;
}

std::vector<std::string> MaskedTriples(const CodeAsTask& task, const Trace& trace) {
  std::string text = Lowercase(task.instruction);
  std::vector<std::string> names;
  for (const Trace::Call& call : trace.calls) {
    for (const std::string& name : call.NamesAsked()) names.push_back(Lowercase(name));
  }
  std::sort(names.begin(), names.end(), [](const std::string& left, const std::string& right) {
    return left.size() != right.size() ? left.size() > right.size() : left < right;
  });
  for (const std::string& name : names) text = ReplaceAll(std::move(text), name, "#");
  static const std::regex kSomebody("\\b(he|she|they|him|her|them|his|hers|their|theirs)\\b");
  text = std::regex_replace(text, kSomebody, "it");
  const std::vector<std::string> words = Words(text);
  std::vector<std::string> triples;
  for (std::size_t index = 0; index + 2 < words.size(); ++index) {
    triples.push_back(words[index] + " " + words[index + 1] + " " + words[index + 2]);
  }
  if (triples.empty()) triples.push_back(Join(words, " "));
  std::sort(triples.begin(), triples.end());
  triples.erase(std::unique(triples.begin(), triples.end()), triples.end());
  return triples;
}

double Similarity(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  std::vector<std::string> shared;
  std::set_intersection(left.begin(), left.end(), right.begin(), right.end(),
                        std::back_inserter(shared));
  const std::size_t either = left.size() + right.size() - shared.size();
  return either == 0 ? 1.0 : static_cast<double>(shared.size()) / static_cast<double>(either);
}

Result<KnownTasks> KnownTasks::Of(const env::Environment& environment) {
  KnownTasks known;
  SCA_TRY(known.AddFile(environment, environment.examples(), Source::kExample));
  SCA_TRY(known.AddFile(environment, environment.heldout(), Source::kHeldOut));
  return known;
}

Status KnownTasks::AddFile(const env::Environment& environment,
                           const std::vector<CodeAsTask>& tasks, Source source) {
  for (const CodeAsTask& task : tasks) {
    const std::unique_ptr<env::Episode> episode = SCA_TRY(environment.Start(0));
    SCA_TRY(episode->RunCode(task.solution));
    const Trace trace = Trace::Of(episode->calls(), episode->answer_json().value_or(""));
    entries_.push_back({source, trace.Shape(), trace.Key(), MaskedTriples(task, trace)});
  }
  return {};
}

void KnownTasks::Add(const CodeAsTask& task, const Trace& trace) {
  entries_.push_back({Source::kPool, trace.Shape(), trace.Key(), MaskedTriples(task, trace)});
  ++pool_shapes_[trace.Shape()];
  for (const std::string& tool : trace.Tools()) ++pool_tools_[tool];
}

void KnownTasks::Forget(Source source) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.source == source; });
  if (source == Source::kPool) {
    pool_shapes_.clear();
    pool_tools_.clear();
  }
}

}  // namespace sca::task
