// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

#include "undulith/imaging/imaging.hpp"

/// Images whose metrics are known in closed form.
namespace undulith::metrology::test {

/// An image from a function that is band-limited to `order` in the cell; shown in `window` on a grid of about
/// `pitch`.
inline imaging::AerialImage image_of(const Box& cell, const Box& window, int order, double pitch_nm,
                                     const std::function<double(double, double)>& intensity) {
  const int n = 2 * order + 1;
  std::vector<double> samples;
  for (int iy = 0; iy < n; ++iy)
    for (int ix = 0; ix < n; ++ix)
      samples.push_back(intensity(cell.x0 + ix * cell.width() / n, cell.y0 + iy * cell.height() / n));
  imaging::AerialImage image;
  image.series = math::FourierSeries2D(cell, n, n, samples, order, order);
  image.window = window;
  const auto count = [pitch_nm](double length) { return static_cast<int>(std::lround(length / pitch_nm)); };
  const auto all = image.series.sample_cell(count(cell.width()), count(cell.height()));
  if (window == cell) {
    image.intensity = all;
    return image;
  }
  // The samples of the cell that fall into the window.
  Grid2D grid = all.grid();
  int first_x = 0, first_y = 0;
  while (grid.x(first_x) < window.x0) ++first_x;
  while (grid.y(first_y) < window.y0) ++first_y;
  Grid2D part{Plane::wafer, 0, 0, grid.x(first_x), grid.y(first_y), grid.dx, grid.dy};
  while (first_x + part.nx < grid.nx && grid.x(first_x + part.nx) <= window.x1) ++part.nx;
  while (first_y + part.ny < grid.ny && grid.y(first_y + part.ny) <= window.y1) ++part.ny;
  Field2D<double> inside(part);
  for (int iy = 0; iy < part.ny; ++iy)
    for (int ix = 0; ix < part.nx; ++ix) inside(iy, ix) = all(first_y + iy, first_x + ix);
  image.intensity = std::move(inside);
  return image;
}

/// A drawn rectangle.
inline layout::Polygon rectangle(double x0, double y0, double x1, double y1) {
  return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
}

}  // namespace undulith::metrology::test
