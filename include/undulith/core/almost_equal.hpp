// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>

namespace undulith {

/// The largest difference of two numbers that still count as equal.
struct Tolerance {
  double rel = 0;  ///< relative to the larger magnitude
  double abs = 0;  ///< in the unit of the numbers
};

/// |a-b| <= max(rel*max(|a|,|b|), abs). Symmetric; false if either is NaN; equal infinities are equal.
[[nodiscard]] inline bool almost_equal(double a, double b, Tolerance tolerance) {
  if (a == b) return true;
  if (!std::isfinite(a) || !std::isfinite(b)) return false;
  return std::abs(a - b) <= std::max(tolerance.rel * std::max(std::abs(a), std::abs(b)), tolerance.abs);
}

}  // namespace undulith
