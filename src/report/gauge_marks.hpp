#pragma once

#include <string>

#include "frame.hpp"
#include "undulith/metrology/metrology.hpp"

/// Gauges on the aerial image.
namespace undulith::report {

/// Marks of the gauges from printed edge to printed edge, a cross where nothing is measured, and CDs where
/// they touch neither one another nor the border. Where numbers would cover the features (CD of few canvas
/// units), only those of the largest errors are written.
/// @param line_scale  factor on the width of lines
void draw_gauges(Canvas& canvas, const DataArea& area, const metrology::Measurement& measurement,
                 double units_per_nm, double line_scale);

/// What the legend says about them.
[[nodiscard]] std::string gauge_legend(const metrology::Measurement& measurement, double units_per_nm);

}  // namespace undulith::report
