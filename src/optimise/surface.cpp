// SPDX-License-Identifier: MIT
#include "optimise/surface.hpp"

#include <cmath>

namespace undulith::optimise {
namespace {

double cubic(double distance) {
  const double d = std::abs(distance);
  if (d < 1) return 2.0 / 3 - d * d + d * d * d / 2;
  return d < 2 ? (2 - d) * (2 - d) * (2 - d) / 6 : 0;
}

void add_row(float weight, const float* from, float* to, int n) {
  for (int i = 0; i < n; ++i) to[i] += weight * from[i];
}

}  // namespace

SurfaceSampling::Axis::Axis(int knots, int pixels) : n_knots(knots) {
  for (int i = 0; i < pixels; ++i) {
    const double at = (i + 0.5) * knots / pixels - 0.5;  // in knots
    const int base = static_cast<int>(std::floor(at)) - 1;
    first.push_back(base);
    for (int k = 0; k < 4; ++k) weights.push_back(static_cast<float>(cubic(at - base - k)));
  }
}

SurfaceSampling::SurfaceSampling(int knots_x, int knots_y, int nx, int ny)
    : x_(knots_x, nx), y_(knots_y, ny) {}

Pixels SurfaceSampling::sample(const Pixels& knots) const {
  const int nx = static_cast<int>(x_.first.size()), ny = static_cast<int>(y_.first.size());
  Pixels wide(nx, knots.ny);
  for (int j = 0; j < knots.ny; ++j)
    for (std::size_t i = 0; i < x_.first.size(); ++i) {
      float sum = 0;
      for (int k = 0; k < 4; ++k)
        sum += x_.weights[4 * i + static_cast<std::size_t>(k)] * knots(x_.knot(i, k), j);
      wide.values[wide.place(static_cast<int>(i), j)] = sum;
    }
  Pixels phi(nx, ny);
  for (std::size_t i = 0; i < y_.first.size(); ++i)
    for (int k = 0; k < 4; ++k)
      add_row(y_.weights[4 * i + static_cast<std::size_t>(k)], &wide.values[wide.place(0, y_.knot(i, k))],
              &phi.values[phi.place(0, static_cast<int>(i))], nx);
  return phi;
}

Pixels SurfaceSampling::gather(const Pixels& d_phi) const {
  Pixels wide(d_phi.nx, y_.n_knots);
  for (std::size_t i = 0; i < y_.first.size(); ++i)
    for (int k = 0; k < 4; ++k)
      add_row(y_.weights[4 * i + static_cast<std::size_t>(k)],
              &d_phi.values[d_phi.place(0, static_cast<int>(i))], &wide.values[wide.place(0, y_.knot(i, k))],
              d_phi.nx);
  Pixels d_knots(x_.n_knots, y_.n_knots);
  for (int j = 0; j < d_knots.ny; ++j)
    for (std::size_t i = 0; i < x_.first.size(); ++i) {
      const float value = wide.values[wide.place(static_cast<int>(i), j)];
      for (int k = 0; k < 4; ++k)
        d_knots(x_.knot(i, k), j) += x_.weights[4 * i + static_cast<std::size_t>(k)] * value;
    }
  return d_knots;
}

}  // namespace undulith::optimise
