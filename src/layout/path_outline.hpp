// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "undulith/layout/layout.hpp"

namespace undulith::layout {

/// A centre line with a width, as in GDSII and OASIS; `type` is the PATHTYPE of GDSII.
struct Path {
  std::vector<DbuPoint> spine;
  std::int64_t width = 0;           ///< dbu, > 0
  int type = 0;                     ///< 0 flush, 1 round, 2 half-width extended, 4 extended by begin and end
  std::int64_t begin = 0, end = 0;  ///< dbu, type 4 only; negative shortens
};

/// A polygon whose vertices count parts of a database unit.
struct Outline {
  std::vector<DbuPoint> vertices{};
  int parts = 1;
};

/// The parts of a database unit in which outlines are made: 1 pm for units of whole pm up to 4 nm, else 4000.
[[nodiscard]] int outline_parts(double dbu_nm);

/// Outline of a path as one polygon.
///
/// Corners are mitred up to a turn of 90 degrees; a sharper turn is cut square, half a width beyond the
/// corner. Round ends are polygons inscribed in the semicircle with a sagitta of at most half a database unit
/// (8 to 128 sides). Vertices are rounded to 1 / parts of a database unit, halves upward; parts is 1 in the
/// result if all of them are whole units. If the inner side of a corner would reach beyond its segments, the
/// outline runs through the corner itself: it then overlaps itself with positive winding and its filled area
/// is still that of the path.
/// @return  nothing if no area is left: a flush path of one point, or one shortened to nothing
[[nodiscard]] std::optional<Outline> outline(const Path& path, int parts);

/// The shape with its vertices on whole database units, halves upward, for files of polygons.
[[nodiscard]] Shape on_units(const Shape& shape);

}  // namespace undulith::layout
