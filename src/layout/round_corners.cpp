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

// Largest distance of a chord from its arc.
constexpr double kSagittaPm = 10;

/// A rounding uses at most this many radii of an edge.
constexpr double kMaxReach = 2;

// A cut at the border of the cell is rounded to the grid, so a point may be this far from its edge.
constexpr double kStraightPm = 2;

/// The ring without single points that are on an edge within rounding: no edge ends there.
GridRing without_straight_points(const GridRing& ring) {
  const std::size_t n = ring.size();
  GridRing out;
  bool dropped = false;
  for (std::size_t i = 0; i < n; ++i) {
    const GridPoint &a = ring[(i + n - 1) % n], &b = ring[i], &c = ring[(i + 1) % n];
    const double x = static_cast<double>(c.x - a.x), y = static_cast<double>(c.y - a.y);
    const double bx = static_cast<double>(b.x - a.x), by = static_cast<double>(b.y - a.y);
    const double along = bx * x + by * y, square = x * x + y * y;
    // Never drop two points in a row, so that a curve of many points stays a curve.
    dropped = !dropped && n > 3 && along > 0 && along < square &&
              std::abs(bx * y - by * x) <= kStraightPm * std::sqrt(square);
    if (!dropped) out.push_back(b);
  }
  return out;
}

/// The ring with each corner for which `rounded` holds replaced by an arc that touches both edges.
template <class Rounded>
GridRing round_ring(const GridRing& ring, double radius, Rounded rounded) {
  const std::size_t n = ring.size();
  GridRing out;
  const auto push = [&](double x, double y) {
    const GridPoint p{std::llround(x), std::llround(y)};
    if (out.empty() || out.back() != p) out.push_back(p);
  };
  for (std::size_t i = 0; i < n; ++i) {
    const GridPoint &before = ring[(i + n - 1) % n], &corner = ring[i], &after = ring[(i + 1) % n];
    const double ax = static_cast<double>(corner.x - before.x), ay = static_cast<double>(corner.y - before.y);
    const double bx = static_cast<double>(after.x - corner.x), by = static_cast<double>(after.y - corner.y);
    const double a = std::hypot(ax, ay), b = std::hypot(bx, by);
    const double turn = std::atan2(ax * by - ay * bx, ax * bx + ay * by);
    const double tangent = std::tan(std::abs(turn) / 2);
    // Each corner may use half of each edge.
    const double reach = std::min({radius * tangent, kMaxReach * radius, a / 2, b / 2});
    const double r = tangent > 0 ? reach / tangent : 0;
    // Distance of the arc from the corner.
    const double gap = r * (std::hypot(1.0, tangent) - 1);
    if (!rounded(corner) || gap <= kSagittaPm) {
      push(static_cast<double>(corner.x), static_cast<double>(corner.y));
      continue;
    }
    const double step = 2 * std::acos(std::max(0.0, 1 - kSagittaPm / r));
    const int chords = std::max(1, static_cast<int>(std::ceil(std::abs(turn) / step)));
    const double side = turn > 0 ? 1 : -1;
    // The centre is on the left of a left turn.
    const double x0 = static_cast<double>(corner.x) - reach * ax / a,
                 y0 = static_cast<double>(corner.y) - reach * ay / a;
    const double cx = x0 - side * r * ay / a, cy = y0 + side * r * ax / a;
    for (int k = 0; k <= chords; ++k) {
      const double angle = turn * k / chords, c = std::cos(angle), s = std::sin(angle);
      push(cx + c * (x0 - cx) - s * (y0 - cy), cy + s * (x0 - cx) + c * (y0 - cy));
    }
  }
  while (out.size() > 1 && out.back() == out.front()) out.pop_back();
  return out;
}

}  // namespace

Clip round_corners(const Clip& clip, double radius_nm) {
  const GridBox cell = to_pm(clip.cell);
  const double shorter_nm = std::min(clip.cell.width(), clip.cell.height());
  if (!std::isfinite(radius_nm) || radius_nm < 0 || radius_nm > shorter_nm) {
    throw InputError(
        fmt::format("corners rounded to {} nm (must be in [0, {:g}], the shorter side of the cell in nm); "
                    "reduce it",
                    radius_nm, shorter_nm));
  }
  const std::int64_t radius = to_pm(radius_nm);
  if (radius == 0) return clip;
  // An arc in the cell may belong to a corner outside it, as far as a rounding reaches, and depends on an
  // edge that extends twice as far.
  const auto margin = static_cast<std::int64_t>(3 * kMaxReach * static_cast<double>(radius)) + 10;
  const Surroundings around(clip, margin);
  PolygonUnion rounded(cell);
  for (const GridRing& ring : around.rings()) {
    // Twice: near a corner the border may cut an edge twice.
    rounded.add_signed(round_ring(without_straight_points(without_straight_points(ring)),
                                  static_cast<double>(radius),
                                  [&](const GridPoint& p) { return !around.on_rim(p); }));
  }
  Clip out = clip;
  out.rings = to_nm(rounded.rings());
  return out;
}

Clip as_made(const Clip& clip, double edge_bias_nm, double corner_rounding_nm) {
  const Clip biased = edge_bias_nm == 0 ? clip : grow(clip, edge_bias_nm);
  return corner_rounding_nm == 0 ? biased : round_corners(biased, corner_rounding_nm);
}

}  // namespace undulith::layout
