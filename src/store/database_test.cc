#include "store/database.h"

#include <gtest/gtest.h>

namespace sca::store {
namespace {

TEST(Database, NamesAFullDiskAndKeepsWhatWasCommitted) {
  const auto database = Database::Open({}, OpenMode::kInMemory).value();
  ASSERT_TRUE(database->RunScript("CREATE TABLE t(x); PRAGMA max_page_count = 20;").ok());
  ASSERT_TRUE(database->Run("INSERT INTO t VALUES(?)", {"kept"}).ok());
  const std::string large(200'000, 'x');

  const Status status = database->Run("INSERT INTO t VALUES(?)", {large});

  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kOutOfSpace);
  Rows rows = database->Query("SELECT x FROM t").value();
  ASSERT_TRUE(rows.Next().value());
  EXPECT_EQ(rows.Text(0), "kept");
  EXPECT_FALSE(rows.Next().value());
}

TEST(Database, KeepsTextWithZeroBytesAndEmptyBlobs) {
  const auto database = Database::Open({}, OpenMode::kInMemory).value();
  ASSERT_TRUE(database->RunScript("CREATE TABLE t(x, y NOT NULL)").ok());
  const std::string text("a\0b", 3);

  ASSERT_TRUE(database->Run("INSERT INTO t VALUES(?, ?)", {text, Blob{}}).ok());

  Rows rows = database->Query("SELECT x, y FROM t").value();
  ASSERT_TRUE(rows.Next().value());
  EXPECT_EQ(rows.Text(0), text);
  EXPECT_TRUE(rows.Array<int>(1).empty());
}

TEST(Database, SaysWhatWasWrongWithAStatement) {
  const auto database = Database::Open({}, OpenMode::kInMemory).value();

  const Status status = database->Run("SELECT nonsense FROM nowhere");

  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kInternal);
  EXPECT_NE(status.error().message.find("nowhere"), std::string::npos);
}

}  // namespace
}  // namespace sca::store
