// SPDX-License-Identifier: MIT
#pragma once

namespace undulith::math {

/// A unit vector of the plane.
struct Direction {
  double x = 1, y = 0;
};

/// (cos, sin) of an angle from +x, counter-clockwise; exact for multiples of 90 degrees, so that lines
/// along an axis stay on it.
/// @param angle_deg  finite
[[nodiscard]] Direction direction_of(double angle_deg);

}  // namespace undulith::math
