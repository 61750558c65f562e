// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

/// Databases for programs that read results by themselves; Undulith only writes them.
namespace undulith::io {

/// A field of a row; monostate: NULL.
using SqlField = std::variant<std::monostate, double, long long, std::string>;

/// A table of a database: a name and its columns with their types ("nils REAL").
struct SqlTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::string> indices;  ///< columns, each of which has an index
};

/// A new SQLite database, written aside and renamed by commit(): a reader sees the old content or the new one. Names of tables
/// and columns may have any characters.
class SqliteFile {
 public:
  /// @throws IoError  the folder cannot be written
  SqliteFile(const std::filesystem::path& path, std::vector<SqlTable> tables);
  SqliteFile(const SqliteFile&) = delete;
  SqliteFile& operator=(const SqliteFile&) = delete;
  ~SqliteFile();

  /// @param table   its number among those of the constructor
  /// @param fields  one for each of its columns
  /// @throws IoError  no space
  void add(std::size_t table, std::span<const SqlField> fields);
  /// Makes the indices and moves the file into place. Once, at the end. @throws IoError
  void commit();

 private:
  class Database;
  std::unique_ptr<Database> database_;
};

/// A name as SQL writes it: "imaging.focus_nm" in its quotes.
[[nodiscard]] std::string sql_name(const std::string& name);

}  // namespace undulith::io
