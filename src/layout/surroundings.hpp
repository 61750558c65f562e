// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "layout/pm_grid.hpp"
#include "layout/polygon_union.hpp"

namespace undulith::layout {

/// A periodic cell merged with the part of its neighbours within a margin: the border of the cell is no edge
/// here, only the rim of the margin is.
class Surroundings {
 public:
  Surroundings(const Clip& clip, std::int64_t margin_pm);
  [[nodiscard]] const std::vector<GridRing>& rings() const { return rings_; }
  [[nodiscard]] bool on_rim(const GridPoint& p) const {
    return p.x == region_.x0 || p.x == region_.x1 || p.y == region_.y0 || p.y == region_.y1;
  }

 private:
  GridBox region_;
  std::vector<GridRing> rings_;
};

}  // namespace undulith::layout
