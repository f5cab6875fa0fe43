#include "cli/machine_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <set>
#include <thread>

#include "base/files.h"
#include "base/text.h"
#include "llm/catalog.h"
#include "llm/llama_model.h"
#include "sandbox/zygote.h"
#include "train/blas.h"
#include "train/trainer.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

constexpr double kMemoryGibMin = 4;  // The default model, its trainer and 48 sequences.
constexpr double kDiskGibMin = 3;    // The default model twice, and a run.
constexpr std::string_view kExtensions[] = {"avx2",        "fma",      "avx512f", "avx512_vnni",
                                            "avx512_bf16", "amx_bf16", "amx_tile"};

// The value of the first line "key : value".
std::string_view ValueOf(std::string_view text, std::string_view key) {
  for (const std::string_view line : SplitLines(text)) {
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && Trim(line.substr(0, colon)) == key) {
      return Trim(line.substr(colon + 1));
    }
  }
  return {};
}

double RoundedToTenth(double value) { return std::round(value * 10) / 10; }

void AddHardware(MachineFacts& machine) {
  const Result<std::string> cpuinfo = ReadFile("/proc/cpuinfo");
  machine.facts = ProcessorFacts(cpuinfo.ok() ? *cpuinfo : "");
  machine.facts["cores"] = std::thread::hardware_concurrency();
  machine.facts["fast_bf16"] = train::HasFastBf16();
  const Result<std::string> meminfo = ReadFile("/proc/meminfo");
  const std::string text = meminfo.ok() ? *meminfo : "";
  machine.facts["memory_gib"] = RoundedToTenth(MemoryGib(text, "MemTotal"));
  const double available = MemoryGib(text, "MemAvailable");
  machine.facts["memory_free_gib"] = RoundedToTenth(available);
  if (meminfo.ok() && available < kMemoryGibMin) {
    machine.remarks.push_back(fmt::format(
        "Only {:.1f} GiB of memory are free; a run with the default model takes about {:.0f}.",
        available, kMemoryGibMin));
  }
  std::error_code error;
  const fs::space_info space = fs::space(fs::current_path(), error);
  const double free = error ? 0 : static_cast<double>(space.available) / (1 << 30);
  machine.facts["disk_free_gib"] = RoundedToTenth(free);
  if (free < kDiskGibMin) {
    machine.remarks.push_back(
        fmt::format("Only {:.1f} GiB of disk are free here; the default model and a run take "
                    "about {:.0f}.",
                    free, kDiskGibMin));
  }
}

// The version of the Python that worlds and cells run on, asked of a cell.
Result<std::string> PythonVersion(sandbox::Zygote& zygote) {
  sandbox::Process cell = SCA_TRY(zygote.Fork(sandbox::ChildKind::kCell, 1));
  const Json request = {
      {"op", "run"}, {"turn", 1}, {"code", "import sys\nprint(sys.version.split()[0])"}};
  const sandbox::Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  if (cell.channel().Send(request, deadline)) {
    const sandbox::Frame frame = cell.channel().Receive(deadline);
    if (frame.status == sandbox::FrameStatus::kFrame) {
      const std::string output = GetStringOr(frame.message, "output", "");
      if (!output.empty()) return std::string(Trim(output));
    }
  }
  return Error{ErrorCode::kUnavailable, "A confined process does not run Python here."};
}

void AddSandbox(MachineFacts& machine) {
  const auto zygote = sandbox::Zygote::Start({.level_min = sandbox::IsolationLevel::kUnconfined});
  if (!zygote.ok()) {
    machine.facts["python"] = nullptr;
    machine.facts["isolation"] = {{"level", 0}, {"error", zygote.error().message}};
    machine.problems.push_back("No confined process can be started: " + zygote.error().message);
    return;
  }
  const sandbox::Isolation& isolation = (*zygote)->isolation();
  machine.facts["isolation"] = isolation.ToJson();
  if (isolation.level < sandbox::IsolationLevel::kLandlock) {
    machine.problems.push_back(
        "Code of models cannot be confined well enough here (level 2 is needed); runs are "
        "refused.");
  }
  for (const std::string& sentence : isolation.missing) machine.remarks.push_back(sentence);
  const Result<std::string> python = PythonVersion(**zygote);
  machine.facts["python"] = python.ok() ? Json(*python) : Json(nullptr);
  if (!python.ok()) machine.problems.push_back(python.error().message);
}

// A build without a part answers kUnavailable, whatever it is asked for.
void AddBuild(MachineFacts& machine) {
  const fs::path no_file = "/nonexistent.gguf";
  const auto model = llm::LlamaModel::Load(no_file, {});
  const bool llama = model.ok() || model.error().code != ErrorCode::kUnavailable;
  const Status trainer = train::Trainer::Available();
  machine.facts["llama_built_in"] = llama;
  machine.facts["trainer_built_in"] = trainer.ok();
  if (!llama) machine.problems.push_back(model.error().message);
  if (!trainer.ok()) machine.problems.push_back(trainer.error().message);
  const std::string library = train::BlasDescription();
  machine.facts["matrix_library"] = library;
  if (Lowercase(library).find("reference") != std::string::npos) {
    machine.remarks.push_back(
        "The slow reference BLAS is loaded, so training takes many times longer: install "
        "libopenblas0-pthread.");
  }
  if (trainer.ok() && !machine.facts["fast_bf16"].get<bool>()) {
    machine.remarks.push_back(
        "The processor has no bf16 products (avx512_bf16, AMX), so training runs in fp32, at "
        "about half the speed.");
  }
}

Status AddModels(MachineFacts& machine) {
  Json models = Json::array();
  for (const llm::CatalogModel& model : SCA_TRY(llm::ReadCatalog())) {
    if (fs::exists(llm::ModelFile(model))) models.push_back(model.name);
  }
  if (models.empty()) {
    machine.remarks.push_back(
        "No model is here yet: `sca model pull qwen2.5-coder-0.5b-instruct` fetches the default "
        "one.");
  }
  machine.facts["models"] = models;
  machine.facts["models_folder"] = llm::ModelsFolder().string();
  return {};
}

}  // namespace

Json ProcessorFacts(std::string_view cpuinfo) {
  std::set<std::string_view> flags;
  std::string_view rest = ValueOf(cpuinfo, "flags");
  while (!rest.empty()) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    flags.insert(rest.substr(0, space));
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  Json extensions = Json::array();
  for (const std::string_view extension : kExtensions) {
    if (flags.contains(extension)) extensions.push_back(extension);
  }
  const std::string_view name = ValueOf(cpuinfo, "model name");
  return {{"processor", name.empty() ? "unknown" : std::string(name)},
          {"vector_extensions", extensions}};
}

double MemoryGib(std::string_view meminfo, std::string_view key) {
  const std::string_view value = ValueOf(meminfo, key);
  double kibibytes = 0;
  std::from_chars(value.data(), value.data() + value.size(), kibibytes);
  return kibibytes / (1 << 20);
}

Result<MachineFacts> ExamineMachine() {
  MachineFacts machine;
  AddHardware(machine);
  AddSandbox(machine);
  AddBuild(machine);
  SCA_TRY(AddModels(machine));
  return machine;
}

}  // namespace sca::cli
