// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/grid.hpp"
#include "undulith/math/fourier_series.hpp"
#include "undulith/optimise/image_point.hpp"

namespace undulith::optimise {

/// An image on a fine grid over its cell: value and derivatives anywhere, at a cost that does not grow with the cell.
///
/// Polynomials through 12 x 12 samples, a twelfth of the shortest period of the image apart.
/// Accuracy: 3e-8 of an order at the end of the band, 1e-11 of one at half of it. Cost: once a transform of the fine grid, then
/// some 500 products per point.
class FineImage {
 public:
  FineImage(const ModelGrid& grid, const imaging::CellSamples& image);
  explicit FineImage(const math::FourierSeries2D& series);

  /// @param direction_x, direction_y  of length 1, of slope and curvature
  [[nodiscard]] ImageJet jet(double x, double y, double direction_x, double direction_y) const;
  [[nodiscard]] double shortest_period_nm() const { return shortest_period_nm_; }

 private:
  Box cell_;
  double shortest_period_nm_ = 0;
  Field2D<double> samples_;
};

}  // namespace undulith::optimise
