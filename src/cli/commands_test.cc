// Flags, exit codes and sentences of the program, called as a shell would.

#include "cli/commands.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/json.h"
#include "cli/command_fixture.h"

namespace sca::cli {
namespace {
namespace fs = std::filesystem;

class Commands : public testing::Test {
 protected:
  Commands() : folder_(fs::temp_directory_path() / ("sca-commands-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~Commands() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, std::string_view text) {
    EXPECT_TRUE(WriteFileAtomically(folder_ / name, text).ok());
    return (folder_ / name).string();
  }

  const fs::path folder_;
};

// No copies of the kitchen's own tasks, which check would find.
constexpr std::string_view kGood =
    R"json({"id": "good", "instruction": "How many people do 3 lentil stews and a carrot soup serve?", )json"
    R"json("evaluation_function": "def evaluate(answer):\n    return answer == 3 * servings_of(\"lentil stew\") + servings_of(\"carrot soup\")", )json"
    R"json("solution": "answer = 3 * servings_of(\"lentil stew\") + servings_of(\"carrot soup\")", )json"
    R"json("failure_cases": ["answer = 0", "answer = servings_of(\"carrot soup\")", "answer = 1"]})json"
    "\n";
constexpr std::string_view kBad =
    R"json({"id": "bad", "instruction": "How many grams does a cup of onions weigh?", )json"
    R"json("evaluation_function": "def evaluate(answer):\n    return True", )json"
    R"json("solution": "answer = grams_per_cup(\"onions\")", )json"
    R"json("failure_cases": ["answer = 0", "answer = 1", "answer = 2"]})json"
    "\n";

TEST_F(Commands, HelpAndVersionAreDoneAndGoToStandardOutput) {
  for (const char* flag : {"--help", "--version"}) {
    const Ran ran = RunSca({flag});

    EXPECT_EQ(ran.exit_code, 0) << flag;
    EXPECT_FALSE(ran.output.empty()) << flag;
    EXPECT_EQ(ran.errors, "") << flag;
  }
}

TEST_F(Commands, EveryCommandTeachesByTwoExamples) {
  const std::vector<std::vector<std::string>> commands = {
      {"run"},           {"resume"},        {"challenge"},       {"check"},
      {"approve"},       {"rollout"},       {"train"},           {"eval"},
      {"report"},        {"reverify"},      {"audit", "verify"}, {"env", "list"},
      {"env", "show"},   {"env", "test"},   {"env", "new"},      {"model", "list"},
      {"model", "show"}, {"model", "pull"}, {"model", "bench"},  {"model", "parity"},
      {"doctor"}};
  for (std::vector<std::string> command : commands) {
    command.push_back("--help");

    const Ran ran = RunSca(command);

    EXPECT_EQ(ran.exit_code, 0) << command.front();
    const std::size_t examples = ran.output.find("Examples:\n");
    ASSERT_NE(examples, std::string::npos) << ran.output;
    std::size_t count = 0;
    for (std::size_t at = ran.output.find("sca ", examples); at != std::string::npos;
         at = ran.output.find("sca ", at + 1)) {
      ++count;
    }
    EXPECT_GE(count, 2U) << ran.output;
    EXPECT_NE(ran.output.find("Prints"), std::string::npos) << ran.output;
  }
}

TEST_F(Commands, WrongUsageEndsWithTwo) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"fly"},
      {"run"},
      {"run", "--seed", "many", "a.toml"},
      {"env", "show"},
      {"check", "a.jsonl"},
      {"rollout", "--env", "kitchen"},
      {"eval", "--env", "kitchen", "--trials", "0"},
      {"report", "x", "--json", "--csv"},
      {"env", "new", "two words"}};
  for (const auto& arguments : wrong) {
    const Ran ran = RunSca(arguments);

    EXPECT_EQ(ran.exit_code, 2) << (arguments.empty() ? "no command" : arguments.front());
    EXPECT_NE(ran.errors, "");
    EXPECT_EQ(ran.output, "");
  }
}

TEST_F(Commands, ABrokenRecipeIsWrongUsageAndNamesKeyAndRemedy) {
  const std::string recipe = Write("r.toml", "[env]\npath = \"kitchen\"\n[train]\nepoch = 3\n");

  const Ran ran = RunSca({"run", recipe.c_str(), "--dry-run"});

  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_TRUE(ran.errors.starts_with("sca: ")) << ran.errors;
  EXPECT_NE(ran.errors.find("train.epochs"), std::string::npos) << ran.errors;
  EXPECT_EQ(ran.output, "");
}

TEST_F(Commands, AMissingRecipeIsAnErrorThatNamesTheFile) {
  const Ran ran = RunSca({"run", "/nonexistent/recipe.toml"});

  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.errors.find("/nonexistent/recipe.toml"), std::string::npos) << ran.errors;
}

