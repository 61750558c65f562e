#pragma once

#include <cmath>

#include "undulith/core/grid.hpp"

namespace undulith::metrology {

/// Along which axes the window is the whole period, so that a cut may run over the border and come in again.
struct PeriodicAxes {
  bool x = false, y = false;
};

[[nodiscard]] inline PeriodicAxes periodic_axes(const Box& cell, const Box& window) {
  constexpr double kSameLength = 1e-9;  // relative: borders are copied from one another, not computed
  return {std::abs(window.width() - cell.width()) <= kSameLength * cell.width(),
          std::abs(window.height() - cell.height()) <= kSameLength * cell.height()};
}

}  // namespace undulith::metrology
