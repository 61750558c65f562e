// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>

#include <cmath>
#include <random>

#include "resist/lane_functions.hpp"

using namespace undulith::resist;

TEST_CASE("lane functions: exponential and logarithm are those of the library", "[unit][resist]") {
  constexpr double kLastPlaces = 6.7e-16;  // three units in the last place
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> size(-40, 6.5), wide(-300, 300), near(-36, -0.5);
  for (int i = 0; i < 200000; ++i) {
    const double y = std::exp(size(random));
    REQUIRE(std::abs(exp_of_minus(y) - std::exp(-y)) <= kLastPlaces * std::exp(-y));
    for (const double s : {std::exp(wide(random)), 1 + std::exp(near(random)), 1 - std::exp(near(random))})
      REQUIRE(std::abs(log_of(s) - std::log(s)) <= kLastPlaces * std::abs(std::log(s)));
  }
  CHECK(exp_of_minus(0) == 1);
  CHECK(log_of(1) == 0);
  CHECK(exp_of_minus(1e5) == exp_of_minus(708));
  CHECK(exp_of_minus(708) > 0);
}
