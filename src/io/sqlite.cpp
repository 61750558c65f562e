// SPDX-License-Identifier: MIT
#include "undulith/io/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "io/unfinished.hpp"
#include "undulith/core/error.hpp"

namespace undulith::io {

namespace fs = std::filesystem;

namespace {

Unfinished begin_file(const fs::path& path) {
  const fs::path folder = path.parent_path();
  try {
    return Unfinished::file(folder.empty() ? "." : folder);
  } catch (const std::system_error& error) {
    throw_unwritable(path, error.code().value());
  }
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

}  // namespace

std::string sql_name(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

class SqliteFile::Database {
 public:
  Database(fs::path path, std::vector<SqlTable> tables)
      : path_(std::move(path)), tables_(std::move(tables)), file_(begin_file(path_)) {
    require(sqlite3_open_v2(file_.path().c_str(), &handle_, SQLITE_OPEN_READWRITE, nullptr));
    // Nobody reads it before it is renamed: it needs no journal.
    execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
    for (const SqlTable& table : tables_) {
      execute(fmt::format("CREATE TABLE {} ({})", table.name, joined(table.columns)));
      std::string marks;
      for (std::size_t i = 0; i < table.columns.size(); ++i) marks += i > 0 ? ", ?" : "?";
      sqlite3_stmt* insert = nullptr;
      const std::string text = fmt::format("INSERT INTO {} VALUES ({})", table.name, marks);
      require(sqlite3_prepare_v2(handle_, text.c_str(), -1, &insert, nullptr));
      inserts_.push_back(insert);
    }
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { close(); }

  void add(std::size_t table, std::span<const SqlField> fields) {
    sqlite3_stmt* insert = inserts_.at(table);
    for (std::size_t i = 0; i < fields.size(); ++i) bind(insert, static_cast<int>(i) + 1, fields[i]);
    const int step = sqlite3_step(insert);
    const int code = step == SQLITE_DONE ? SQLITE_OK : step;
    const std::string why = code == SQLITE_OK ? "" : sqlite3_errmsg(handle_);
    sqlite3_reset(insert);
    if (code != SQLITE_OK) refuse(why);
  }

  void commit() {
    for (const SqlTable& table : tables_)
      for (const std::string& column : table.indices)
        execute(fmt::format("CREATE INDEX {} ON {} ({})", sql_name(table.name + " by " + column), table.name,
                            sql_name(column)));
    execute("COMMIT");
    close();
    file_.finish([this] {
      if (std::rename(file_.path().c_str(), path_.c_str()) != 0) throw_unwritable(path_, errno);
    });
  }

 private:
  void execute(const std::string& text) {
    require(sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr));
  }

  void bind(sqlite3_stmt* insert, int place, const SqlField& field) {
    if (const auto* number = std::get_if<double>(&field))
      require(sqlite3_bind_double(insert, place, *number));
    else if (const auto* whole = std::get_if<long long>(&field))
      require(sqlite3_bind_int64(insert, place, *whole));
    else if (const auto* text = std::get_if<std::string>(&field))
      require(sqlite3_bind_text64(insert, place, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    else
      require(sqlite3_bind_null(insert, place));
  }

  [[noreturn]] void refuse(const std::string& why) const {
    throw IoError(
        fmt::format("cannot write {} ({}); check the folder and the space on its disk", path_.string(), why));
  }

  void require(int code) const {
    if (code != SQLITE_OK) refuse(handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code));
  }

  void close() noexcept {
    for (sqlite3_stmt* insert : inserts_) sqlite3_finalize(insert);
    inserts_.clear();
    sqlite3_close(handle_);
    handle_ = nullptr;
  }

  fs::path path_;
  std::vector<SqlTable> tables_;
  Unfinished file_;
  sqlite3* handle_ = nullptr;
  std::vector<sqlite3_stmt*> inserts_;
};

SqliteFile::SqliteFile(const fs::path& path, std::vector<SqlTable> tables)
    : database_(std::make_unique<Database>(path, std::move(tables))) {}
SqliteFile::~SqliteFile() = default;

void SqliteFile::add(std::size_t table, std::span<const SqlField> fields) {
  database_->add(table, fields);
}
void SqliteFile::commit() {
  database_->commit();
}

}  // namespace undulith::io
