// SPDX-License-Identifier: MIT
#include "undulith/math/gauss_legendre.hpp"

#include <boost/math/special_functions/legendre.hpp>

namespace undulith::math {

GaussLegendre::GaussLegendre(int n) {
  const auto add = [this](double x, double slope) {
    node.push_back(0.5 * (1 + x));
    weight.push_back(1 / ((1 - x * x) * slope * slope));
  };
  for (const double x : boost::math::legendre_p_zeros<double>(n)) {  // those >= 0
    const double slope = boost::math::legendre_p_prime(n, x);
    add(x, slope);
    if (x > 0) add(-x, slope);
  }
}

}  // namespace undulith::math
