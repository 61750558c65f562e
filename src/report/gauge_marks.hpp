// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "frame.hpp"
#include "undulith/metrology/metrology.hpp"

/// Marks of gauges on the aerial image.
namespace undulith::report {

/// Draws gauges from printed edge to printed edge, a cross where nothing is measured, and CDs where they
/// touch neither each other nor the border. If numbers would cover the features (CD of a few canvas units),
/// only those of the largest errors are written.
/// @param line_scale  factor on the width of lines
void draw_gauges(Canvas& canvas, const DataArea& area, const metrology::Measurement& measurement,
                 double units_per_nm, double line_scale);

/// The text of the legend for them.
[[nodiscard]] std::string gauge_legend(const metrology::Measurement& measurement, double units_per_nm);

}  // namespace undulith::report
