// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "undulith/core/spelling.hpp"

using undulith::edit_distance;

TEST_CASE("spelling: distance between words", "[unit][core]") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("flaw", "lawn") == 2);
  CHECK(edit_distance("annular", "anular") == 1);
  CHECK(edit_distance("wavelenght", "wavelength") == 1);  // a swap is one slip
  CHECK(edit_distance("abc", "abc") == 0);
  CHECK(edit_distance("TaBN", "tabn") == 0);  // case is no slip
}

TEST_CASE("spelling: the distance is symmetric and obeys the triangle inequality", "[property][core]") {
  const std::vector<std::string> words = {"",      "a",        "na",       "ab",   "dose",
                                          "nodes", "focus_nm", "focus_um", "pitch"};
  for (const auto& a : words)
    for (const auto& b : words) {
      CHECK(edit_distance(a, b) == edit_distance(b, a));
      CHECK((edit_distance(a, b) == 0) == (a == b));
      for (const auto& c : words) CHECK(edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c));
    }
}
