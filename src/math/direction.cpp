// SPDX-License-Identifier: MIT
#include "undulith/math/direction.hpp"

#include <boost/math/special_functions/cos_pi.hpp>
#include <boost/math/special_functions/sin_pi.hpp>
#include <cmath>

namespace undulith::math {

Direction direction_of(double angle_deg) {
  const double half_turns = std::remainder(angle_deg, 360.0) / 180;
  return {boost::math::cos_pi(half_turns), boost::math::sin_pi(half_turns)};
}

}  // namespace undulith::math
