// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "undulith/report/pictures.hpp"

namespace undulith::report {

/// A result over a varied key.
struct SweepCurve {
  std::string label;
  std::vector<double> x;                 ///< rising
  std::vector<std::optional<double>> y;  ///< absent where it did not print
};

/// How the curves of a picture belong together: values of a second key, coloured in their order; different gauges; or
/// points between which other keys change as well, so that no line joins them.
enum class SweepCurves { family, gauges, points };

struct SweepPlot {
  std::string title, x_label, y_label;
  SweepCurves kind = SweepCurves::gauges;
  std::vector<SweepCurve> curves;
  std::optional<double> target;  ///< drawn as a dotted line
};

/// @throws std::invalid_argument  nothing finite to draw
[[nodiscard]] Picture draw_sweep(const SweepPlot& sweep, const PictureOptions& options);

}  // namespace undulith::report
