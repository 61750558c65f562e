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
std::string error_of(std::string_view content) {
  return message_of<InputError>([&] { return read(content); });
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
  CHECK_THAT(error_of(std::string_view("a,b\n1,\0\x01 2\n", 12)),
             Contains("??"));  // nothing unprintable in a message
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
}