TEST_F(Commands, DryRunPrintsTheResolvedRecipeAndStartsNothing) {
  const std::string model = Write("m.gguf", "not read in a dry run");
  const std::string recipe =
      Write("r.toml", "seed = 4\n[env]\npath = \"kitchen\"\n[model]\npath = \"" + model + "\"\n");
  const std::string run_folder = (folder_ / "run").string();

  const Ran ran = RunSca({"run", "--set", "train.epochs=9", "wave=7", recipe.c_str(), "--seed", "5",
                          "--dry-run", "--json", "--run-dir", run_folder.c_str()});

  EXPECT_EQ(ran.exit_code, 0) << ran.errors;
  const Result<Json> resolved = ParseJson(ran.output);
  ASSERT_TRUE(resolved.ok()) << ran.output;
  EXPECT_EQ((*resolved)["seed"], 5);
  EXPECT_EQ((*resolved)["wave"], 7);
  EXPECT_EQ((*resolved)["train.epochs"], 9);
  EXPECT_FALSE(fs::exists(run_folder));
}

TEST_F(Commands, DryRunFindsAMissingEnvironmentBeforeAnyWork) {
  const std::string recipe = Write("r.toml", "[env]\npath = \"nowhere\"\n");

  const Ran ran = RunSca({"run", recipe.c_str(), "--dry-run"});

  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.errors.find("nowhere"), std::string::npos) << ran.errors;
}

TEST_F(Commands, KeysAreListedWithDefaultsAndBounds) {
  const Ran ran = RunSca({"run", "--keys", "--json"});

  EXPECT_EQ(ran.exit_code, 0);
  const Result<Json> keys = ParseJson(ran.output);
  ASSERT_TRUE(keys.ok());
  const auto rate = std::find_if(keys->begin(), keys->end(), [](const Json& row) {
    return row["key"] == "train.learning_rate";
  });
  ASSERT_NE(rate, keys->end());
  EXPECT_EQ((*rate)["default"], 3e-4);
  EXPECT_TRUE(rate->contains("maximum"));
}

TEST_F(Commands, CheckGivesAJsonLineATaskAndAHundredIfOneFalls) {
  const std::string file = Write("tasks.jsonl", std::string(kGood) + std::string(kBad));

  const Ran ran = RunSca({"check", file.c_str(), "--env", "kitchen", "--json"});

  EXPECT_EQ(ran.exit_code, 100) << ran.errors;
  EXPECT_EQ(ran.errors, "");
  const auto lines = ParseJsonLines(ran.output, "output");
  ASSERT_TRUE(lines.ok()) << ran.output;
  ASSERT_EQ(lines->size(), 2U);
  EXPECT_EQ((*lines)[0]["passed"], true) << ran.output;
  EXPECT_TRUE((*lines)[0]["first_failed_gate"].is_null());
  EXPECT_EQ((*lines)[1]["id"], "bad");
  EXPECT_EQ((*lines)[1]["passed"], false);
  EXPECT_EQ((*lines)[1]["first_failed_gate"], "failures_rejected");
  for (const char* key : {"gate", "verdict", "evidence", "milliseconds"}) {
    EXPECT_TRUE((*lines)[1]["gates"][0].contains(key)) << key;
  }
}

TEST_F(Commands, CheckIsDoneIfAllPassAndSaysHowMany) {
  const std::string file = Write("tasks.jsonl", kGood);

  const Ran ran = RunSca({"check", file.c_str(), "--env", "kitchen", "--quiet"});

  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_NE(ran.output.find("1 of 1 tasks pass all gates"), std::string::npos) << ran.output;
}

TEST_F(Commands, CheckSwitchesGatesOffBySet) {
  const std::string file = Write("tasks.jsonl", kBad);

  const Ran ran =
      RunSca({"check", file.c_str(), "--env", "kitchen", "--quiet", "--set",
              "gates.off=[\"idle_rejected\", \"failures_rejected\", \"mutants_rejected\"]"});

  EXPECT_EQ(ran.exit_code, 0) << ran.output << ran.errors;
}

TEST_F(Commands, CheckLetsATaskWithoutAllPartsFallAndGoesOn) {
  const std::string file =
      Write("tasks.jsonl", "{\"id\": \"half\", \"instruction\": \"How?\"}\n" + std::string(kGood));

  const Ran ran = RunSca({"check", file.c_str(), "--env", "kitchen", "--json"});

  EXPECT_EQ(ran.exit_code, 100) << ran.errors;
  const auto lines = ParseJsonLines(ran.output, "output");
  ASSERT_TRUE(lines.ok()) << ran.output;
  ASSERT_EQ(lines->size(), 2U);
  EXPECT_EQ((*lines)[0]["id"], "half");
  EXPECT_EQ((*lines)[0]["first_failed_gate"], "parses");
  EXPECT_NE((*lines)[0]["gates"][0]["evidence"].get<std::string>().find("evaluation_function"),
            std::string::npos);
  EXPECT_EQ((*lines)[1]["passed"], true);
}

