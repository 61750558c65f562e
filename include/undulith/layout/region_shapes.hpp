// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "undulith/layout/clip.hpp"
#include "undulith/layout/layout.hpp"

namespace undulith::layout {

/// A region as polygons without holes, for file formats without holes.
///
/// A hole is joined to the ring around it by a slit of zero width. A polygon of more than max_vertices is cut
/// along lines of the grid.
/// @param rings         outer rings counter-clockwise, holes clockwise, no overlap, as in Clip
/// @param max_vertices  4 or more; every reader of GDSII accepts 4000
/// Vertices are rounded to the database unit. Cost O(holes * vertices).
[[nodiscard]] std::vector<Shape> region_shapes(const std::vector<Polygon>& rings, double dbu_nm,
                                               LayerId layer, std::size_t max_vertices = 4000);

}  // namespace undulith::layout
