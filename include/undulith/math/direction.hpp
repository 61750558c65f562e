#pragma once

namespace undulith::math {

/// A unit vector of the plane.
struct Direction {
  double x = 1, y = 0;
};

/// (cos, sin) of an angle from +x, counter-clockwise; exact for multiples of 90 degrees, so that what runs
/// along an axis does not wander off it.
/// @param angle_deg  finite
[[nodiscard]] Direction direction_of(double angle_deg);

}  // namespace undulith::math
