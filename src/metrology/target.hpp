// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "metrology/drawn_shapes.hpp"
#include "undulith/metrology/metrology.hpp"

namespace undulith::metrology {

/// A stretch of a cut, from its centre.
struct Interval {
  double from = 0, to = 0;
};

/// What printed edges are held against: the target CD, and target edges if the layout has the feature.
struct Target {
  std::optional<double> cd_nm;
  std::optional<Interval> edges;
};

/// @param line  of the gauge: point(0) is its centre
[[nodiscard]] Target target_of(const DrawnShapes& shapes, const Line& line, const Gauge& gauge,
                               Feature drawn);

}  // namespace undulith::metrology
