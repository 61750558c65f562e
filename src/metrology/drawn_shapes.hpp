// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "metrology/ring_index.hpp"
#include "undulith/layout/clip.hpp"

namespace undulith::metrology {

/// A straight line through the layout: point(s) = origin + s * direction.
struct Line {
  layout::Point origin, direction;  ///< direction has unit length
  [[nodiscard]] layout::Point at(double s) const {
    return {origin.x + s * direction.x, origin.y + s * direction.y};
  }
};

/// Where a line passes an edge of a drawn shape: from vertex `edge` of `ring` to the next, moved by whole
/// periods.
struct Crossing {
  double s = 0;
  int ring = 0, edge = 0;
  layout::Point shift;
};

/// A stretch of a line that lies in drawn shapes.
struct DrawnInterval {
  Crossing from, to;
};

/// The drawn shapes of a clip, repeated with its period, as a line meets them.
class DrawnShapes {
 public:
  explicit DrawnShapes(const layout::Clip& clip);

  /// Drawn stretches of the line that touch [s_min, s_max], ascending; shapes that abut (at the border of the
  /// cell, say) count as one. Cost O(rings near the box of the line and their vertices); of a ring with many
  /// vertices a line along an axis looks at those near it only.
  [[nodiscard]] std::vector<DrawnInterval> along(const Line& line, double s_min, double s_max) const;

 private:
  const layout::Clip& clip_;
  std::vector<Box> boxes_;
  BoxIndex index_;
  std::vector<RingSlabs> slabs_;  ///< of rings with many vertices
  std::vector<int> slabs_of_;     ///< by ring; -1: few vertices
};

/// Distance in nm below which two edges of a layout count as one.
inline constexpr double kSameEdgeNm = 1e-6;

}  // namespace undulith::metrology
