// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace undulith::math {

/// Nodes and weights of Gauss-Legendre quadrature on [0, 1]: n points integrate polynomials up to degree
/// 2n - 1 exactly.
///
/// Nodes near 1/2 come first, and each is followed by its mirror image. n >= 1.
/// Accuracy: a few units of the last digit up to n = 240, the largest rule in use.
struct GaussLegendre {
  explicit GaussLegendre(int n);
  std::vector<double> node, weight;
};

}  // namespace undulith::math
