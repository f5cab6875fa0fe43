#include "cli/machine_facts.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sca::cli {
namespace {

constexpr std::string_view kCpuinfo =
    "processor\t: 0\nmodel name\t: Some CPU @ 2.00GHz\n"
    "flags\t\t: fpu avx2 avx512f avx512_bf16 xavx2\n\nprocessor\t: 1\nmodel name\t: Other\n";

TEST(ProcessorFacts, GivesNameAndVectorExtensionsOfTheFirstProcessor) {
  const Json facts = ProcessorFacts(kCpuinfo);

  EXPECT_EQ(facts["processor"], "Some CPU @ 2.00GHz");
  EXPECT_EQ(facts["vector_extensions"], Json({"avx2", "avx512f", "avx512_bf16"}));
}

TEST(ProcessorFacts, AdmitsThatItDoesNotKnow) {
  const Json facts = ProcessorFacts("");

  EXPECT_EQ(facts["processor"], "unknown");
  EXPECT_TRUE(facts["vector_extensions"].empty());
}

TEST(MemoryGib, ReadsALineOfMeminfo) {
  const std::string_view meminfo = "MemTotal:       25165824 kB\nMemAvailable:    1048576 kB\n";

  EXPECT_DOUBLE_EQ(MemoryGib(meminfo, "MemTotal"), 24);
  EXPECT_DOUBLE_EQ(MemoryGib(meminfo, "MemAvailable"), 1);
  EXPECT_DOUBLE_EQ(MemoryGib(meminfo, "SwapTotal"), 0);
}

TEST(ExamineMachine, FindsPythonAndTheIsolationByTryingThem) {
  const Result<MachineFacts> machine = ExamineMachine();

  ASSERT_TRUE(machine.ok()) << machine.error().message;
  ASSERT_TRUE(machine->facts["python"].is_string());
  EXPECT_TRUE(machine->facts["python"].get<std::string>().starts_with("3."));
  EXPECT_TRUE(machine->facts["isolation"]["level"].is_number_integer());
  EXPECT_GT(machine->facts["memory_gib"].get<double>(), 0);
}

TEST(ExamineMachine, NamesWhatIsNotBuiltIn) {
  const Result<MachineFacts> machine = ExamineMachine();

  ASSERT_TRUE(machine.ok()) << machine.error().message;
  const bool all_built_in = machine->facts["llama_built_in"].get<bool>() &&
                            machine->facts["trainer_built_in"].get<bool>();
  const bool told = std::any_of(
      machine->problems.begin(), machine->problems.end(),
      [](const std::string& problem) { return problem.find("SCA_WITH_") != std::string::npos; });
  EXPECT_EQ(told, !all_built_in);
}

}  // namespace
}  // namespace sca::cli
