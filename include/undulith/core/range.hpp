// SPDX-License-Identifier: MIT
#pragma once

#include <limits>
#include <string>

namespace undulith {

/// Values that a number may take; ends open or closed, infinite or finite.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false, high_open = false;

  /// False for NaN; an infinite value is outside of every range. Raises no floating-point exception.
  [[nodiscard]] bool contains(double value) const;
  /// "> 0", "in (0, 1]"; empty when there is no limit.
  [[nodiscard]] std::string text() const;

  /// [low, high]
  [[nodiscard]] static constexpr Range closed(double low, double high) { return {low, high, false, false}; }
  /// (low, high)
  [[nodiscard]] static constexpr Range open(double low, double high) { return {low, high, true, true}; }
  /// (low, high]
  [[nodiscard]] static constexpr Range above(double low, double high) { return {low, high, true, false}; }
  /// [low, high)
  [[nodiscard]] static constexpr Range below(double low, double high) { return {low, high, false, true}; }
};

}  // namespace undulith
