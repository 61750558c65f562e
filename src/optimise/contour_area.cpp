// SPDX-License-Identifier: MIT
#include "undulith/optimise/contour_area.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace undulith::optimise {
namespace {

struct TriangleShare {
  double share = 0;
  std::array<double, 3> d_corner{};
};

TriangleShare share_above(const std::array<double, 3>& values, double threshold) {
  std::array<std::size_t, 3> order{0, 1, 2};
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  const double lo = values[order[0]], mid = values[order[1]], hi = values[order[2]];
  TriangleShare result;
  if (threshold <= lo) {
    result.share = 1;
  } else if (threshold < hi) {
    double* d = result.d_corner.data();
    if (threshold <= mid) {
      const double t = threshold - lo, a = mid - lo, b = hi - lo, part = t * t / (a * b);
      result.share = 1 - part;
      d[order[1]] = part / a;
      d[order[2]] = part / b;
      d[order[0]] = 2 * t / (a * b) - part / a - part / b;
    } else {
      const double t = hi - threshold, a = hi - mid, b = hi - lo, part = t * t / (a * b);
      result.share = part;
      d[order[1]] = part / a;
      d[order[0]] = part / b;
      d[order[2]] = 2 * t / (a * b) - part / a - part / b;
    }
  }
  return result;
}

}  // namespace

ContourArea area_above(const Field2D<double>& samples, double threshold, const Field2D<double>& weights) {
  const int nx = samples.nx(), ny = samples.ny();
  if (!weights.empty() && (weights.nx() != nx || weights.ny() != ny))
    throw std::invalid_argument("area_above: one weight for each cell of the grid is needed");
  const double triangle_nm2 = samples.grid().dx * samples.grid().dy / 2;
  ContourArea result{0, Field2D<double>(samples.grid())};
  for (int iy = 0; iy < ny; ++iy)
    for (int ix = 0; ix < nx; ++ix) {
      const int right = (ix + 1) % nx, up = (iy + 1) % ny;
      const double a = samples(iy, ix), b = samples(iy, right), c = samples(up, ix), d = samples(up, right);
      const double area = triangle_nm2 * (weights.empty() ? 1.0 : weights(iy, ix));
      if (std::max({a, b, c, d}) <= threshold) continue;
      if (std::min({a, b, c, d}) >= threshold) {
        result.area_nm2 += 2 * area;
        continue;
      }
      // The diagonal from a to d in even cells, from b to c in odd ones.
      const bool even = (ix + iy) % 2 == 0;
      const std::array<std::array<int, 2>, 4> at{{{iy, ix}, {iy, right}, {up, ix}, {up, right}}};
      const std::array<std::array<std::size_t, 3>, 2> triangles =
          even ? std::array<std::array<std::size_t, 3>, 2>{{{0, 1, 3}, {0, 2, 3}}}
               : std::array<std::array<std::size_t, 3>, 2>{{{0, 1, 2}, {1, 2, 3}}};
      const std::array<double, 4> values{a, b, c, d};
      for (const auto& corners : triangles) {
        const TriangleShare part =
            share_above({values[corners[0]], values[corners[1]], values[corners[2]]}, threshold);
        result.area_nm2 += area * part.share;
        for (std::size_t i = 0; i < 3; ++i)
          result.d_samples(at[corners[i]][0], at[corners[i]][1]) += area * part.d_corner[i];
      }
    }
  return result;
}

}  // namespace undulith::optimise
