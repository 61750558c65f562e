// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "undulith/layout/clip.hpp"

namespace undulith::optimise {

/// What a mask costs its writer.
struct MaskComplexity {
  std::size_t n_polygons = 0, n_vertices = 0;
  /// Rectangles (shots of a writer) that the shapes are cut into, by horizontal or by vertical lines, whichever gives fewer;
  /// absent where an edge is slanted
  std::optional<std::size_t> n_rectangles;
};

/// @param rings  as in Clip; they may touch
/// Cost O(vertices log) and for each height of a vertex the edges that cross it.
[[nodiscard]] MaskComplexity complexity_of(std::span<const layout::Polygon> rings);

}  // namespace undulith::optimise
