// SPDX-License-Identifier: MIT
#pragma once

#include <complex>
#include <vector>

#include "mask/modal_system.hpp"
#include "mask/order_set.hpp"

namespace undulith::mask {

/// Exact Fourier coefficients of the characteristic function of a layer's polygons, all differences of
/// orders.
class PatternCoefficients {
 public:
  PatternCoefficients(const std::vector<layout::Polygon>& polygons, const Box& cell, int max_x, int max_y);
  /// |m| <= max_x, |n| <= max_y
  [[nodiscard]] std::complex<double> operator()(int m, int n) const;
  [[nodiscard]] int max_x() const { return max_x_; }
  [[nodiscard]] int max_y() const { return max_y_; }
  /// The same polygons with their origin moved, in shares of the period.
  [[nodiscard]] PatternCoefficients moved_origin(double x, double y) const;
  /// No coefficient but that of order (0, 0), which is 0 or 1.
  [[nodiscard]] bool flat() const;

 private:
  int max_x_, max_y_;
  std::vector<std::complex<double>> values_;  ///< shape (max_y + 1, 2 max_x + 1)
};

/// Along which axes any of the layers changes.
[[nodiscard]] Variation variation_of(const MaskGeometry& geometry);

/// Matrix of the function that is `outside` and `inside` of a pattern, between orders.
[[nodiscard]] Matrix toeplitz(const PatternCoefficients& pattern, const OrderSet& set,
                              std::complex<double> outside, std::complex<double> inside);

}  // namespace undulith::mask
