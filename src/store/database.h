// SQLite, wrapped once: statements with values in order, and errors as sentences.

#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace sca::store {

struct Blob {
  std::string_view bytes;
};

// Borrowed until the statement is destroyed.
using SqlValue = std::variant<std::int64_t, double, std::string_view, Blob>;

// A prepared statement with its values; rows come one by one.
class Rows {
 public:
  // False after the last row.
  Result<bool> Next();

  // Of the current row; columns count from 0. Text and blobs are copied.
  std::int64_t Integer(int column) const;
  double Number(int column) const;  // NaN where the column is NULL, as SQLite stores NaN.
  std::string Text(int column) const;
  template <typename T>
  std::vector<T> Array(int column) const;  // A blob as T after T, in this machine's byte order.

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
  std::string_view Bytes(int column) const;

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

enum class OpenMode { kCreate, kReadOnly, kInMemory };

class Database {
 public:
  static Result<std::unique_ptr<Database>> Open(const std::filesystem::path& file, OpenMode mode);

  Result<Rows> Query(std::string_view sql, std::initializer_list<SqlValue> values = {}) const;
  // A statement without rows.
  Status Run(std::string_view sql, std::initializer_list<SqlValue> values = {}) const;
  // Several statements, separated by semicolons.
  Status RunScript(const char* sql) const;

  bool in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }
  std::int64_t rows_changed() const { return sqlite3_changes64(connection_.get()); }

 private:
  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  explicit Database(sqlite3* connection) : connection_(connection) {}

  std::unique_ptr<sqlite3, Close> connection_;
};

template <typename T>
std::vector<T> Rows::Array(int column) const {
  const std::string_view bytes = Bytes(column);
  std::vector<T> values(bytes.size() / sizeof(T));
  bytes.copy(reinterpret_cast<char*>(values.data()), values.size() * sizeof(T));
  return values;
}

template <typename T>
Blob BlobOf(const std::vector<T>& values) {
  return {{reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)}};
}

}  // namespace sca::store
