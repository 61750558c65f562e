// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "undulith/core/almost_equal.hpp"

using undulith::almost_equal;

namespace {
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
}  // namespace

TEST_CASE("almost_equal: relative and absolute bounds", "[unit][core]") {
  CHECK(almost_equal(1.0, 1.0, {}));
  CHECK_FALSE(almost_equal(1.0, 1.0 + 1e-15, {}));
  CHECK(almost_equal(100.0, 100.9, {.rel = 0.01}));
  CHECK_FALSE(almost_equal(100.0, 102.0, {.rel = 0.01}));
  CHECK(almost_equal(0.0, 1e-12, {.abs = 1e-12}));
  CHECK_FALSE(almost_equal(0.0, 1e-12, {.rel = 0.5}));  // a relative bound is of no use about zero
  CHECK(almost_equal(0.0, -0.0, {}));
}

TEST_CASE("almost_equal: infinities and NaN", "[unit][core]") {
  CHECK(almost_equal(kInfinity, kInfinity, {}));
  CHECK_FALSE(almost_equal(kInfinity, -kInfinity, {.rel = 1, .abs = 1}));
  CHECK_FALSE(almost_equal(kInfinity, 1e308, {.rel = 1, .abs = kInfinity}));
  CHECK_FALSE(almost_equal(kNan, kNan, {.rel = 1, .abs = 1}));
  CHECK_FALSE(almost_equal(kNan, 0.0, {.rel = 1, .abs = kInfinity}));
}

TEST_CASE("almost_equal is symmetric", "[property][core]") {
  std::mt19937_64 engine(20240613);
  std::uniform_real_distribution<double> value(-2, 2), bound(0, 0.5);
  int equal = 0;
  for (int i = 0; i < 2000; ++i) {
    const double a = value(engine), b = value(engine);
    const undulith::Tolerance tolerance{.rel = bound(engine), .abs = bound(engine)};
    REQUIRE(almost_equal(a, b, tolerance) == almost_equal(b, a, tolerance));
    equal += almost_equal(a, b, tolerance);
  }
  CHECK(equal > 100);  // both answers occur
  CHECK(equal < 1900);
}
