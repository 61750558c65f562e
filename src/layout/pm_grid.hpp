// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>

#include "layout/polygon_union.hpp"
#include "undulith/layout/clip.hpp"

/// The grid of a clip: whole picometres. Values in nm are the doubles nearest to the decimals.
namespace undulith::layout {

[[nodiscard]] inline std::int64_t to_pm(double nm) {
  return std::llround(nm * 1000);
}
[[nodiscard]] inline double to_nm(std::int64_t pm) {
  return static_cast<double>(pm) / 1000;
}

/// a / b rounded down, b > 0.
[[nodiscard]] inline std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

[[nodiscard]] inline GridBox to_pm(const Box& box) {
  return {to_pm(box.x0), to_pm(box.y0), to_pm(box.x1), to_pm(box.y1)};
}
[[nodiscard]] inline Box to_nm(const GridBox& box) {
  return {to_nm(box.x0), to_nm(box.y0), to_nm(box.x1), to_nm(box.y1)};
}

[[nodiscard]] inline GridRing to_pm(const Polygon& polygon) {
  GridRing ring;
  ring.reserve(polygon.size());
  for (const Point& p : polygon) ring.push_back({to_pm(p.x), to_pm(p.y)});
  return ring;
}
[[nodiscard]] inline std::vector<Polygon> to_nm(const std::vector<GridRing>& rings) {
  std::vector<Polygon> out;
  out.reserve(rings.size());
  for (const GridRing& ring : rings) {
    Polygon& polygon = out.emplace_back();
    for (const GridPoint& p : ring) polygon.push_back({to_nm(p.x), to_nm(p.y)});
  }
  return out;
}

/// One database unit in pm; whole if it is whole within rounding (0.1 nm * 1000).
[[nodiscard]] inline double dbu_in_pm(double dbu_nm) {
  const double pm = dbu_nm * 1000;
  const double whole = std::round(pm);
  return std::abs(pm - whole) <= 1e-12 * pm ? whole : pm;
}

}  // namespace undulith::layout
