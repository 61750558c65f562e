// SPDX-License-Identifier: MIT
#include "undulith/optics/pupil_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "undulith/core/error.hpp"

namespace undulith::optics {
namespace {

constexpr int kSmallest = 4;  // samples per side that a cubic needs

// Weights of the four samples about a point at `t` between the middle two (Keys, a = -1/2).
std::array<double, 4> cubic_weights(double t) {
  const double t2 = t * t, t3 = t2 * t;
  return {0.5 * (-t3 + 2 * t2 - t), 0.5 * (3 * t3 - 5 * t2 + 2), 0.5 * (-3 * t3 + 4 * t2 + t),
          0.5 * (t3 - t2)};
}

// Missing samples outside the disc take the value of the nearest valid sample.
void fill_missing(Field2D<double>& map) {
  const Grid2D& grid = map.grid();
  std::vector<std::array<int, 2>> missing;
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix)
      if (!std::isfinite(map(iy, ix))) missing.push_back({iy, ix});
  std::vector<double> values;
  for (const auto& [iy, ix] : missing) {
    // There is one inwards along the radius.
    double nearest = 0;
    for (double scale = 1; scale > 0; scale -= 0.25 / grid.nx) {
      const int jy = static_cast<int>(std::lround((grid.y(iy) * scale - grid.y0) / grid.dy)),
                jx = static_cast<int>(std::lround((grid.x(ix) * scale - grid.x0) / grid.dx));
      if (!std::isfinite(map(jy, jx))) continue;
      nearest = map(jy, jx);
      break;
    }
    values.push_back(nearest);
  }
  for (std::size_t i = 0; i < missing.size(); ++i) map(missing[i][0], missing[i][1]) = values[i];
}

}  // namespace

PupilMap::PupilMap(Field2D<double> map) : map_(std::move(map)) {
  const Grid2D& grid = map_.grid();
  if (grid.plane != Plane::pupil || grid.nx != grid.ny || grid.nx < kSmallest)
    throw InputError(fmt::format(
        "the pupil map has {} x {} samples (must be square, {} or more per side, over the pupil from -1 to "
        "1); crop or resample it",
        grid.nx, grid.ny, kSmallest));
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix)
      if (!std::isfinite(map_(iy, ix)) && std::hypot(grid.x(ix), grid.y(iy)) <= 1)
        throw InputError(fmt::format(
            "the pupil map has no number in row {}, column {} (counted from 0; within the pupil every "
            "value must be finite); fill the gap",
            iy, ix));
  fill_missing(map_);
}

double PupilMap::operator()(double x, double y) const {
  const Grid2D& grid = map_.grid();
  const double u = (x - grid.x0) / grid.dx, v = (y - grid.y0) / grid.dy;
  const int ix = std::clamp(static_cast<int>(std::floor(u)), 0, grid.nx - 2),
            iy = std::clamp(static_cast<int>(std::floor(v)), 0, grid.ny - 2);
  const auto wx = cubic_weights(u - ix), wy = cubic_weights(v - iy);
  // Beyond the border the map is extended linearly, which keeps planes and the order of the interpolation.
  const auto row = [&](int j) {
    const auto at = [&](int i) {
      if (i < 0) return 2 * map_(j, 0) - map_(j, 1);
      if (i >= grid.nx) return 2 * map_(j, grid.nx - 1) - map_(j, grid.nx - 2);
      return map_(j, i);
    };
    return wx[0] * at(ix - 1) + wx[1] * at(ix) + wx[2] * at(ix + 1) + wx[3] * at(ix + 2);
  };
  const auto line = [&](int j) {
    if (j < 0) return 2 * row(0) - row(1);
    if (j >= grid.ny) return 2 * row(grid.ny - 1) - row(grid.ny - 2);
    return row(j);
  };
  return wy[0] * line(iy - 1) + wy[1] * line(iy) + wy[2] * line(iy + 1) + wy[3] * line(iy + 2);
}

}  // namespace undulith::optics
