// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "frame.hpp"

/// Curves, points and bands over two axes: the plots of windows, roughness, contrast and calibration.
namespace undulith::report {

struct PlotCurve {
  std::vector<double> x;
  std::vector<std::optional<double>> y;  ///< absent: a gap
  Stroke stroke;
  std::string label;  ///< in the legend; empty = no entry
  double marker = 0;  ///< radius of discs at the points; 0 = none
  bool line = true;
};

/// Filled between two curves over the same x.
struct PlotBand {
  std::vector<double> x;
  std::vector<std::optional<double>> low, high;
  Rgb colour;
  double opacity = 0.2;
  std::string label;
};

struct LinePlot {
  std::string title;
  PictureOptions options;
  std::string x_label, y_label, quantity;
  std::vector<PlotBand> bands;
  std::vector<PlotCurve> curves;
  std::vector<LegendItem> notes;
  std::optional<Box> range;  ///< absent: all data with some margin
  int height = 430;          ///< of the data, canvas units
  double least_left = 0;     ///< room left of the data at least, canvas units
};

/// @throws std::invalid_argument  nothing finite to draw
[[nodiscard]] Picture draw_line_plot(const LinePlot& plot);

/// A curve in an area of a sheet.
void draw_curve(Canvas& canvas, const DataArea& area, const PlotCurve& curve);
/// The range that shows all bands and curves with some margin, unless the plot has one.
[[nodiscard]] Box range_of(const LinePlot& plot);
/// Entries of the legend of the curves that have a label.
[[nodiscard]] std::vector<LegendItem> legend_of(const std::vector<PlotCurve>& curves);

/// Colour of the i-th curve of a family that grows along a quantity.
[[nodiscard]] Rgb family_colour(std::size_t i, std::size_t n);
/// Colour of the i-th of a few different kinds.
[[nodiscard]] Rgb kind_colour(std::size_t i);

}  // namespace undulith::report
