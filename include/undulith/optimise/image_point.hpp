// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/optimise/image_model.hpp"

namespace undulith::optimise {

/// Value and derivatives of an image along a direction, per nm.
struct ImageJet {
  double value = 0, slope = 0, curvature = 0;
};

/// A point and a direction in a cell: evaluates any image of the cell there, and is the adjoint of that evaluation.
///
/// The samples carry the band of the image, so that value and derivatives are exact:
///   I(x, y) = sum_jk D_x(x - x_j) D_y(y - y_k) I_jk,   D(u) = (1 + 2 sum_{m <= max_order} cos(2 pi m u / period)) / n.
class ImagePoint {
 public:
  /// @param direction_x, direction_y  of length 1
  /// Cost O(n max_order) for each axis.
  ImagePoint(const ModelGrid& grid, double x, double y, double direction_x, double direction_y);

  /// Accuracy: rounding. Cost O(nx ny).
  [[nodiscard]] ImageJet jet(const imaging::CellSamples& image) const;
  /// Adds d_value dI + d_slope d(dI/dn) to the sensitivity of the samples of the image.
  void add_adjoint(double d_value, double d_slope, imaging::CellSamples& sensitivity) const;

 private:
  std::size_t nx_, ny_;
  double direction_x_, direction_y_;
  std::vector<double> x_, y_;  // D, D' and D'' one after the other
};

}  // namespace undulith::optimise
