// The tables of a run's database.
//
// `content` is a record's JSON; columns beside it are its key, or read from it by SQLite itself for
// whoever looks with the sqlite3 shell. Arrays of numbers are blobs in little-endian order.

#pragma once

#include <cstdint>

namespace sca::store {

constexpr std::int64_t kApplicationId = 0x53434131;  // "SCA1".
constexpr std::int64_t kSchemaVersion = 1;

constexpr char kSchema[] = R"sql(
PRAGMA application_id = 0x53434131;
PRAGMA user_version = 1;
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE wave(
  kind TEXT, iteration INTEGER, wave INTEGER,
  PRIMARY KEY(kind, iteration, wave)) WITHOUT ROWID;
CREATE TABLE candidate(
  iteration INTEGER, position INTEGER, content TEXT NOT NULL,
  fate TEXT GENERATED ALWAYS AS (json_extract(content, '$.fate')) VIRTUAL,
  instruction TEXT GENERATED ALWAYS AS (json_extract(content, '$.task.instruction')) VIRTUAL,
  PRIMARY KEY(iteration, position));
CREATE TABLE trajectory(
  id INTEGER PRIMARY KEY, iteration INTEGER, purpose TEXT, position INTEGER,
  content TEXT NOT NULL, tokens BLOB NOT NULL, by_agent BLOB NOT NULL, logprobs BLOB NOT NULL,
  reward REAL GENERATED ALWAYS AS (json_extract(content, '$.reward')) VIRTUAL,
  UNIQUE(iteration, purpose, position));
CREATE TABLE evaluation(
  id INTEGER PRIMARY KEY, stage TEXT, environment TEXT, content TEXT NOT NULL,
  UNIQUE(stage, environment));
CREATE TABLE training(
  iteration INTEGER PRIMARY KEY, content TEXT NOT NULL, losses BLOB NOT NULL);
CREATE TABLE metric(name TEXT, step INTEGER, value REAL);
CREATE TABLE audit(
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL,
  previous_hash TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
)sql";

}  // namespace sca::store
