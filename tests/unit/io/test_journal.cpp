// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <fstream>
#include <string>
#include <vector>

#include "scratch.hpp"
#include "undulith/core/error.hpp"
#include "undulith/io/atomic_file.hpp"
#include "undulith/io/csv.hpp"
#include "undulith/io/files.hpp"
#include "undulith/io/journal.hpp"
#include "undulith/io/sqlite.hpp"

using namespace undulith;
using Catch::Contains;

namespace {

struct Line {
  std::string text;
  std::uint64_t offset = 0;
};

std::vector<Line> lines_of(const std::filesystem::path& path, const std::string& first_line) {
  std::vector<Line> lines;
  io::read_journal(path, first_line, [&](std::string_view text, std::uint64_t offset) {
    lines.push_back({std::string(text), offset});
  });
  return lines;
}

void append_to(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

}  // namespace

TEST_CASE("journal: lines come back with their places, whatever a crash left behind them", "[unit][io]") {
  const test::Scratch scratch;
  const std::filesystem::path path = scratch.folder() / "work.journal";
  std::vector<std::string> written;
  for (int i = 0; i < 40; ++i)  // some longer than what is read at a time
    written.push_back(fmt::format("{} {}", i, std::string(static_cast<std::size_t>(i) * 20'000, 'x')));
  {
    io::Journal journal(path, "work 1");
    for (const std::string& line : written) journal.append(line);
    CHECK_THROWS_WITH(io::Journal(path, "work 1"), Contains("another process"));
  }
  append_to(path, "half a li");
  const std::vector<Line> lines = lines_of(path, "work 1");
  REQUIRE(lines.size() == written.size());
  const std::string all = io::read_text(path);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    CHECK(lines[i].text == written[i]);
    CHECK(all.compare(lines[i].offset, written[i].size(), written[i]) == 0);
  }
  io::Journal(path, "work 1").append("after the crash");
  CHECK(lines_of(path, "work 1").back().text == "after the crash");
  CHECK_THROWS_WITH(lines_of(path, "work 2"), Contains("journal of other work"));
  CHECK_THROWS_WITH(io::Journal(path, "work 2"), Contains("journal of other work"));
  CHECK_THROWS_WITH(lines_of(scratch.folder() / "none", "work 1"), Contains("cannot read"));
  io::Journal(path, "work 2", io::Journal::Start::anew).append("one");
  CHECK(lines_of(path, "work 2").size() == 1);
}

TEST_CASE("atomic file: the old content stays until the new one is whole", "[unit][io]") {
  const test::Scratch scratch;
  const std::filesystem::path path = scratch.folder() / "table.csv";
  io::write_atomic(path, "old");
  {
    io::AtomicFile file(path);
    file.append(std::string(1'000'000, 'x'));
    CHECK(io::read_text(path) == "old");
  }
  CHECK(io::read_text(path) == "old");
  CHECK(io::find_leftovers(scratch.folder()).empty());
  io::AtomicFile file(path);
  std::string expected;
  for (int i = 0; i < 50'000; ++i) {
    file.append(fmt::format("{}\n", i));
    expected += fmt::format("{}\n", i);
  }
  file.commit();
  CHECK(io::read_text(path) == expected);
  CHECK_THROWS_AS(io::AtomicFile(scratch.folder() / "none" / "file"), IoError);
  CHECK_THROWS_AS(io::AtomicFile(scratch.folder()), IoError);
}

TEST_CASE("sqlite: a database appears whole, with any names", "[unit][io]") {
  const test::Scratch scratch;
  const std::filesystem::path path = scratch.folder() / "results.sqlite";
  const std::vector<io::SqlTable> tables{
      {.name = "points",
       .columns = {"point INTEGER PRIMARY KEY", io::sql_name("a \"b\".c") + " REAL",
                   io::sql_name("it's") + " TEXT"},
       .indices = {"a \"b\".c"}}};
  const std::vector<io::SqlField> row{1LL, 0.25, std::string("text")}, gaps{2LL, {}, {}}, same{1LL, 1.0, {}};
  {
    io::SqliteFile file(path, tables);
    file.add(0, row);
  }
  CHECK_FALSE(std::filesystem::exists(path));
  io::SqliteFile file(path, tables);
  file.add(0, row);
  file.add(0, gaps);
  CHECK_THROWS_AS(file.add(0, same), IoError);  // the number of a point is there once
  file.commit();
  CHECK(io::read_text(path).substr(0, 15) == "SQLite format 3");
  CHECK(io::find_leftovers(scratch.folder()).empty());
  CHECK_THROWS_AS(io::SqliteFile(scratch.folder() / "none" / "file", tables), IoError);
}

TEST_CASE("csv: the fields of a line", "[unit][io]") {
  using Fields = std::vector<std::string>;
  CHECK(io::csv_fields("1,,\"a, \"\"b\"\"\",x y") == Fields{"1", "", "a, \"b\"", "x y"});
  CHECK(io::csv_fields("") == Fields{""});
  CHECK(io::csv_fields("1,") == Fields{"1", ""});
}
