// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "undulith/math/gauss_legendre.hpp"

using undulith::math::GaussLegendre;

TEST_CASE("Gauss-Legendre: polynomials up to degree 2n - 1 are integrated exactly", "[validation][math]") {
  for (const int n : {1, 2, 3, 8, 16, 48, 240}) {
    const GaussLegendre rule(n);
    CHECK(rule.node.size() == static_cast<std::size_t>(n));
    double worst = 0;
    for (int degree = 0; degree < 2 * n; ++degree) {
      double sum = 0;
      for (std::size_t i = 0; i < rule.node.size(); ++i)
        sum += rule.weight[i] * std::pow(rule.node[i], degree);
      worst = std::max(worst, std::abs(sum - 1.0 / (degree + 1)));
    }
    CAPTURE(n);
    CHECK(worst < 1e-14);  // rounding of the nodes and of the sum
  }
}

TEST_CASE("Gauss-Legendre: degree 2n leaves the error of the theory", "[validation][math]") {
  // (n!)^4 / ((2n + 1) ((2n)!)^2) on [0, 1]; for n = 3: 1/2800.
  const GaussLegendre rule(3);
  double sum = 0;
  for (std::size_t i = 0; i < 3; ++i) sum += rule.weight[i] * std::pow(rule.node[i], 6);
  CHECK(1.0 / 7 - sum == Approx(1.0 / 2800));
}

TEST_CASE("Gauss-Legendre: nodes and weights of Abramowitz and Stegun, table 25.4", "[validation][math]") {
  const GaussLegendre rule(8);
  const double node[] = {0.183434642495650, 0.525532409916329, 0.796666477413627, 0.960289856497536};
  const double weight[] = {0.362683783378362, 0.313706645877887, 0.222381034453374, 0.101228536290376};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(2 * rule.node[2 * i] - 1 == Approx(node[i]).margin(1e-15));
    CHECK(1 - 2 * rule.node[2 * i + 1] == Approx(node[i]).margin(1e-15));
    CHECK(2 * rule.weight[2 * i] == Approx(weight[i]).margin(1e-15));
    CHECK(rule.weight[2 * i] == rule.weight[2 * i + 1]);
  }
}
