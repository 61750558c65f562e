// SPDX-License-Identifier: MIT
#pragma once

namespace undulith::optics {

/// Stokes vector of a light beam: s0 total, s1 x over y, s2 +45 over -45 degrees, s3 circular.
///
/// With time factor exp(-i w t): s2 = 2 Re(Ex Ey*), s3 = 2 Im(Ex Ey*). s3 > 0 is the field that turns
/// clockwise for an observer who faces the source ("circular left" of SRW).
/// Physical: s1^2 + s2^2 + s3^2 <= s0^2.
struct Stokes {
  double s0 = 1, s1 = 0, s2 = 0, s3 = 0;
  friend bool operator==(const Stokes&, const Stokes&) = default;
};

}  // namespace undulith::optics
