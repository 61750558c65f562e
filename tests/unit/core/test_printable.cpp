// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "undulith/core/printable.hpp"

using namespace undulith;

TEST_CASE("printable: names keep their letters and lose what moves a terminal", "[unit][core]") {
  CHECK(printable("TOP$array1") == "TOP$array1");
  CHECK(printable("Gr\xC3\xBC\xC3\x9F"
                  "e \xE2\x82\xAC \xF0\x9F\x94\xAC") ==
        "Gr\xC3\xBC\xC3\x9F"
        "e \xE2\x82\xAC \xF0\x9F\x94\xAC");
  CHECK(printable("\x1b[31mRED\x1b[0m") == "\\x1b[31mRED\\x1b[0m");
  CHECK(printable("a\nb\tc\x7f") == "a\\x0ab\\x09c\\x7f");
  CHECK(printable("\xC2\x9B"
                  "2J") == "\\xc2\\x9b2J");  // CSI as one character
  CHECK(printable("\x9B"
                  "2J") == "\\x9b2J");  // CSI as one byte
  CHECK(printable("\xE2\x80\xAE"
                  "sdg") == "\\xe2\\x80\\xaesdg");  // text from right to left
  CHECK(printable("\xC0\x9B\xED\xA0\x80\xFF\xE2\x82") == "\\xc0\\x9b\\xed\\xa0\\x80\\xff\\xe2\\x82");
  CHECK(printable("").empty());
}

TEST_CASE("printable: a text of several lines keeps them", "[unit][core]") {
  CHECK(printable_lines("a\tb\nc\x1b[2J\r") == "a\tb\nc\\x1b[2J\\x0d");
}

TEST_CASE("printable: what is UTF-8", "[unit][core]") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("Z\xc3\xbcrich \xf0\x9f\x98\x80"));
  for (const char* bad :
       {"\xfc", "Z\xfcrich", "\xc3", "\xc0\x80", "\xe0\x80\x80", "\xf4\x90\x80\x80", "\xed\xa0\x80"}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(is_utf8(bad));
  }
}
