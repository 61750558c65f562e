// SPDX-License-Identifier: MIT
#include "angular_raster.hpp"

#include <algorithm>
#include <cmath>

namespace undulith::report {

AngularRaster::AngularRaster(const Grid2D& grid, double side)
    : grid_(grid),
      range_{grid.x(0) - grid.dx / 2, grid.y(0) - grid.dy / 2, grid.x(grid.nx - 1) + grid.dx / 2,
             grid.y(grid.ny - 1) + grid.dy / 2} {
  constexpr double kThinnest = 0.2;  // a flatter map is drawn stretched in y
  const double aspect = range_.width() / range_.height();
  width_ = aspect >= 1 ? side : side * std::max(aspect, kThinnest);
  height_ = aspect >= 1 ? side / std::min(aspect, 1 / kThinnest) : side;
  const bool micro = reach_mrad() < 1;
  factor_ = micro ? 1e3 : 1;
  unit_ = micro ? "µrad" : "mrad";
}

double AngularRaster::reach_mrad() const {
  return std::max({std::abs(range_.x0), std::abs(range_.x1), std::abs(range_.y0), std::abs(range_.y1)});
}

DataArea AngularRaster::area(double left, double top) const {
  return {static_cast<int>(left) * kPixelsPerUnit, static_cast<int>(top) * kPixelsPerUnit,
          std::max(2, static_cast<int>(width_ * kPixelsPerUnit)),
          std::max(2, static_cast<int>(height_ * kPixelsPerUnit)), range_};
}

void AngularRaster::draw(Canvas& canvas, const DataArea& area,
                         const std::function<Rgb(int iy, int ix)>& colour) const {
  const auto sample = [](double value, double start, double step, int n) {
    return std::clamp(static_cast<int>(std::floor((value - start) / step)), 0, n - 1);
  };
  canvas.raster(area.left, area.top, area.width, area.height, [&](int row, int column) {
    return colour(sample(area.value_y(row), range_.y0, grid_.dy, grid_.ny),
                  sample(area.value_x(column), range_.x0, grid_.dx, grid_.nx));
  });
}

void AngularRaster::draw_angle_axes(Canvas& canvas, const DataArea& area, Labels labels) const {
  DataArea shown = area;
  shown.range = {factor_ * area.range.x0, factor_ * area.range.y0, factor_ * area.range.x1,
                 factor_ * area.range.y1};
  draw_axes(canvas, shown, "θx (" + unit_ + ")", labels == Labels::both ? "θy (" + unit_ + ")" : "");
}

}  // namespace undulith::report
