#include "store/database.h"

#include <fmt/format.h>

#include <cerrno>
#include <limits>

namespace sca::store {
namespace {

constexpr int kBusyMilliseconds = 10'000;

// A full disk shows as SQLITE_FULL, but as an I/O error where a quota or the shared-memory file of
// the WAL is what has run out.
bool IsOutOfSpace(sqlite3* connection, int code) {
  const int system_code = sqlite3_system_errno(connection);
  return code == SQLITE_FULL ||
         (code == SQLITE_IOERR && (system_code == ENOSPC || system_code == EDQUOT));
}

Error SqlError(sqlite3* connection, std::string_view doing) {
  const int code = sqlite3_errcode(connection) & 0xff;
  const char* name = sqlite3_db_filename(connection, "main");
  const std::string file = name == nullptr || *name == '\0' ? "in memory" : name;
  if (IsOutOfSpace(connection, code)) {
    return {ErrorCode::kOutOfSpace,
            fmt::format("The disk is full: cannot write {}. Free some space and go on with `sca "
                        "resume`; nothing that was saved before is lost.",
                        file)};
  }
  switch (code) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return {ErrorCode::kDataLoss,
              fmt::format("The run's database {} is damaged ({}). Restore it from a copy, or start "
                          "the run again in a new folder.",
                          file, sqlite3_errmsg(connection))};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {
          ErrorCode::kUnavailable,
          fmt::format("Another process holds the run's database {}. Wait for it to end.", file)};
    case SQLITE_CONSTRAINT:
      return {ErrorCode::kAlreadyExists, fmt::format("The run's database {} refuses a record: {}.",
                                                     file, sqlite3_errmsg(connection))};
    default:
      return {ErrorCode::kInternal, fmt::format("The run's database {}: {} while {}.", file,
                                                sqlite3_errmsg(connection), doing)};
  }
}

int BindValue(sqlite3_stmt* statement, int place, const SqlValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return sqlite3_bind_int64(statement, place, *integer);
  }
  if (const auto* number = std::get_if<double>(&value)) {
    return sqlite3_bind_double(statement, place, *number);
  }
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    return sqlite3_bind_text64(statement, place, text->data(), text->size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8);
  }
  const std::string_view bytes = std::get<Blob>(value).bytes;
  if (bytes.empty()) return sqlite3_bind_zeroblob(statement, place, 0);
  return sqlite3_bind_blob64(statement, place, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

}  // namespace

Result<bool> Rows::Next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return SqlError(sqlite3_db_handle(statement_.get()), "reading or writing a record");
}

std::int64_t Rows::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Rows::Number(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return sqlite3_column_double(statement_.get(), column);
}

std::string_view Rows::Bytes(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string Rows::Text(int column) const { return std::string(Bytes(column)); }

Result<std::unique_ptr<Database>> Database::Open(const std::filesystem::path& file, OpenMode mode) {
  int flags = SQLITE_OPEN_NOMUTEX;
  flags |= mode == OpenMode::kReadOnly ? SQLITE_OPEN_READONLY
                                       : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const std::string name = mode == OpenMode::kInMemory ? ":memory:" : file.string();
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &connection, flags, nullptr);
  std::unique_ptr<Database> database(new Database(connection));
  if (code != SQLITE_OK) {
    return Error{ErrorCode::kInternal,
                 fmt::format("Cannot open the run's database {}: {}.", name, sqlite3_errstr(code))};
  }
  sqlite3_busy_timeout(connection, kBusyMilliseconds);
  sqlite3_extended_result_codes(connection, 1);
  return database;
}

Result<Rows> Database::Query(std::string_view sql, std::initializer_list<SqlValue> values) const {
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v2(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                &statement, nullptr);
  Rows rows(statement);
  int place = 0;
  for (const SqlValue& value : values) {
    if (code == SQLITE_OK) code = BindValue(statement, ++place, value);
  }
  if (code != SQLITE_OK) return SqlError(connection_.get(), fmt::format("preparing {}", sql));
  return rows;
}

Status Database::Run(std::string_view sql, std::initializer_list<SqlValue> values) const {
  Rows rows = SCA_TRY(Query(sql, values));
  SCA_TRY(rows.Next());
  return {};
}

Status Database::RunScript(const char* sql) const {
  if (sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return SqlError(connection_.get(), "changing the tables");
  }
  return {};
}

}  // namespace sca::store
