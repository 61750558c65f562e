// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/core/grid.hpp"
#include "undulith/layout/clip.hpp"

namespace undulith::mask {

/// Heights between which the polygons of a cell change linearly along y, cut into six where a wall slants.
struct Band {
  double y0, y1;
};
[[nodiscard]] std::vector<Band> bands_of(const std::vector<layout::Polygon>& polygons, const Box& cell);

/// Where a line of constant y enters and leaves the polygons, in turn.
[[nodiscard]] std::vector<double> crossings(const std::vector<layout::Polygon>& polygons, double y);

/// Share of each of nx by ny pixels of the cell that the polygons cover, x fastest. Exact for horizontal and
/// vertical edges; slanted ones are the stairs of bands_of().
[[nodiscard]] std::vector<double> pixel_coverage(const std::vector<layout::Polygon>& polygons,
                                                 const Box& cell, int nx, int ny);

}  // namespace undulith::mask
