// SPDX-License-Identifier: MIT
#include "undulith/layout/region_shapes.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "layout/polygon_union.hpp"

namespace undulith::layout {
namespace {

GridRing without_repeats(const GridRing& ring) {
  GridRing out;
  for (const GridPoint& p : ring) {
    if (out.empty() || out.back() != p) out.push_back(p);
  }
  while (out.size() > 1 && out.back() == out.front()) out.pop_back();
  return out;
}

/// The nearest edge to the left of a point, at the height of the point.
struct Landing {
  std::size_t ring = 0, edge = 0;
  GridPoint at{};
  bool found = false;
};

Landing to_the_left(const std::vector<GridRing>& rings, const GridPoint& from) {
  Landing best;
  double nearest = 0;
  for (std::size_t r = 0; r < rings.size(); ++r) {
    for (std::size_t i = 0; i < rings[r].size(); ++i) {
      const GridPoint &a = rings[r][i], &b = rings[r][(i + 1) % rings[r].size()];
      if ((a.y <= from.y) == (b.y <= from.y)) continue;
      const double t = static_cast<double>(from.y - a.y) / static_cast<double>(b.y - a.y);
      const double x = std::lerp(static_cast<double>(a.x), static_cast<double>(b.x), t);
      if (x > static_cast<double>(from.x) || (best.found && x <= nearest)) continue;
      nearest = x;
      best = {r, i, {std::llround(x), from.y}, true};
    }
  }
  return best;
}

void add_pieces(const GridRing& ring, std::size_t max_vertices, std::vector<GridRing>& out) {
  const GridRing clean = without_repeats(ring);
  if (clean.size() < 3 || twice_area(clean) == 0) return;
  GridBox box{clean[0].x, clean[0].y, clean[0].x, clean[0].y};
  for (const GridPoint& p : clean)
    box = {std::min(box.x0, p.x), std::min(box.y0, p.y), std::max(box.x1, p.x), std::max(box.y1, p.y)};
  const std::int64_t width = box.x1 - box.x0, height = box.y1 - box.y0;
  if (clean.size() <= max_vertices || std::max(width, height) < 2) {
    out.push_back(clean);
    return;
  }
  GridBox first = box, second = box;
  if (width >= height) {
    first.x1 = second.x0 = box.x0 + width / 2;
  } else {
    first.y1 = second.y0 = box.y0 + height / 2;
  }
  add_pieces(clip_ring(clean, first), max_vertices, out);
  add_pieces(clip_ring(clean, second), max_vertices, out);
}

}  // namespace

std::vector<Shape> region_shapes(const std::vector<Polygon>& rings, double dbu_nm, LayerId layer,
                                 std::size_t max_vertices) {
  if (!(dbu_nm > 0) || max_vertices < 4)
    throw std::invalid_argument("region_shapes: the database unit or the number of vertices is not positive");
  std::vector<GridRing> filled, holes;
  for (const Polygon& polygon : rings) {
    GridRing ring;
    for (const Point& p : polygon) ring.push_back({std::llround(p.x / dbu_nm), std::llround(p.y / dbu_nm)});
    ring = without_repeats(ring);
    if (ring.size() < 3) continue;
    const double area = twice_area(ring);
    if (area > 0) {
      filled.push_back(std::move(ring));
    } else if (area < 0) {
      std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end()), ring.end());
      holes.push_back(std::move(ring));
    }
  }
  // From left to right: to the left of a hole is the ring around it, or a hole that is part of that ring
  // already.
  std::sort(holes.begin(), holes.end());
  for (const GridRing& hole : holes) {
    const Landing landing = to_the_left(filled, hole.front());
    if (!landing.found) continue;  // a hole outside all rings
    GridRing& ring = filled[landing.ring];
    GridRing slit{landing.at};
    slit.insert(slit.end(), hole.begin(), hole.end());
    slit.insert(slit.end(), {hole.front(), landing.at});
    ring.insert(ring.begin() + static_cast<std::ptrdiff_t>(landing.edge) + 1, slit.begin(), slit.end());
  }
  std::vector<GridRing> pieces;
  for (const GridRing& ring : filled) add_pieces(ring, max_vertices, pieces);
  std::vector<Shape> shapes;
  for (const GridRing& piece : pieces) {
    Shape& shape = shapes.emplace_back(Shape{layer});
    for (const GridPoint& p : piece) shape.vertices.push_back({p.x, p.y});
  }
  return shapes;
}

}  // namespace undulith::layout
