// SPDX-License-Identifier: MIT
#pragma once

#include "optimise/pixels.hpp"

namespace undulith::optimise {

/// A smooth periodic function over a cell, whose zero level is the edge of a free mask: cubic B-splines on knots
///
///   phi(x, y) = sum_ij a_ij B(x / s_x - i - 1/2) B(y / s_y - j - 1/2),   s = cell / knots
///
/// Its features are no finer than about a knot. The knots and every grid of pixels are symmetric to the middle of the
/// cell, so that a mirrored problem has the mirrored solution.
class SurfaceSampling {
 public:
  /// @param knots_x, knots_y  >= 4    @param nx, ny  pixels of the cell
  SurfaceSampling(int knots_x, int knots_y, int nx, int ny);

  /// phi at the middle of every pixel. Cost 8 operations per pixel.
  [[nodiscard]] Pixels sample(const Pixels& knots) const;
  /// The adjoint: from dL/dphi at the pixels to dL/da.
  [[nodiscard]] Pixels gather(const Pixels& d_phi) const;

 private:
  /// The four knots around the middle of each pixel.
  struct Axis {
    Axis(int knots, int pixels);
    int n_knots;
    std::vector<int> first;      ///< may be negative: knots repeat
    std::vector<float> weights;  ///< four per pixel
    [[nodiscard]] int knot(std::size_t pixel, int k) const { return (first[pixel] + k + n_knots) % n_knots; }
  };
  Axis x_, y_;
};

}  // namespace undulith::optimise
