#include "domain/code_as_task.h"

#include <fmt/format.h>

#include <set>

#include "base/hash.h"

namespace sca {

std::string CodeAsTask::Hash() const {
  Json content = Json::array({instruction, evaluation_function, solution});
  for (const std::string& failure_case : failure_cases) content.push_back(failure_case);
  return Sha256Hex(DumpJson(content));
}

Json CodeAsTask::ToJson() const {
  Json json = {{"id", id},
               {"instruction", instruction},
               {"evaluation_function", evaluation_function},
               {"solution", solution},
               {"failure_cases", failure_cases}};
  if (!exploration.empty()) json["exploration"] = exploration;
  return json;
}

Result<CodeAsTask> CodeAsTask::FromJson(const Json& json) {
  if (!json.is_object()) {
    return Error{ErrorCode::kInvalidArgument, "A task must be a JSON object."};
  }
  CodeAsTask task;
  task.instruction = SCA_TRY(GetString(json, "instruction"));
  task.evaluation_function = SCA_TRY(GetString(json, "evaluation_function"));
  task.solution = SCA_TRY(GetString(json, "solution"));
  task.failure_cases = SCA_TRY(GetStrings(json, "failure_cases"));
  task.exploration = GetStringOr(json, "exploration", "");
  task.id = GetStringOr(json, "id", "");
  if (task.id.empty()) task.id = task.Hash().substr(0, 16);
  return task;
}

namespace {

void AddMissingParts(Json& json) {
  if (!json.is_object()) return;
  for (const char* part : {"instruction", "evaluation_function", "solution", "failure_cases"}) {
    if (json.contains(part) && !json[part].is_null()) continue;
    json[part] = std::string_view(part) == "failure_cases" ? Json::array() : Json("");
  }
}

}  // namespace

Result<std::vector<CodeAsTask>> ParseTasks(std::string_view jsonl, std::string_view file,
                                           MissingParts missing) {
  std::vector<CodeAsTask> tasks;
  std::set<std::string> ids;
  for (Json& json : SCA_TRY(ParseJsonLines(jsonl, file))) {
    if (missing == MissingParts::kEmpty) AddMissingParts(json);
    auto task = CodeAsTask::FromJson(json);
    if (!task.ok()) {
      return WithContext(task.error(), fmt::format("{}, task {}", file, tasks.size() + 1));
    }
    if (!ids.insert(task->id).second) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("{}: the task id \"{}\" is used twice.", file, task->id)};
    }
    tasks.push_back(std::move(task).value());
  }
  return tasks;
}

}  // namespace sca
