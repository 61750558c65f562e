// SPDX-License-Identifier: MIT
#include "metrology/printed_area.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace undulith::metrology {
namespace {

/// Part of a unit square above the threshold; values at its corners counter-clockwise from the lower left,
/// linear along its sides and the asymptotic decider at a saddle, as math::find_contours draws them.
double share_above(const std::array<double, 4>& v, double threshold) {
  constexpr std::array<double, 5> kX = {0, 1, 1, 0, 0}, kY = {0, 0, 1, 1, 0};
  int n_high = 0;
  for (const double value : v) n_high += value > threshold;
  if (n_high == 0 || n_high == 4) return n_high == 0 ? 0 : 1;

  const auto high = [&](int k) { return v[static_cast<std::size_t>(k & 3)] > threshold; };
  const auto fraction = [&](int k) {  // of side k, from corner k
    const double a = v[static_cast<std::size_t>(k & 3)], b = v[static_cast<std::size_t>((k + 1) & 3)];
    return (threshold - a) / (b - a);
  };
  if (n_high == 2 && high(0) == high(2)) {
    const double saddle = (v[0] * v[2] - v[1] * v[3]) / (v[0] + v[2] - v[1] - v[3]);
    const bool joined = saddle > threshold;
    // Corner triangles: of the low corners when the high ones are joined, else of the high ones.
    double corners = 0;
    for (int k = 0; k < 4; ++k)
      if (high(k) != joined) corners += fraction(k) * (1 - fraction(k + 3)) / 2;
    return joined ? 1 - corners : corners;
  }
  double twice = 0, x_first = 0, y_first = 0, x_last = 0, y_last = 0;
  bool started = false;
  const auto visit = [&](double x, double y) {
    if (started) {
      twice += x_last * y - x * y_last;
    } else {
      x_first = x, y_first = y;
      started = true;
    }
    x_last = x, y_last = y;
  };
  for (int k = 0; k < 4; ++k) {
    const auto at = static_cast<std::size_t>(k);
    if (high(k)) visit(kX[at], kY[at]);
    if (high(k) != high(k + 1)) {
      const double t = fraction(k);
      visit(kX[at] + t * (kX[at + 1] - kX[at]), kY[at] + t * (kY[at + 1] - kY[at]));
    }
  }
  return (twice + x_last * y_first - x_first * y_last) / 2;
}

/// Positions of the samples, with those of the border where it lies beyond them.
std::vector<double> with_border(double first, double step, int count, double low, double high) {
  const double negligible = 1e-9 * step;
  std::vector<double> positions;
  if (first > low + negligible) positions.push_back(low);
  for (int i = 0; i < count; ++i) positions.push_back(first + i * step);
  if (positions.back() < high - negligible) positions.push_back(high);
  return positions;
}

}  // namespace

Field2D<double> framed_intensity(const imaging::AerialImage& image) {
  const layout::PeriodicAxes periodic = layout::periodic_axes(image.series.cell(), image.window);
  Grid2D grid = image.intensity.grid();
  const int nx = grid.nx, ny = grid.ny;
  if (periodic.x) ++grid.nx;
  if (periodic.y) ++grid.ny;
  Field2D<double> framed(grid);
  const auto width = static_cast<std::size_t>(nx);
  image.intensity.visit_rows([&](int first_row, std::span<const double> rows) {
    for (std::size_t i = 0; i * width < rows.size(); ++i) {
      const int iy = first_row + static_cast<int>(i);
      std::ranges::copy(rows.subspan(i * width, width), &framed(iy, 0));
      if (periodic.x) framed(iy, nx) = framed(iy, 0);
    }
  });
  if (periodic.y)
    for (int ix = 0; ix < grid.nx; ++ix) framed(ny, ix) = framed(0, ix);
  return framed;
}

double printed_area_fraction(const imaging::AerialImage& image, const Field2D<double>& framed,
                             double threshold) {
  const Grid2D& grid = framed.grid();
  const Box& window = image.window;
  const auto xs = with_border(grid.x0, grid.dx, grid.nx, window.x0, window.x1);
  const auto ys = with_border(grid.y0, grid.dy, grid.ny, window.y0, window.y1);
  const int skip_x = xs.front() < grid.x0 ? 1 : 0, skip_y = ys.front() < grid.y0 ? 1 : 0;
  const auto sample = [&](std::size_t iy, std::size_t ix) {
    const int gx = static_cast<int>(ix) - skip_x, gy = static_cast<int>(iy) - skip_y;
    if (gx >= 0 && gx < grid.nx && gy >= 0 && gy < grid.ny) return framed(gy, gx);
    return image.series.value(xs[ix], ys[iy]);
  };
  std::vector<double> below(xs.size()), above(xs.size());
  for (std::size_t ix = 0; ix < xs.size(); ++ix) above[ix] = sample(0, ix);
  double area = 0, covered = 0;
  for (std::size_t iy = 0; iy + 1 < ys.size(); ++iy) {
    below.swap(above);
    for (std::size_t ix = 0; ix < xs.size(); ++ix) above[ix] = sample(iy + 1, ix);
    for (std::size_t ix = 0; ix + 1 < xs.size(); ++ix) {
      const double tile = (xs[ix + 1] - xs[ix]) * (ys[iy + 1] - ys[iy]);
      covered += tile;
      area += tile * share_above({below[ix], below[ix + 1], above[ix + 1], above[ix]}, threshold);
    }
  }
  return covered > 0 ? area / covered : 0;
}

}  // namespace undulith::metrology
