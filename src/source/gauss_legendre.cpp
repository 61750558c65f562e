#include "source/gauss_legendre.hpp"

#include <cmath>

#include "undulith/core/constants.hpp"

namespace undulith::source {

GaussLegendre::GaussLegendre(int n) : node(static_cast<std::size_t>(n)), weight(static_cast<std::size_t>(n)) {
  for (int i = 0; i < n; ++i) {
    // Newton's method on P_n from Tricomi's starting value.
    double x = -std::cos(constants::kPi * (i + 0.75) / (n + 0.5));
    double derivative = 1;
    for (int step = 0; step < 100; ++step) {
      double p = 1, previous = 0;
      for (int k = 1; k <= n; ++k) {
        const double next = ((2 * k - 1) * x * p - (k - 1) * previous) / k;
        previous = p;
        p = next;
      }
      derivative = n * (x * p - previous) / (x * x - 1);
      const double dx = p / derivative;
      x -= dx;
      if (std::abs(dx) < 1e-15) break;
    }
    node[static_cast<std::size_t>(i)] = 0.5 * (1 + x);
    weight[static_cast<std::size_t>(i)] = 1 / ((1 - x * x) * derivative * derivative);
  }
}

}  // namespace undulith::source
