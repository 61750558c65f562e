#pragma once

#include <vector>

namespace undulith::source {

/// Nodes and weights of Gauss-Legendre quadrature on [0, 1]; n >= 1 points integrate degree 2n-1 exactly.
struct GaussLegendre {
  explicit GaussLegendre(int n);
  std::vector<double> node, weight;
};

}  // namespace undulith::source
