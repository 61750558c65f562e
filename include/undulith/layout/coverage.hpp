// SPDX-License-Identifier: MIT
#pragma once

#include <span>

#include "undulith/layout/clip.hpp"

namespace undulith::layout {

/// Share of each pixel covered by rings: nx by ny pixels that tile the box, samples at their centres.
///
/// @param rings  as in Clip: outer rings counter-clockwise, holes clockwise, no overlap; within the box
/// Exact: the sum of the shares is the area of the rings. Cost O(pixels + edges times pixels they cross).
[[nodiscard]] Field2D<double> coverage(std::span<const Polygon> rings, const Box& box, int nx, int ny);

}  // namespace undulith::layout
