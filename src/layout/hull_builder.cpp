// SPDX-License-Identifier: MIT
#include "layout/hull_builder.hpp"

#include <algorithm>
#include <array>

#include "layout/hierarchy.hpp"

namespace undulith::layout {
namespace {

constexpr std::size_t kMaxPoints = 8192;  // before a hull is computed; few files draw round enough for more

}  // namespace

void HullBuilder::shrink() {
  // The points farthest along the four diagonals span a quadrilateral. The box between the inner ones of
  // their coordinates lies in it [AklToussaint1978]; what is in the box is no corner of the hull.
  std::array<RealPoint, 4> far;  // lower left, lower right, upper right, upper left
  far.fill(points_.front());
  for (const RealPoint& p : points_) {
    if (p.x + p.y < far[0].x + far[0].y) far[0] = p;
    if (p.x - p.y > far[1].x - far[1].y) far[1] = p;
    if (p.x + p.y > far[2].x + far[2].y) far[2] = p;
    if (p.x - p.y < far[3].x - far[3].y) far[3] = p;
  }
  const Box box{std::max(far[0].x, far[3].x), std::max(far[0].y, far[1].y), std::min(far[1].x, far[2].x),
                std::min(far[2].y, far[3].y)};
  if (box.x0 <= box.x1 && box.y0 <= box.y1) {
    std::erase_if(points_, [&](const RealPoint& p) {
      return p.x >= box.x0 && p.x <= box.x1 && p.y >= box.y0 && p.y <= box.y1;
    });
    points_.insert(points_.end(), far.begin(), far.end());
    inner_ = box;
    has_inner_ = true;
  }
  if (points_.size() > limit_ / 2) points_ = convex_hull(std::move(points_));
  limit_ = std::max(std::min(2 * limit_, kMaxPoints), 2 * points_.size());
}

std::vector<RealPoint> HullBuilder::hull() const {
  return convex_hull(points_);
}

}  // namespace undulith::layout
