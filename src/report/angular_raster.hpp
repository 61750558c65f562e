// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "frame.hpp"

namespace undulith::report {

/// Places a map over angles on a sheet. Each sample is the centre of its cell, x and y have the same scale,
/// and angles are written in µrad or mrad, whichever gives shorter numbers.
class AngularRaster {
 public:
  /// @param side  of the longer side, canvas units
  AngularRaster(const Grid2D& grid, double side);

  [[nodiscard]] DataArea area(double left, double top) const;  ///< its range is in mrad
  /// The largest angle along an axis.
  [[nodiscard]] double reach_mrad() const;
  [[nodiscard]] const std::string& unit() const { return unit_; }
  [[nodiscard]] double unit_factor() const { return factor_; }  ///< units in a mrad

  void draw(Canvas& canvas, const DataArea& area, const std::function<Rgb(int iy, int ix)>& colour) const;
  enum class Labels { both, x_alone };
  void draw_angle_axes(Canvas& canvas, const DataArea& area, Labels labels) const;

 private:
  Grid2D grid_;
  Box range_;
  double width_ = 0, height_ = 0, factor_ = 1;
  std::string unit_;
};

}  // namespace undulith::report
