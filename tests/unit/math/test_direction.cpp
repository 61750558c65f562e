// SPDX-License-Identifier: MIT
#include "undulith/math/direction.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

using undulith::math::direction_of;

TEST_CASE("direction: right angles are exact", "[unit][math]") {
  constexpr std::array<double, 4> kCosine = {1, 0, -1, 0};
  for (int turns = -8; turns <= 8; ++turns) {
    const auto quarter = static_cast<std::size_t>(turns + 8) % 4;
    CAPTURE(turns);
    CHECK(direction_of(90.0 * turns).x == kCosine[quarter]);
    CHECK(direction_of(90.0 * turns).y == kCosine[(quarter + 3) % 4]);
  }
}

TEST_CASE("direction: cosine and sine of any angle", "[unit][math]") {
  const double rounding = 1e-15;  // of the angle in rad, up to pi
  for (double angle_deg = -400; angle_deg < 400; angle_deg += 12.34) {
    const double angle = std::remainder(angle_deg, 360.0) * std::numbers::pi / 180;
    CHECK(std::abs(direction_of(angle_deg).x - std::cos(angle)) < rounding);
    CHECK(std::abs(direction_of(angle_deg).y - std::sin(angle)) < rounding);
  }
  CHECK(std::isfinite(direction_of(1e300).x));
}
