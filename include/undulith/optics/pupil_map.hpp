// SPDX-License-Identifier: MIT
#pragma once

#include "undulith/core/grid.hpp"

namespace undulith::optics {

/// A measured map of the pupil as a function: samples at the centres of n x n cells that tile [-1, 1]^2,
/// bicubic between them. Samples outside the unit disc may be missing (NaN): the next sample inwards is
/// used.
class PupilMap {
 public:
  PupilMap() = default;
  /// @param map  on Plane::pupil, square, >= 4 samples a side, finite within the unit disc
  /// @throws InputError  otherwise; names row and column of the first bad value
  explicit PupilMap(Field2D<double> map);

  [[nodiscard]] bool empty() const { return map_.empty(); }
  /// Value at (x, y) in units of NA, x^2 + y^2 <= 1. Third order in the step.
  [[nodiscard]] double operator()(double x, double y) const;

 private:
  Field2D<double> map_;
};

}  // namespace undulith::optics
