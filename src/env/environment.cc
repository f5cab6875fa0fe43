#include "env/environment.h"

#include <fmt/format.h>

#include <thread>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/parallel.h"
#include "base/text.h"
#include "domain/toml.h"
#include "env/environment_processes.h"

namespace sca::env {
namespace fs = std::filesystem;
namespace {

Result<EnvironmentSettings> ParseSettings(const fs::path& file, const std::string& name) {
  const Json toml = SCA_TRY(ParseToml(SCA_TRY(ReadFile(file)), file.string()));
  EnvironmentSettings settings;
  settings.name = name;
  settings.title = GetStringOr(toml, "title", name);
  settings.description = SCA_TRY(GetString(toml, "description"));
  settings.turns_max = static_cast<int>(GetIntegerOr(toml, "turns_max", settings.turns_max));
  const std::string answer = GetStringOr(toml, "answer", "required");
  const std::string user = GetStringOr(toml, "user", "none");
  if (answer != "required" && answer != "none") {
    return Error{ErrorCode::kInvalidArgument, "answer must be \"required\" or \"none\"."};
  }
  if (user != "none") {
    return Error{ErrorCode::kInvalidArgument, "user must be \"none\"."};
  }
  if (settings.turns_max < 1) {
    return Error{ErrorCode::kInvalidArgument, "turns_max must be at least 1."};
  }
  settings.answer = answer == "required" ? AnswerMode::kRequired : AnswerMode::kNone;
  const Json limits = toml.contains("limits") ? toml["limits"] : Json::object();
  EnvironmentLimits& target = settings.limits;
  const auto milliseconds = [&](std::string_view key, std::chrono::milliseconds& value) {
    value = std::chrono::milliseconds(GetIntegerOr(limits, key, value.count()));
  };
  milliseconds("wall_ms", target.code_time);
  milliseconds("tool_ms", target.tool_time);
  milliseconds("verify_ms", target.verify_time);
  milliseconds("load_ms", target.load_time);
  const auto megabytes = [&](std::string_view key, std::size_t& value) {
    value =
        static_cast<std::size_t>(GetIntegerOr(limits, key, static_cast<std::int64_t>(value >> 20)))
        << 20;
  };
  megabytes("memory_mb", target.memory_bytes);
  megabytes("calls_mb", target.calls_bytes);
  target.output_bytes = static_cast<std::size_t>(
      GetIntegerOr(limits, "output_bytes", static_cast<std::int64_t>(target.output_bytes)));
  return settings;
}

Result<std::vector<CodeAsTask>> ReadTasks(const fs::path& file) {
  if (!fs::exists(file)) return std::vector<CodeAsTask>{};
  return ParseTasks(SCA_TRY(ReadFile(file)), file.string());
}

Result<std::string> ReadOptional(const fs::path& file) {
  if (!fs::exists(file)) return std::string{};
  return ReadFile(file);
}

Result<ToolSpec> ParseTool(const Json& json) {
  ToolSpec tool;
  tool.name = SCA_TRY(GetString(json, "name"));
  tool.description = SCA_TRY(GetString(json, "description"));
  tool.signature = SCA_TRY(GetString(json, "signature"));
  tool.writes = SCA_TRY(GetBool(json, "writes"));
  tool.parameters = json.value("parameters", Json::object());
  return tool;
}

Result<Zygotes> StartZygotes(sandbox::ZygoteOptions options) {
  Zygotes zygotes;
  zygotes.worlds = SCA_TRY(sandbox::Zygote::Start(options));
  options.folder.clear();
  options.stubs = zygotes.worlds->tools();
  zygotes.cells = SCA_TRY(sandbox::Zygote::Start(std::move(options)));
  return zygotes;
}

// All at once, each from a thread of its core.
Status StartOnEachCore(const sandbox::ZygoteOptions& options, std::vector<Zygotes>& each) {
  std::vector<Status> started(each.size());
  std::vector<std::jthread> threads;
  for (std::size_t core = 0; core < each.size(); ++core) {
    threads.emplace_back([&, core] {
      RunOnCore(core, [&] {
        auto zygotes = StartZygotes(options);
        if (zygotes.ok()) each[core] = std::move(zygotes).value();
        if (!zygotes.ok()) started[core] = zygotes.error();
      });
    });
  }
  threads.clear();
  for (const Status& status : started) SCA_TRY(status);
  return {};
}

}  // namespace

Environment::Environment() = default;
Environment::~Environment() = default;

Result<fs::path> Environment::Find(std::string_view name_or_path) {
  const fs::path path(name_or_path);
  for (const fs::path& folder : {ProjectFolder() / "environments" / path, path}) {
    if (fs::exists(folder / "environment.toml")) return fs::absolute(folder);
  }
  return Error{
      ErrorCode::kNotFound,
      fmt::format("There is no environment \"{}\": neither environments/{} nor a folder of "
                  "that path has an environment.toml. `sca env list` shows those that "
                  "ship.",
                  name_or_path, name_or_path)};
}

Result<std::unique_ptr<Environment>> Environment::Load(const fs::path& folder,
                                                       const LoadOptions& options) {
  std::unique_ptr<Environment> environment(new Environment());
  environment->folder_ = fs::absolute(folder);
  const fs::path file = folder / "environment.toml";
  auto settings = ParseSettings(file, environment->folder_.filename().string());
  if (!settings.ok()) return WithContext(settings.error(), file.string());
  environment->settings_ = std::move(settings).value();
  environment->policy_ = SCA_TRY(ReadOptional(folder / "policy.md"));
  environment->challenger_hints_ = SCA_TRY(ReadOptional(folder / "challenger.md"));
  environment->heldout_ = SCA_TRY(ReadTasks(folder / "tasks" / "heldout.jsonl"));
  environment->examples_ = SCA_TRY(ReadTasks(folder / "tasks" / "examples.jsonl"));

  const EnvironmentLimits& limits = environment->settings_.limits;
  sandbox::ZygoteOptions zygote{.folder = environment->folder_,
                                .memory_bytes = limits.memory_bytes,
                                .output_bytes = limits.output_bytes,
                                .load_time = limits.load_time,
                                .level_min = options.isolation_minimum,
                                .level_max = options.isolation_maximum};
  environment->processes_ = std::make_unique<EnvironmentProcesses>();
  environment->processes_->limits = limits;
  std::vector<Zygotes>& each = environment->processes_->each;
  if (options.on_each_core) {
    each.resize(CoreCount());
    SCA_TRY(StartOnEachCore(zygote, each));
  } else {
    each.push_back(SCA_TRY(StartZygotes(zygote)));
  }
  for (const Json& tool : each.front().worlds->tools()) {
    environment->tools_.push_back(SCA_TRY(ParseTool(tool)));
  }
  if (environment->tools_.empty()) {
    return Error{
        ErrorCode::kInvalidArgument,
        fmt::format("{} defines no tool. Mark functions with @read or @write of the module "
                    "sca.",
                    (folder / "tools.py").string())};
  }
  return environment;
}

const sandbox::Isolation& Environment::isolation() const {
  return processes_->each.front().worlds->isolation();
}

Result<std::unique_ptr<Episode>> Environment::Start(std::uint64_t seed) const {
  return std::make_unique<Episode>(SCA_TRY(StartProcesses(*processes_, tools_, seed)));
}

Result<CodeResult> Environment::Look(std::string_view own_code) const {
  Zygotes& zygotes = processes_->zygotes();
  const std::scoped_lock lock(*zygotes.looking);
  if (zygotes.looker != nullptr) {
    auto result = zygotes.looker->RunCode(own_code, Variables::kFresh);
    // Any other ending may be that of what it did before: its zygote died, or its time is used up.
    if (result.ok() && result->ended()) return result;
  }
  zygotes.looker = std::make_unique<Episode>(WithoutWorld(*processes_, tools_));
  return zygotes.looker->RunCode(own_code, Variables::kFresh);
}

}  // namespace sca::env
