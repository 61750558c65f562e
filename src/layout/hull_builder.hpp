// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "layout/transform.hpp"
#include "undulith/core/grid.hpp"

namespace undulith::layout {

/// Convex hull of points that come one by one, in memory that does not grow with their number.
class HullBuilder {
 public:
  void add(RealPoint p) {
    if (has_inner_ && p.x >= inner_.x0 && p.x <= inner_.x1 && p.y >= inner_.y0 && p.y <= inner_.y1) return;
    points_.push_back(p);
    if (points_.size() >= limit_) shrink();
  }
  /// Whether a box lies in the hull of the points so far, as far as is known without computing it.
  [[nodiscard]] bool contains(const Box& box) const {
    return has_inner_ && box.x0 >= inner_.x0 && box.x1 <= inner_.x1 && box.y0 >= inner_.y0 &&
           box.y1 <= inner_.y1;
  }
  /// Counter-clockwise, without collinear points.
  [[nodiscard]] std::vector<RealPoint> hull() const;
  [[nodiscard]] bool empty() const { return points_.empty(); }

 private:
  void shrink();

  std::vector<RealPoint> points_;
  std::size_t limit_ = 64;
  Box inner_{};  // a box within the hull
  bool has_inner_ = false;
};

}  // namespace undulith::layout
