// SPDX-License-Identifier: MIT
#include "metrology/drawn_shapes.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace undulith::metrology {
namespace {

using layout::Point;

constexpr std::size_t kManyVertices = 64;  ///< above which a ring has slabs

std::vector<Box> boxes_of(const layout::Clip& clip) {
  std::vector<Box> boxes;
  boxes.reserve(clip.rings.size());
  for (const auto& ring : clip.rings) {
    Box box;
    if (!ring.empty()) box = {ring[0].x, ring[0].y, ring[0].x, ring[0].y};
    for (const Point& p : ring)
      box = {std::min(box.x0, p.x), std::min(box.y0, p.y), std::max(box.x1, p.x), std::max(box.y1, p.y)};
    boxes.push_back(box);
  }
  return boxes;
}

/// Where a line passes the edges of a ring that is moved by `shift`. A vertex on the line belongs to its left
/// side, so that the number of crossings of a closed ring is even whatever the line touches.
class RingCrossings {
 public:
  RingCrossings(const layout::Polygon& polygon, int ring, Point shift, const Line& line)
      : polygon_(polygon), ring_(ring), shift_(shift), line_(line) {}

  void append_all(std::vector<Crossing>& crossings) const {
    for (std::size_t i = 0; i < polygon_.size(); ++i) append(i, crossings);
  }
  /// Those near a line along an axis, in the same order.
  void append_near(const RingSlabs& slabs, std::vector<Crossing>& crossings) const {
    const auto edges = line_.direction.x == 0 ? slabs.across_x(line_.origin.x - shift_.x)
                                              : slabs.across_y(line_.origin.y - shift_.y);
    for (const std::size_t i : edges) append(i, crossings);
  }

 private:
  [[nodiscard]] double side(const Point& p) const {
    const Point u = line_.direction;
    return u.x * (p.y + shift_.y - line_.origin.y) - u.y * (p.x + shift_.x - line_.origin.x);
  }
  [[nodiscard]] double along(const Point& p) const {
    const Point u = line_.direction;
    return u.x * (p.x + shift_.x - line_.origin.x) + u.y * (p.y + shift_.y - line_.origin.y);
  }
  void append(std::size_t i, std::vector<Crossing>& crossings) const {
    const Point &a = polygon_[i], &b = polygon_[i + 1 == polygon_.size() ? 0 : i + 1];
    const double side_a = side(a), side_b = side(b);
    if ((side_a >= 0) == (side_b >= 0)) return;
    const double t = side_a / (side_a - side_b);
    crossings.push_back({along(a) + t * (along(b) - along(a)), ring_, static_cast<int>(i), shift_});
  }

  const layout::Polygon& polygon_;
  int ring_;
  Point shift_;
  const Line& line_;
};

}  // namespace

DrawnShapes::DrawnShapes(const layout::Clip& clip)
    : clip_(clip), boxes_(boxes_of(clip)), index_(clip.cell, boxes_), slabs_of_(clip.rings.size(), -1) {
  for (std::size_t r = 0; r < clip.rings.size(); ++r)
    if (clip.rings[r].size() > kManyVertices) {
      slabs_of_[r] = static_cast<int>(slabs_.size());
      slabs_.emplace_back(clip.rings[r]);
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
  const bool along_axis = line.direction.x == 0 || line.direction.y == 0;
  for (const std::uint32_t r : index_.near({x0, y0, x1, y1})) {
    const Box& box = boxes_[r];
    const int slabs = along_axis ? slabs_of_[r] : -1;
    for (double i = std::ceil((x0 - box.x1) / period_x); i <= std::floor((x1 - box.x0) / period_x); ++i)
      for (double j = std::ceil((y0 - box.y1) / period_y); j <= std::floor((y1 - box.y0) / period_y); ++j) {
        const RingCrossings ring(clip_.rings[r], static_cast<int>(r), {i * period_x, j * period_y}, line);
        if (slabs < 0)
          ring.append_all(crossings);
        else
          ring.append_near(slabs_[static_cast<std::size_t>(slabs)], crossings);
      }
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
