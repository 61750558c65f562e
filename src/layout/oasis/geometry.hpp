// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "layout/oasis/stream.hpp"

namespace undulith::layout::oasis {

/// The use of a list of points: for a polygon in axis-parallel steps the last vertex is not written.
enum class PointsOf { polygon, path };

/// Reads a point list of any of the six types: vertices relative to the first, which is (0, 0).
[[nodiscard]] std::vector<DbuPoint> read_points(OasisStream& stream, PointsOf use);

enum class Orientation { horizontal, vertical };

/// Corners of a trapezoid in the box (0, 0) .. (width, height), whose two parallel sides are horizontal or
/// vertical. delta_a is the offset of the beginning (left or lower end) of the far side from that of the near
/// side, delta_b the same for their other ends.
[[nodiscard]] std::vector<DbuPoint> trapezoid(Orientation orientation, std::int64_t width,
                                              std::int64_t height, std::int64_t delta_a,
                                              std::int64_t delta_b);

/// Corners of a trapezoid, triangle, rectangle or square of 45 and 90 degrees, types 0 to 25. Types that have
/// only a width (16 to 19, 22, 23, 25) or only a height (20, 21) ignore the other.
[[nodiscard]] std::vector<DbuPoint> compact_trapezoid(int type, std::int64_t width, std::int64_t height);
inline constexpr int kCompactTrapezoids = 26;
[[nodiscard]] bool needs_width(int type);
[[nodiscard]] bool needs_height(int type);

}  // namespace undulith::layout::oasis
