// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "layout/hierarchy.hpp"
#include "layout/polygon_union.hpp"

namespace undulith::layout {

/// Area of the union of Manhattan rings within a box, by nonzero winding; the box may have any size.
///
/// A sweep over the vertical edges, with a segment tree of the winding numbers along y. Exact: 64-bit
/// coordinates and a 128-bit sum. Cost O(n log n).
[[nodiscard]] double manhattan_area(std::span<const GridRing* const> rings, const GridBox& box);

/// What the areas of huge sloping polygons of a file may take together: vertices times boxes of 2.1 mm that they cover.
/// 2e7 take about a second.
class HugePolygons {
 public:
  /// @return  false: there is not so much left
  [[nodiscard]] bool take(double work) {
    left_ -= work;
    return left_ >= 0;
  }

 private:
  double left_ = 4e7;
};

/// Area of the union of all polygons of a layer below the root, pm^2: in boxes of as many polygons as fit
/// into memory; those with sloping edges in boxes that Boost.Polygon can hold (2.1 mm).
/// @param box  of the layer, pm
/// @return     nothing if too many polygons lie over each other to be merged, or huge ones take too long
[[nodiscard]] std::optional<double> merged_area_pm2(const Hierarchy& tree, LayerId layer,
                                                    const std::vector<std::vector<RealPoint>>& hulls,
                                                    const GridBox& box, double dbu_pm, HugePolygons& huge);

}  // namespace undulith::layout
