// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "undulith/core/grid.hpp"

namespace undulith::math {

/// A connected piece of a level line. Closed lines do not repeat their first point.
struct Contour {
  std::vector<double> x, y;  ///< in the coordinates of the grid
  bool closed = false;
};

/// Lines on which the field equals the level, by marching squares with linear interpolation along grid edges
/// and the asymptotic decider at saddles; the higher side lies to the left of the direction of travel. Lines
/// that leave the grid are open and come first; fewer than 2 x 2 samples have no contours.
/// @param field  finite values
///
/// Accuracy: second order in the grid step. Cost O(grid). Source: [LorensenCline1987], [NielsonHamann1991].
[[nodiscard]] std::vector<Contour> find_contours(const Field2D<double>& field, double level);

/// The contours of a field within a box, closed: open ones are joined along the border of the box, so that
/// the higher side is inside. Closed rings, those around lower islands clockwise.
/// @param contours  of a field whose grid fills the box: open ones begin and end on its border
[[nodiscard]] std::vector<Contour> close_contours(const std::vector<Contour>& contours, const Box& box);

/// Signed area of a closed contour by the shoelace formula; positive when counter-clockwise.
[[nodiscard]] double contour_area(const Contour& contour);

}  // namespace undulith::math
