// doctor: what this machine can do, and what it lacks.

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "base/files.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/recipe_flags.h"
#include "env/environment.h"
#include "llm/catalog.h"
#include "sandbox/zygote.h"
#include "train/blas_info.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

Result<Exit> Doctor(bool json) {
  const auto zygote = sandbox::Zygote::Start({.level_min = sandbox::IsolationLevel::kUnconfined});
  Json facts;
  facts["cores"] = std::thread::hardware_concurrency();
  facts["memory_gib"] = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) *
                        static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 30);
  std::error_code ignored;
  facts["disk_free_gib"] =
      static_cast<double>(fs::space(fs::current_path(), ignored).available) / (1 << 30);
  facts["matrix_library"] = train::BlasDescription();
  facts["fast_bf16"] = train::HasFastBf16();
  facts["isolation"] = zygote.ok() ? (*zygote)->isolation().ToJson()
                                   : Json{{"level", 0}, {"error", zygote.error().message}};
  Json models = Json::array();
  for (const llm::CatalogModel& model : SCA_TRY(llm::ReadCatalog())) {
    if (fs::exists(llm::ModelFile(model))) models.push_back(model.name);
  }
  facts["models"] = models;
  const bool sound =
      zygote.ok() && (*zygote)->isolation().level >= sandbox::IsolationLevel::kLandlock;
  if (json) {
    PrintJson(facts);
    return sound ? Exit::kDone : Exit::kError;
  }
  fmt::print("cores            {}\nmemory           {:.1f} GiB\nfree disk        {:.1f} GiB\n",
             facts["cores"].get<unsigned>(), facts["memory_gib"].get<double>(),
             facts["disk_free_gib"].get<double>());
  fmt::print("matrix products  {}; fast bf16: {}\n", facts["matrix_library"].get<std::string>(),
             facts["fast_bf16"].get<bool>() ? "yes" : "no");
  if (zygote.ok()) {
    const sandbox::Isolation& isolation = (*zygote)->isolation();
    fmt::print("isolation        level {}: {}\n", static_cast<int>(isolation.level),
               Join(isolation.measures, ", "));
    for (const std::string& sentence : isolation.missing)
      fmt::print("                 {}\n", sentence);
  } else {
    fmt::print("isolation        none: {}\n", zygote.error().message);
  }
  fmt::print("models here      {}\n",
             models.empty() ? "none; see `sca model pull`" : DumpJson(models));
  fmt::print("{}\n", sound
                         ? "This machine can run everything."
                         : "Code of models cannot be confined well enough here; runs are refused.");
  return sound ? Exit::kDone : Exit::kError;
}

}  // namespace

void AddDoctor(CLI::App& app, Action& action) {
  const auto json = std::make_shared<bool>(false);
  CLI::App* doctor = app.add_subcommand("doctor", "What this machine can do, and what it lacks");
  doctor->add_flag("--json", *json, "As JSON");
  doctor->footer("Example:\n  sca doctor\nExit code 1 if code of models could not be confined.");
  doctor->callback([&action, json] { action = [json] { return Doctor(*json); }; });
}

}  // namespace sca::cli
