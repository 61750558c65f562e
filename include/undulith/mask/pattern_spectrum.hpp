// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <cstddef>
#include <vector>

namespace undulith::mask {

/// A pattern by Fourier coefficients of its share s(x, y): 1 inside of its polygons, 0 outside.
///
///   s(x, y) = sum_{m, n} c(m, n) exp(+2 pi i (m (x - x0)/Lx + n (y - y0)/Ly)),   c(-m, -n) = conj c(m, n)
///
/// (x0, y0) is the lower-left corner of the cell and (Lx, Ly) its size: the coefficients are the same at wafer scale and at
/// mask scale. As a gradient of a real number L: dL = Re sum conj(g(m, n)) dc(m, n), with the same symmetry.
struct PatternSpectrum {
  int max_order_x = 0, max_order_y = 0;
  std::vector<std::complex<double>> values;  ///< shape (2 max_order_y + 1, 2 max_order_x + 1), m fastest

  /// Place of order (m, n) in values, |m| <= max_order_x, |n| <= max_order_y.
  [[nodiscard]] std::size_t index(int m, int n) const {
    return static_cast<std::size_t>(n + max_order_y) * static_cast<std::size_t>(2 * max_order_x + 1) +
           static_cast<std::size_t>(m + max_order_x);
  }
};

}  // namespace undulith::mask
