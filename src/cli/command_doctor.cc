// doctor: what this machine can do, and what it lacks.

#include <fmt/format.h>

#include <memory>

#include "cli/commands.h"
#include "cli/machine_facts.h"
#include "cli/output.h"

namespace sca::cli {
namespace {

const char* YesOrNo(bool yes) { return yes ? "yes" : "no"; }

std::string Listed(const Json& words) {
  std::string text;
  for (const Json& word : words) {
    text +=
        (text.empty() ? "" : ", ") + (word.is_string() ? word.get<std::string>() : DumpJson(word));
  }
  return text.empty() ? "none" : text;
}

void PrintFacts(const Json& facts) {
  const Json& isolation = facts["isolation"];
  fmt::print("processor        {}\n", facts["processor"].get<std::string>());
  fmt::print("                 {} cores; {}; fast bf16: {}\n", facts["cores"].get<unsigned>(),
             Listed(facts["vector_extensions"]), YesOrNo(facts["fast_bf16"].get<bool>()));
  fmt::print("memory           {:.1f} GiB, {:.1f} free\n", facts["memory_gib"].get<double>(),
             facts["memory_free_gib"].get<double>());
  fmt::print("free disk        {:.1f} GiB\n", facts["disk_free_gib"].get<double>());
  fmt::print("Python           {}\n",
             facts["python"].is_string() ? facts["python"].get<std::string>() : "does not run");
  fmt::print("isolation        level {} of 3{}\n", isolation["level"].get<int>(),
             isolation.contains("measures") ? ": " + Listed(isolation["measures"]) : "");
  fmt::print("llama.cpp        {}\n",
             facts["llama_built_in"].get<bool>() ? "built in" : "not built in");
  fmt::print("trainer          {}\n",
             facts["trainer_built_in"].get<bool>()
                 ? "built in; " + facts["matrix_library"].get<std::string>()
                 : "none");
  fmt::print("models here      {} (in {})\n", Listed(facts["models"]),
             facts["models_folder"].get<std::string>());
}

Result<Exit> Doctor(bool json) {
  const MachineFacts machine = SCA_TRY(ExamineMachine());
  if (json) {
    Json all = machine.facts;
    all["problems"] = machine.problems;
    all["remarks"] = machine.remarks;
    all["sound"] = machine.sound();
    PrintJson(all);
    return machine.sound() ? Exit::kDone : Exit::kError;
  }
  PrintFacts(machine.facts);
  for (const std::string& remark : machine.remarks) fmt::print("Note: {}\n", remark);
  for (const std::string& problem : machine.problems) fmt::print("Problem: {}\n", problem);
  fmt::print("{}\n", machine.sound() ? "This machine can run everything."
                                     : "This machine cannot run everything; see above.");
  return machine.sound() ? Exit::kDone : Exit::kError;
}

}  // namespace

void AddDoctor(CLI::App& app, Action& action) {
  const auto json = std::make_shared<bool>(false);
  CLI::App* doctor = app.add_subcommand("doctor", "What this machine can do, and what it lacks");
  doctor->add_flag("--json", *json, "As JSON: the facts, problems, remarks, and sound");
  doctor->footer(
      "Examples:\n"
      "  sca doctor\n"
      "  sca doctor --json\n"
      "Prints processor, memory, disk, Python, how well code of models is confined, what is built\n"
      "in, which matrix library is loaded, and which models are here; then what is missing, with\n"
      "the remedy. Exit code 1 if something stops a run.");
  doctor->callback([&action, json] { action = [json] { return Doctor(*json); }; });
}

}  // namespace sca::cli
