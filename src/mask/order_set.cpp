// SPDX-License-Identifier: MIT
#include "mask/order_set.hpp"

#include <cmath>

namespace undulith::mask {
namespace {

// Bends the border of the hyperbolic cross, (1 + c a)(1 + c b) <= 1 + c with a, b in 0 .. 1: 0 is a diamond.
// On contacts and pillars the error at a given number of orders is flat from 1 to 4.
constexpr double kBend = 2.0;

bool within(double a, double b, OrderShape shape) {
  constexpr double kOnTheRim = 1 + 1e-9;
  switch (shape) {
    case OrderShape::hyperbolic_cross:
      return (1 + kBend * a) * (1 + kBend * b) <= (1 + kBend) * kOnTheRim;
    case OrderShape::ellipse:
      return a * a + b * b <= kOnTheRim;
    case OrderShape::rectangle:
      return a <= kOnTheRim && b <= kOnTheRim;
  }
  return false;
}

}  // namespace

OrderSet keep_orders(Variation variation, TangentialVector bloch, TangentialVector step,
                     const Truncation& truncation) {
  const bool along_x = variation == Variation::x || variation == Variation::both;
  const bool along_y = variation == Variation::y || variation == Variation::both;
  // Half an order more than asked for: 2 M + 1 orders for any Bloch vector.
  const double reach_x = along_x ? truncation.max_order_x + 0.5 : 0;
  const double reach_y = along_y ? truncation.max_order_y + 0.5 : 0;
  const double centre_x = along_x ? -bloch.x / step.x : 0, centre_y = along_y ? -bloch.y / step.y : 0;
  // A Bloch vector on the border of its zone has one order more, so that the set stays symmetric.
  constexpr double kSymmetric = 1e-9;
  const auto first = [](double centre, double reach) {
    return static_cast<int>(std::ceil(centre - reach - kSymmetric));
  };
  const auto last = [](double centre, double reach) {
    return static_cast<int>(std::floor(centre + reach + kSymmetric));
  };
  OrderSet set;
  for (int n = first(centre_y, reach_y); n <= last(centre_y, reach_y); ++n)
    for (int m = first(centre_x, reach_x); m <= last(centre_x, reach_x); ++m) {
      const double a = along_x ? std::abs(m - centre_x) / reach_x : 0;
      const double b = along_y ? std::abs(n - centre_y) / reach_y : 0;
      if (!within(a, b, truncation.shape)) continue;
      set.orders.push_back({m, n});
      set.directions.push_back({bloch.x + m * step.x, bloch.y + n * step.y});
    }
  return set;
}

}  // namespace undulith::mask
