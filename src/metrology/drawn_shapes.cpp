// SPDX-License-Identifier: MIT
#include "metrology/drawn_shapes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace undulith::metrology {
namespace {

using layout::Point;

/// Appends where the line passes the edges of a ring that is moved by `shift`. A vertex on the line belongs
/// to its left side, so that the number of crossings of a closed ring is even whatever the line touches.
void append_crossings(const layout::Polygon& polygon, int ring, Point shift, const Line& line,
                      std::vector<Crossing>& crossings) {
  const Point u = line.direction;
  const auto side = [&](const Point& p) {
    return u.x * (p.y + shift.y - line.origin.y) - u.y * (p.x + shift.x - line.origin.x);
  };
  const auto along = [&](const Point& p) {
    return u.x * (p.x + shift.x - line.origin.x) + u.y * (p.y + shift.y - line.origin.y);
  };
  const std::size_t n = polygon.size();
  for (std::size_t i = 0; i < n; ++i) {
    const Point &a = polygon[i], &b = polygon[(i + 1) % n];
    const double side_a = side(a), side_b = side(b);
    if ((side_a >= 0) == (side_b >= 0)) continue;
    const double t = side_a / (side_a - side_b);
    crossings.push_back({along(a) + t * (along(b) - along(a)), ring, static_cast<int>(i), shift});
  }
}

}  // namespace

DrawnShapes::DrawnShapes(const layout::Clip& clip) : clip_(clip) {
  boxes_.reserve(clip.rings.size());
  for (const auto& ring : clip.rings) {
    Box box;
    if (!ring.empty()) box = {ring[0].x, ring[0].y, ring[0].x, ring[0].y};
    for (const Point& p : ring)
      box = {std::min(box.x0, p.x), std::min(box.y0, p.y), std::max(box.x1, p.x), std::max(box.y1, p.y)};
    boxes_.push_back(box);
  }
}

std::vector<DrawnInterval> DrawnShapes::along(const Line& line, double s_min, double s_max) const {
  const Point a = line.at(s_min), b = line.at(s_max);
  const double x0 = std::min(a.x, b.x) - kSameEdgeNm, x1 = std::max(a.x, b.x) + kSameEdgeNm;
  const double y0 = std::min(a.y, b.y) - kSameEdgeNm, y1 = std::max(a.y, b.y) + kSameEdgeNm;
  const double period_x = clip_.cell.width(), period_y = clip_.cell.height();

  // A ring copy that is left out has no crossing between s_min and s_max, and an even number on either side;
  // so the crossings of the others tell inside from outside on the whole stretch.
  std::vector<Crossing> crossings;
  for (std::size_t r = 0; r < clip_.rings.size(); ++r) {
    const Box& box = boxes_[r];
    for (double i = std::ceil((x0 - box.x1) / period_x); i <= std::floor((x1 - box.x0) / period_x); ++i)
      for (double j = std::ceil((y0 - box.y1) / period_y); j <= std::floor((y1 - box.y0) / period_y); ++j)
        append_crossings(clip_.rings[r], static_cast<int>(r), {i * period_x, j * period_y}, line, crossings);
  }
  std::sort(crossings.begin(), crossings.end(),
            [](const Crossing& p, const Crossing& q) { return p.s < q.s; });

  std::vector<DrawnInterval> intervals;
  for (std::size_t k = 0; k + 1 < crossings.size(); k += 2) {
    if (!intervals.empty() && crossings[k].s - intervals.back().to.s <= kSameEdgeNm)
      intervals.back().to = crossings[k + 1];
    else
      intervals.push_back({crossings[k], crossings[k + 1]});
  }
  std::erase_if(intervals, [&](const DrawnInterval& interval) {
    return interval.to.s - interval.from.s <= kSameEdgeNm || interval.to.s < s_min || interval.from.s > s_max;
  });
  return intervals;
}

}  // namespace undulith::metrology