TEST_F(Commands, CheckRefusesToSwitchOffWhatIsNoGate) {
  const std::string file = Write("tasks.jsonl", kGood);

  const Ran ran = RunSca(
      {"check", file.c_str(), "--env", "kitchen", "--quiet", "--set", "gates.off=[\"no_leek\"]"});

  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.errors.find("no_leek"), std::string::npos) << ran.errors;
  EXPECT_NE(ran.errors.find("no_leak"), std::string::npos) << ran.errors;
}

TEST_F(Commands, CheckFindsACopyOfTheEnvironmentsOwnTasksButNotInTheirOwnFile) {
  const std::string own = std::string(SCA_SOURCE_DIR) + "/environments/kitchen/tasks/heldout.jsonl";
  const std::string text = ReadFile(own).value();
  const std::string copy = Write("copy.jsonl", text.substr(0, text.find('\n') + 1));

  const Ran of_copy = RunSca({"check", copy.c_str(), "--env", "kitchen", "--quiet"});
  const Ran of_own = RunSca({"check", own.c_str(), "--env", "kitchen", "--quiet"});

  EXPECT_EQ(of_copy.exit_code, 100);
  EXPECT_NE(of_copy.output.find("falls at novel"), std::string::npos) << of_copy.output;
  EXPECT_EQ(of_own.exit_code, 0) << of_own.output;
}

TEST_F(Commands, CheckOfAFileWithoutTasksIsNoSuccess) {
  const std::string file = Write("tasks.jsonl", "\n");

  const Ran ran = RunSca({"check", file.c_str(), "--env", "kitchen"});

  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.errors.find(file), std::string::npos) << ran.errors;
}

TEST_F(Commands, ListingsArePureJsonWhereAsked) {
  for (const char* command : {"env", "model"}) {
    const Ran ran = RunSca({command, "list", "--json"});

    EXPECT_EQ(ran.exit_code, 0) << ran.errors;
    const Result<Json> json = ParseJson(ran.output);
    ASSERT_TRUE(json.ok()) << ran.output;
    EXPECT_FALSE(json->empty()) << command;
    EXPECT_TRUE((*json)[0].contains("name")) << command;
  }
}

TEST_F(Commands, AnEnvironmentWhoseToolsRaiseIsNamedWithFileLineAndException) {
  const std::string folder = (folder_ / "broken").string();
  ASSERT_EQ(RunSca({"env", "new", folder.c_str()}).exit_code, 0);
  Write("broken/tools.py", "from sca import read\n\nraise ValueError('no database')\n");

  const Ran ran = RunSca({"env", "test", folder.c_str()});

  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.errors.find("tools.py"), std::string::npos) << ran.errors;
  EXPECT_NE(ran.errors.find("3"), std::string::npos) << ran.errors;
  EXPECT_NE(ran.errors.find("no database"), std::string::npos) << ran.errors;
}

TEST_F(Commands, AFolderWithoutARunIsAnErrorWithARemedy) {
  const std::string folder = folder_.string();
  const std::vector<std::vector<std::string>> commands = {{"report", folder.c_str()},
                                                          {"reverify", folder.c_str()},
                                                          {"audit", "verify", folder.c_str()},
                                                          {"resume", folder.c_str()},
                                                          {"train", folder.c_str()}};
  for (const auto& command : commands) {
    const Ran ran = RunSca(command);

    EXPECT_EQ(ran.exit_code, 1) << command.front();
    EXPECT_TRUE(ran.errors.starts_with("sca: ")) << ran.errors;
    EXPECT_NE(ran.errors.find(folder), std::string::npos) << ran.errors;
  }
}

TEST_F(Commands, BenchWantsOneSampleAtLeast) {
  EXPECT_EQ(RunSca({"bench", "worlds", "--samples", "0"}).exit_code, 2);
  EXPECT_NE(RunSca({"bench", "worlds", "--help"}).output.find("Examples:"), std::string::npos);
}

TEST_F(Commands, AModelThatIsNotThereIsNamedWithARemedy) {
  const Ran ran = RunSca({"model", "show", "no-such-model"});

  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_NE(ran.errors.find("no-such-model"), std::string::npos) << ran.errors;
  EXPECT_NE(ran.errors.find("qwen2.5-coder-0.5b-instruct"), std::string::npos) << ran.errors;
}

}  // namespace
}  // namespace sca::cli
