// SPDX-License-Identifier: MIT
#include "undulith/io/csv.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "scratch.hpp"

using namespace undulith;
using namespace undulith::io;
using Catch::Matchers::Contains;
using undulith::test::message_of;
using undulith::test::Scratch;
using undulith::test::write_plain;

namespace {
CsvTable read(std::string_view content) {
  Scratch scratch;
  write_plain(scratch / "t.csv", content);
  return read_csv(scratch / "t.csv");
}
// The fault of a table all of whose columns are wanted.
std::string error_of(std::string_view content) {
  return message_of<InputError>([&] {
    const CsvTable table = read(content);
    table.require_numbers();
    return table;
  });
}
}  // namespace

TEST_CASE("csv: comments, blanks, line ends and a byte-order mark", "[unit][io]") {
  const CsvTable table =
      read("\xEF\xBB\xBF# points\r\n\r\n sigma_x , weight # header\r\n+0.5,1e-3\n-1 , 2# last\n  # end");
  CHECK(table.columns == std::vector<std::string>{"sigma_x", "weight"});
  CHECK(table.rows == std::vector<std::vector<double>>{{0.5, 1e-3}, {-1, 2}});
  CHECK(table.lines == std::vector<int>{4, 5});
  CHECK(table.column("weight") == 1);
  CHECK(table.has("sigma_x"));
  CHECK_FALSE(table.has("sigma"));
  CHECK_THAT(message_of<InputError>([&] { return table.column("s1"); }),
             Contains("no column 's1'") && Contains("sigma_x, weight"));
  CHECK(read("a,b\n").rows.empty());
}

TEST_CASE("csv: errors name the line and the reason", "[unit][io]") {
  CHECK_THAT(error_of(""), Contains("no header"));
  CHECK_THAT(error_of("# only\n\n"), Contains("no header"));
  CHECK_THAT(error_of("1,2\n3,4\n"), Contains("t.csv:1: no header"));
  CHECK_THAT(error_of("a,b\n1,2\n3\n"), Contains("t.csv:3: 1 fields") && Contains("2 columns"));
  CHECK_THAT(error_of("a,b\n1,2,3\n"), Contains("t.csv:2: 3 fields"));
  CHECK_THAT(error_of("a,b\n1,x\n"), Contains("t.csv:2: column 'b': 'x'"));
  CHECK_THAT(error_of("a,a\n1,2\n"), Contains("two columns are called 'a'"));
  CHECK_THAT(error_of("a,\n1,2\n"), Contains("has no name"));
  CHECK_THAT(error_of("a;b\n1;2\n"), Contains("commas"));
  for (const char* bad : {"", "nan", "inf", "1e999", "0x10", "1.5nm", "+-1", "1 2", "--1"}) {
    CAPTURE(bad);
    CHECK_THAT(error_of("a,b\n1," + std::string(bad) + "\n"), Contains("t.csv:2:"));
  }
  CHECK_THAT(error_of(std::string_view("a,b\n1,\0\x01 2\n", 11)),
             Contains("??"));  // nothing unprintable in a message
}

TEST_CASE("csv: a column that nobody reads may hold anything", "[unit][io]") {
  const CsvTable table =
      read("lot,cd_nm,comment\nA1,17.9,\"ok, measured twice\"\nwafer #3,,\"5\"\" wafer\"\n");
  CHECK(table.rows.at(0).at(table.column_with_gaps("cd_nm")) == 17.9);
  CHECK(std::isnan(table.rows.at(1).at(1)));
  CHECK_THAT(message_of<InputError>([&] { return table.column("cd_nm"); }),
             Contains("t.csv:3: column 'cd_nm': ''"));
  CHECK_THAT(message_of<InputError>([&] { return table.column_with_gaps("lot"); }),
             Contains("t.csv:2: column 'lot': 'A1'"));
  // Texts that are asked for keep their commas and quotes.
  const CsvTable texts = parse_csv("name,cd\n\"a,b\",1\n\"5\"\" wafer\",2\n", "t.csv",
                                   {.texts = {"name", "absent"}, .usual_columns = {}, .n_columns = {}});
  CHECK(texts.texts("name") == std::vector<std::string>{"a,b", "5\" wafer"});
  CHECK_THROWS_AS(texts.texts("absent"), InputError);
  // Within quotes '#' begins no comment; a quote that is not closed is a character.
  const CsvTable marks = parse_csv("cd,name # one per gauge\n1,\"left # top\"\n2,5\" # wafer\n3,\" # x\n",
                                   "t.csv", {.texts = {"name"}, .usual_columns = {}, .n_columns = {}});
  CHECK(marks.texts("name") == std::vector<std::string>{"left # top", "5\"", "\""});
}

TEST_CASE("csv: tabs and blanks separate where the header has no comma", "[unit][io]") {
  const std::vector<std::vector<double>> rows{{1, 2}, {3, 4}};
  CHECK(read("a b\n1 2\n 3   4\n").rows == rows);
  CHECK(read("a\tb\r\n1\t2\r\n3\t 4\r\n").rows == rows);
  CHECK(read("a, b\n 1  2\n 3\t4\n").rows == rows);
  // A tab at the end of a line stands for an empty field, as spreadsheets write it.
  CHECK(std::isnan(read("a\tb\n1\t\n").rows.at(0).at(1)));
  // Without a header only where the reader knows what the columns are.
  const CsvOptions points{.texts = {}, .usual_columns = {"x", "y", "weight", "s1"}, .n_columns = {3, 4}};
  const CsvTable table = parse_csv("0.7 0 1\n-0.7 0 1\n", "t.txt", points);
  CHECK(table.columns == std::vector<std::string>{"x", "y", "weight"});
  CHECK(table.rows == std::vector<std::vector<double>>{{0.7, 0, 1}, {-0.7, 0, 1}});
  CHECK(table.lines == std::vector<int>{1, 2});
  CHECK_THAT(message_of<InputError>([&] { return parse_csv("1,2\n", "t.txt", points); }),
             Contains("t.txt:1: no header") && Contains("2 of them, not 3 or 4"));
}

TEST_CASE("csv: numbers read back to the same double", "[property][io]") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    const auto bits = random();
    double value = 0;
    static_assert(sizeof value == sizeof bits);
    std::memcpy(&value, &bits, sizeof value);
    if ((bits >> 52 & 0x7ff) == 0x7ff) continue;  // infinities and NaN
    CHECK(read("a\n" + format_number(value) + "\n").rows.at(0).at(0) == value);
  }
  CHECK(format_number(0.1) == "0.1");
  CHECK(format_number(13.5) == "13.5");
  CHECK(format_number(-0.0) == "-0");
  CHECK(format_number(std::numeric_limits<double>::denorm_min()) == "5e-324");
}

TEST_CASE("csv: texts are quoted where they must be", "[unit][io]") {
  CHECK(format_text("line 3") == "line 3");
  CHECK(format_text("") == "");
  CHECK(format_text("a,b") == "\"a,b\"");
  CHECK(format_text("5\" wafer") == "\"5\"\" wafer\"");
  CHECK(format_text("two\nlines") == "\"two\nlines\"");
  CHECK(format_text("wafer #3") == "\"wafer #3\"");
  CHECK(format_text(" left") == "\" left\"");
}
