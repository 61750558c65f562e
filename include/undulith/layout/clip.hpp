// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <vector>

#include "undulith/core/grid.hpp"

namespace undulith::layout {

/// A point in nm at wafer scale.
struct Point {
  double x = 0, y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

/// A simple closed polygon, first vertex not repeated. Outer rings run counter-clockwise, holes clockwise.
using Polygon = std::vector<Point>;

/// A part of a layout, ready for the mask: a merged set of polygons within one periodic cell.
///
/// The rings do not overlap (they are the boundary of a union: filled = winding number 1), so areas and
/// Fourier coefficients are plain sums over rings. All rings lie within `cell`. `window` is the region that
/// the user asked for; `cell` is the period of the simulation, equal to the window for a periodic clip and
/// wider by the guard band on every side otherwise.
struct Clip {
  Box cell;    ///< nm, wafer scale
  Box window;  ///< nm, wafer scale, within cell
  std::vector<Polygon> rings;
};

/// The axes along which the window is the whole period, so that a shape that leaves on one side enters on the
/// other.
struct PeriodicAxes {
  bool x = false, y = false;
};

/// @param window  within cell
[[nodiscard]] inline PeriodicAxes periodic_axes(const Box& cell, const Box& window) {
  constexpr double kSameLength = 1e-9;  // relative: borders are copied, not computed
  return {std::abs(window.width() - cell.width()) <= kSameLength * cell.width(),
          std::abs(window.height() - cell.height()) <= kSameLength * cell.height()};
}

}  // namespace undulith::layout
