// SPDX-License-Identifier: MIT
#include "optimise/free_mask.hpp"

#include <algorithm>
#include <cmath>

#include "undulith/layout/coverage.hpp"
#include "undulith/math/pixel_products.hpp"

namespace undulith::optimise {
namespace {

// Share of each pixel on the positive side of the zero level: half plus the distance of its middle from the level in
// pixels. Only an edge within three quarters of a pixel moves the share.
void sharp_shares(const Pixels& phi, Shares& result) {
  constexpr float kFlat = 1e-5F, kReach = 0.75F;
  for (int y = 0; y < phi.ny; ++y) {
    const int below = y > 0 ? y - 1 : phi.ny - 1, above = y + 1 < phi.ny ? y + 1 : 0;
    for (int x = 0; x < phi.nx; ++x) {
      const int left = x > 0 ? x - 1 : phi.nx - 1, right = x + 1 < phi.nx ? x + 1 : 0;
      const float gx = phi(right, y) - phi(left, y), gy = phi(x, above) - phi(x, below);
      const float gradient = std::sqrt(gx * gx + gy * gy) / 2 + kFlat;
      const float distance = phi(x, y) / gradient;
      result.share(x, y) = std::clamp(0.5F + distance, 0.F, 1.F);
      result.slope(x, y) = std::abs(distance) < kReach ? 1 / gradient : 0;
    }
  }
}

void soft_shares(const Pixels& phi, float steepness, Shares& result) {
  for (std::size_t i = 0; i < phi.values.size(); ++i) result.share.values[i] = steepness * phi.values[i];
  math::logistic(result.share.values, result.share.values);
  for (std::size_t i = 0; i < phi.values.size(); ++i) {
    const float share = result.share.values[i];
    result.slope.values[i] = steepness * share * (1 - share);
  }
}

// Squared distance, in pixels, to the nearest pixel of the set, up to `reach` pixels along each axis.
Pixels squared_distance(const PixelSet& set, int reach) {
  const float far = static_cast<float>(reach);
  Pixels along(set.nx, set.ny, far), result(set.nx, set.ny, 2 * far * far);
  for (int x = 0; x < set.nx; ++x) {
    float last = far;
    for (int y = 0; y < set.ny; ++y) along(x, y) = last = set(x, y) != 0 ? 0 : std::min(last + 1, far);
    last = far;
    for (int y = set.ny - 1; y >= 0; --y) {
      last = std::min(along(x, y), last + 1);
      along(x, y) = last;
    }
  }
  for (int y = 0; y < set.ny; ++y)
    for (int x = 0; x < set.nx; ++x)
      for (int u = std::max(0, x - reach); u <= std::min(set.nx - 1, x + reach); ++u) {
        const float dx = static_cast<float>(u - x), dy = along(u, y);
        result(x, y) = std::min(result(x, y), dx * dx + dy * dy);
      }
  return result;
}

PixelSet inside(const Pixels& share) {
  PixelSet set(share.nx, share.ny);
  for (std::size_t i = 0; i < share.values.size(); ++i) set.values[i] = share.values[i] >= 0.5F;
  return set;
}

}  // namespace

FreeMask::FreeMask(int knots_x, int knots_y, PixelSet free, Pixels drawn)
    : surface_(knots_x, knots_y, drawn.nx, drawn.ny), free_(std::move(free)), drawn_(std::move(drawn)) {}

Shares FreeMask::shares(const Pixels& knots, Edge edge, double steepness) const {
  const Pixels phi = surface_.sample(knots);
  Shares result{Pixels(phi.nx, phi.ny), Pixels(phi.nx, phi.ny)};
  switch (edge) {
    case Edge::soft:
      soft_shares(phi, static_cast<float>(steepness), result);
      break;
    case Edge::sharp:
      sharp_shares(phi, result);
      break;
  }
  for (std::size_t i = 0; i < phi.values.size(); ++i)
    if (free_.values[i] == 0) {
      result.share.values[i] = drawn_.values[i];
      result.slope.values[i] = 0;
    }
  return result;
}

Pixels FreeMask::knot_gradient(const Pixels& d_share, const Shares& shares) const {
  Pixels d_phi = shares.slope;
  for (std::size_t i = 0; i < d_phi.values.size(); ++i) d_phi.values[i] *= d_share.values[i];
  return surface_.gather(d_phi);
}

PixelSet FreeMask::shapes(const Pixels& knots) const {
  const Pixels phi = surface_.sample(knots);
  PixelSet set(phi.nx, phi.ny);
  for (std::size_t i = 0; i < phi.values.size(); ++i)
    set.values[i] = free_.values[i] != 0 ? phi.values[i] >= 0 : drawn_.values[i] >= 0.5F;
  return set;
}

PixelSet free_pixels(const layout::Clip& drawn, const Pixels& share, double reach_nm, double border_nm) {
  const double pixel_x = drawn.cell.width() / share.nx, pixel_y = drawn.cell.height() / share.ny;
  const double reach = reach_nm / std::min(pixel_x, pixel_y);
  PixelSet near(share.nx, share.ny, 1);
  if (reach < std::hypot(share.nx, share.ny)) {
    const Pixels distance = squared_distance(inside(share), static_cast<int>(std::ceil(reach)) + 1);
    for (std::size_t i = 0; i < near.values.size(); ++i)
      near.values[i] = static_cast<double>(distance.values[i]) <= reach * reach;
  }
  const Box& cell = drawn.cell;
  const Box& window = drawn.window;
  for (int y = 0; y < share.ny; ++y)
    for (int x = 0; x < share.nx; ++x) {
      const double at_x = cell.x0 + (x + 0.5) * pixel_x, at_y = cell.y0 + (y + 0.5) * pixel_y;
      const bool in_window = at_x > window.x0 && at_x < window.x1 && at_y > window.y0 && at_y < window.y1;
      const bool at_border = at_x < cell.x0 + border_nm || at_x > cell.x1 - border_nm ||
                             at_y < cell.y0 + border_nm || at_y > cell.y1 - border_nm;
      if (!in_window || at_border) near(x, y) = 0;
    }
  return near;
}

Pixels distance_surface(const Pixels& share, double pixel_nm, double scale_nm, double outside, double within,
                        int knots_x, int knots_y) {
  const PixelSet set = inside(share);
  const int reach = static_cast<int>(std::ceil(scale_nm * std::max(outside, within) / pixel_nm)) + 1;
  const Pixels to_shape = squared_distance(set, reach), to_gap = squared_distance(complement(set), reach);
  const auto distance = [&](int x, int y) {
    return std::sqrt(static_cast<double>(to_gap(x, y))) - std::sqrt(static_cast<double>(to_shape(x, y)));
  };
  // The pixels on both sides of a place, so that a mirrored drawing has the mirrored surface.
  const auto beside = [](int knot, int knots, int n) {
    const double at = (knot + 0.5) * n / knots - 0.5;
    return std::pair(static_cast<int>(std::floor(at)), static_cast<int>(std::ceil(at)));
  };
  Pixels knots(knots_x, knots_y);
  for (int j = 0; j < knots_y; ++j)
    for (int i = 0; i < knots_x; ++i) {
      const auto [x0, x1] = beside(i, knots_x, share.nx);
      const auto [y0, y1] = beside(j, knots_y, share.ny);
      const double mean = ((distance(x0, y0) + distance(x1, y1)) + (distance(x0, y1) + distance(x1, y0))) / 4;
      knots(i, j) = static_cast<float>(std::clamp(mean * pixel_nm / scale_nm, -outside, within));
    }
  return knots;
}

Pixels drawn_share(const layout::Clip& clip, int nx, int ny) {
  const Field2D<double> coverage = layout::coverage(clip.rings, clip.cell, nx, ny);
  Pixels share(nx, ny);
  std::ranges::transform(coverage.values(), share.values.begin(),
                         [](double v) { return static_cast<float>(v); });
  return share;
}

}  // namespace undulith::optimise
