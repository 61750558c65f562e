// SPDX-License-Identifier: MIT
#include "undulith/core/decimal.hpp"

#include <catch2/catch.hpp>

using namespace undulith;

TEST_CASE("decimal: numbers are decimal, whatever they begin with", "[unit][core]") {
  CHECK(decimal_of("010") == 10.0);
  CHECK(decimal_of("+1.5") == 1.5);
  CHECK(decimal_of("-.5") == -0.5);
  CHECK(decimal_of("2.5e-1") == 0.25);
  CHECK(decimal_of("1.25D+02") == 125.0);
  CHECK(decimal_of("5e-324") == 5e-324);
  // Too small for a double is 0; too large is a fault of its own.
  CHECK(decimal_of("1e-400") == 0.0);
  CHECK(decimal_of("0." + std::string(400, '0') + "1") == 0.0);
  for (const std::string& large : {std::string("1e400"), std::string("-1e309"), std::string(400, '9')}) {
    CAPTURE(large);
    CHECK(read_decimal(large).fault == DecimalFault::too_large);
  }
  for (const char* bad : {"", "+", "-", ".", "e", "nan", "inf", "-inf", "infinity", "0x10", "1,5", "1.5nm",
                          "1 2", "+-1", "--1", "1e", "1e400x"}) {
    CAPTURE(bad);
    CHECK(read_decimal(bad).fault == DecimalFault::no_number);
  }
}

TEST_CASE("decimal: a text of a file is short and printable in a message", "[unit][core]") {
  CHECK(shown_text("a\x1b[31m\tb\x7f") == "a?[31m?b?");
  CHECK(shown_text(std::string(50, 'x')) == std::string(40, 'x') + "...");
  CHECK(shown_text("\xc2\xb5m") == "\xc2\xb5m");
  CHECK(without_blanks(" \t a b\r\n") == "a b");
  CHECK(without_blanks(" \t ").empty());
}
