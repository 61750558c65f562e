// SPDX-License-Identifier: MIT
#include "undulith/report/colour_map.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace undulith::report;

namespace {
// Eight bits a channel move the lightness by at most half a step of each channel: about 0.2 in L*.
constexpr double kRounding = 0.25;
}  // namespace

TEST_CASE("colour maps: lightness grows by equal steps", "[unit][report]") {
  for (const auto& [map, low, high] :
       {std::tuple{ColourMap::violet_yellow, 16.0, 91.0}, {ColourMap::blue_yellow, 14.0, 91.0}}) {
    for (int i = 0; i <= 200; ++i) {
      const double t = i / 200.0;
      CAPTURE(t);
      CHECK(lightness(colour_of(map, t)) == Approx(low + (high - low) * t).margin(kRounding));
    }
  }
}

TEST_CASE("colour maps: differences are symmetric about white", "[unit][report]") {
  const Rgb middle = colour_of(ColourMap::blue_orange, 0.5);
  CHECK(lightness(middle) == Approx(97).margin(kRounding));
  CHECK(middle.red == middle.green);
  for (int i = 1; i <= 50; ++i) {
    const double s = i / 100.0;
    const Rgb low = colour_of(ColourMap::blue_orange, 0.5 - s),
              high = colour_of(ColourMap::blue_orange, 0.5 + s);
    CHECK(lightness(low) == Approx(lightness(high)).margin(2 * kRounding));
    CHECK(lightness(low) == Approx(97 - 110 * s).margin(kRounding));
    CHECK(low.blue >= low.red);
    CHECK(high.red >= high.blue);
  }
}

TEST_CASE("colour maps: ends hold, and what is no number is grey", "[unit][report]") {
  for (const ColourMap map : {ColourMap::violet_yellow, ColourMap::blue_yellow, ColourMap::blue_orange}) {
    CHECK(colour_of(map, -3) == colour_of(map, 0));
    CHECK(colour_of(map, std::numeric_limits<double>::infinity()) == colour_of(map, 1));
    CHECK(colour_of(map, std::numeric_limits<double>::quiet_NaN()) == Rgb{128, 128, 128});
  }
  CHECK(lightness({0, 0, 0}) == 0);
  CHECK(lightness({255, 255, 255}) == Approx(100).margin(1e-4));
  // CIE: sRGB (119, 119, 119) is the grey of L* = 50.
  CHECK(lightness({119, 119, 119}) == Approx(50).margin(0.1));
}
