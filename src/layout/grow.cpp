// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "layout/pm_grid.hpp"
#include "layout/surroundings.hpp"
#include "layout/transform.hpp"
#include "undulith/core/error.hpp"
#include "undulith/layout/make_clip.hpp"

namespace undulith::layout {
namespace {

/// p + direction * distance, on the grid.
GridPoint along(GridPoint p, RealPoint direction, double distance) {
  return {p.x + std::llround(direction.x * distance), p.y + std::llround(direction.y * distance)};
}

/// The band of width `reach` along a ring: a rectangle on each edge and a mitre on each corner where the band
/// opens. `outward` = +1 on the right of the direction of travel (outside of an outer ring), -1 on its left.
template <class Take>
void sweep_edges(const GridRing& ring, double reach, int outward, Take take) {
  const std::size_t n = ring.size();
  const auto direction = [&](std::size_t i) {
    const GridPoint &a = ring[i % n], &b = ring[(i + 1) % n];
    const double x = static_cast<double>(b.x - a.x), y = static_cast<double>(b.y - a.y);
    const double length = std::hypot(x, y);
    return RealPoint{x / length, y / length};
  };
  const auto normal = [&](RealPoint d) { return RealPoint{outward * d.y, -outward * d.x}; };
  for (std::size_t i = 0; i < n; ++i) {
    const GridPoint a = ring[i], b = ring[(i + 1) % n];
    const RealPoint d1 = direction(i), d2 = direction(i + 1);
    const GridPoint b1 = along(b, normal(d1), reach), b2 = along(b, normal(d2), reach);
    take(GridRing{a, b, b1, along(a, normal(d1), reach)});
    const double cross = (d1.x * d2.y - d1.y * d2.x) * outward;
    if (cross <= 0) continue;  // the rectangles overlap here
    const double tangent = cross / std::max(1e-300, 1 + d1.x * d2.x + d1.y * d2.y);
    if (tangent <= 1 + 1e-12) {
      const RealPoint mitre{normal(d1).x + d1.x * tangent, normal(d1).y + d1.y * tangent};
      take(GridRing{b, b1, along(b, mitre, reach), b2});
    } else {
      const RealPoint first{normal(d1).x + d1.x, normal(d1).y + d1.y};
      const RealPoint second{normal(d2).x - d2.x, normal(d2).y - d2.y};
      take(GridRing{b, b1, along(b, first, reach), along(b, second, reach), b2});
    }
  }
}

}  // namespace

Clip grow(const Clip& clip, double bias_nm) {
  const GridBox cell = to_pm(clip.cell);
  const std::int64_t width = cell.x1 - cell.x0, height = cell.y1 - cell.y0;
  if (!std::isfinite(bias_nm) || std::abs(bias_nm) > to_nm(std::min(width, height))) {
    throw InputError(fmt::format("a bias of {} nm (must not exceed the cell, {} x {} nm); reduce it", bias_nm,
                                 to_nm(width), to_nm(height)));
  }
  const std::int64_t bias = to_pm(bias_nm);
  if (bias == 0) return clip;

  // The cell with its neighbours. The margin is so wide that no edge cut at the rim of the region reaches the
  // cell again: a squared corner reaches sqrt(2) * bias.
  const std::int64_t margin = 3 * std::abs(bias) / 2 + 10;
  const Surroundings around(clip, margin);
  PolygonUnion moved(cell);
  const double reach = static_cast<double>(std::abs(bias));
  for (const GridRing& ring : around.rings()) {
    moved.add_signed(ring);
    sweep_edges(ring, reach, bias > 0 ? 1 : -1, [&](const GridRing& piece) {
      if (bias > 0) {
        moved.add(piece);
      } else {
        moved.subtract(piece);
      }
    });
  }
  Clip grown = clip;
  grown.rings = to_nm(moved.rings());
  return grown;
}

}  // namespace undulith::layout
