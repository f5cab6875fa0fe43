#include "base/hash.h"

#include <gtest/gtest.h>

#include "base/files.h"

namespace sca {
namespace {

TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, OfAFileLongerThanOneBlockIsThatOfItsBytes) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "sca_hash_test";
  const std::string bytes(3'000'000, 'x');
  ASSERT_TRUE(WriteFileAtomically(file, bytes).ok());

  const auto hash = Sha256HexOfFile(file);

  EXPECT_EQ(hash.value(), "e55b8bdf621ddaa8f462c74745db9680d3bb7536a9cf854f8d6668b34a287890");
  EXPECT_EQ(hash.value(), Sha256Hex(bytes));
  std::filesystem::remove(file);
}

TEST(Sha256, OfWhatCannotBeReadIsAnError) {
  EXPECT_EQ(Sha256HexOfFile("/no/such/file").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Sha256HexOfFile("/").error().code, ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace sca
