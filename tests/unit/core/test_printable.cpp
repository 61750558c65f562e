// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include "undulith/core/printable.hpp"

using undulith::printable;

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
